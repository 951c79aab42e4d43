import type { CloudConfig } from '../target/cloud-config.js';
import { ipv4Number, ipv4Text } from '../ipv4.js';
import type { CloudOffers, GuestNetwork } from '../target/target.js';
import { instanceTypes } from './cloud-config-template.js';
import type { KeyPair } from './key-pair.js';
import type { StemcellManifest } from './stemcell-manifest.js';

export interface BatYmlParts {
  readonly config: CloudConfig;
  /** What the cloud has, as it was looked at. */
  readonly offers: CloudOffers;
  readonly stemcell: StemcellManifest;
  readonly sshKeyPair: KeyPair;
}

/**
 * The file that tells the acceptance tests where they are: the keys that their README names, and
 * those that our cloud config template reads. JSON is YAML, too.
 */
export function batYml({ config, offers, stemcell, sshKeyPair }: BatYmlParts): string {
  const { bats } = config;
  const networks = [
    networkOf('default', offers.network, staticAddresses.first),
    ...(offers.secondNetwork === undefined
      ? []
      : [networkOf('second', offers.secondNetwork, staticAddresses.others)]),
  ];
  const properties = {
    // cck_spec.rb knows no other name.
    name: 'bat',
    stemcell: { name: stemcell.name, version: stemcell.version },
    instances: 1,
    zone: offers.zone,
    compute_offering: offers.computeOffering,
    instance_type: instanceTypes.withEphemeralDisk,
    flavor_with_no_ephemeral_disk: instanceTypes.withoutEphemeralDisk,
    ephemeral_disk_mib: bats?.ephemeral_disk_mib ?? defaultEphemeralDiskMib,
    ephemeral_disk_offering: offers.diskOffering,
    disk_offering: offers.diskOffering,
    nameservers: bats?.nameservers,
    vip: offers.vips?.[0],
    second_static_ip: offers.network.addresses[1],
    ssh_key_pair: { public_key: sshKeyPair.publicKey, private_key: sshKeyPair.privateKey },
    ssh_gateway: bats?.ssh_gateway,
    networks,
  };
  return `${JSON.stringify({ cpi: 'cloudstack', properties }, null, 2)}\n`;
}

const defaultEphemeralDiskMib = 10_240;

/** So many of a network's addresses the manifests name themselves. */
const staticAddresses = { first: 4, others: 2 };

function networkOf(name: string, network: GuestNetwork, statics: number): object {
  const { range, gateway, addresses } = network;
  return {
    name,
    type: 'manual',
    static_ip: addresses[0],
    cidr: range,
    reserved: reservedIn(range, addresses),
    static: addresses.slice(0, statics),
    gateway,
    cloud_properties: { name: network.name },
  };
}

/** All of a network that is not ours, as ranges: a Director takes addresses nowhere else. */
export function reservedIn(cidr: string, own: readonly string[]): string[] {
  const [base = '', bits = ''] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor((ipv4Number(base) ?? 0) / size) * size;
  const numbers = own.map((address) => ipv4Number(address) ?? 0).sort((a, b) => a - b);
  const ranges: string[] = [];
  let next = first + 1;
  // The last address is the one by which all are reached, and nobody's.
  for (const number of [...numbers, first + size - 1]) {
    if (number > next) ranges.push(`${ipv4Text(next)}-${ipv4Text(number - 1)}`);
    next = number + 1;
  }
  return ranges;
}
