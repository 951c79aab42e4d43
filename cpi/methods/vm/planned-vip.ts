import type { NetworkSpec } from '../../agent/network-spec.js';
import { findPublicAddress } from '../../cloudstack/find-resources.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { readCloudProperties, vipProperties } from '../shared/cloud-properties.js';
import { parseIpv4 } from './ipv4.js';
import type { PlannedNic } from './planned-nic.js';

/** The public address that a VM is to have by static NAT. */
export interface PlannedVip {
  ip: string;
  /** The network whose NIC the address leads to. */
  networkId: string;
  /** Whether the account holds it already; otherwise it is allocated for the VM. */
  isHeld: boolean;
}

/**
 * Finds the NIC of the vip network: that of its `nic_group`, else that in the network that it
 * names, else that in the network for which the account holds the address, else the default one.
 *
 * @throws BoshError that names the network and what is wrong with it.
 */
export async function planVip(
  call: Call,
  { specs, nics, zoneId }: { specs: NetworkSpec[]; nics: PlannedNic[]; zoneId: string },
): Promise<PlannedVip | undefined> {
  const vip = onlyVip(specs);
  const ip = vip?.ip;
  if (vip === undefined || ip === undefined) return undefined;
  if (parseIpv4(ip) === undefined) throw refused(vip, `${ip} is no IPv4 address`, 'CpiError');
  const asked = nicAskedFor(call, vip, nics);
  const held = await findPublicAddress(call.client, ip, zoneId);
  if (held?.issourcenat === true) {
    throw refused(vip, `${ip} is the source NAT address of a network, which no VM can have alone`);
  }
  const heldFor = held?.associatednetworkid;
  const network = (asked ?? nics.find((nic) => nic.network.id === heldFor) ?? nics[0])?.network;
  if (network === undefined) return undefined;
  if (heldFor === undefined || heldFor === network.id) {
    return { ip, networkId: network.id, isHeld: held !== undefined };
  }
  throw refused(
    vip,
    `${ip} is allocated for the network ${heldFor}, not for ${network.name} (${network.id}), in ` +
      'which the VM is to have it: release the address or take another one',
  );
}

function onlyVip(specs: readonly NetworkSpec[]): NetworkSpec | undefined {
  const vips = specs.filter(({ type }) => type === 'vip');
  if (vips.length <= 1) return vips[0];
  throw new BoshError(
    'NotSupported',
    `create_vm: a VM can have one vip network, got ${vips.map(({ name }) => name).join(', ')}`,
  );
}

function nicAskedFor(
  call: Call,
  vip: NetworkSpec,
  nics: readonly PlannedNic[],
): PlannedNic | undefined {
  const owner = `network ${vip.name}`;
  const { name } = readCloudProperties(call, vipProperties, vip.cloudProperties, owner);
  if (vip.nicGroup !== undefined) {
    const grouped = nics.find((nic) => nic.specs.some(({ nicGroup }) => nicGroup === vip.nicGroup));
    if (grouped !== undefined) return grouped;
    throw refused(vip, `no other network has its nic_group ${vip.nicGroup}`, 'CpiError');
  }
  if (name === undefined) return undefined;
  const named = nics.find(({ network }) => network.id === name || network.name === name);
  if (named !== undefined) return named;
  throw refused(vip, `the VM has no NIC in the network ${name} of its cloud_properties`);
}

function refused(
  { name }: NetworkSpec,
  why: string,
  type: 'CloudError' | 'CpiError' = 'CloudError',
): BoshError {
  return new BoshError(type, `create_vm: network ${name}: ${why}`);
}
