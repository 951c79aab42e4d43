import type { NetworkSpec, PluggedNetwork } from '../../agent/network-spec.js';
import {
  findNetwork,
  findVpc,
  findZone,
  type PlacedNetwork,
} from '../../cloudstack/find-catalog.js';
import type { Nic, VirtualMachine } from '../../cloudstack/types.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { networkProperties, readCloudProperties } from '../shared/cloud-properties.js';
import { checkParking, checkStaticAddress, differencesOf, isSameIpv6 } from './static-address.js';

/** A NIC that a VM is to have: one CloudStack network and the BOSH networks that it serves. */
export interface PlannedNic {
  network: PlacedNetwork;
  specs: NetworkSpec[];
  /** The agent finds its settings by another NIC. */
  isUndiscoverable: boolean;
  /** What its BOSH networks ask for. */
  securityGroups: readonly string[];
  /** The range that it may be parked in (`first-last`). */
  parking?: string;
  ip?: string;
  ipv6?: string;
}

/** The NICs of a VM, the default one first: there is no VM without. */
export type PlannedNics = readonly [PlannedNic, ...PlannedNic[]];

/**
 * Finds the CloudStack network of each BOSH network; those of one `nic_group` share a NIC.
 * CloudStack makes the first NIC the default one: those by which the agent finds its settings come
 * first, and among them the one with the default gateway.
 *
 * @throws BoshError or CloudStackError that names the network and what is wrong with it.
 */
export async function planNics(
  call: Call,
  specs: readonly NetworkSpec[],
  zoneNameOrId: string,
): Promise<PlannedNics> {
  const nics: PlannedNic[] = [];
  for (const spec of specs.filter(({ type }) => type !== 'vip')) {
    const own = await planNic(call, spec, zoneNameOrId);
    const shared = nics.find((nic) => nic.network.id === own.network.id);
    if (shared === undefined) nics.push(withAddress(own, spec));
    else if (isSameGroup(shared, spec)) {
      nics.splice(nics.indexOf(shared), 1, withAddress(joined(shared, own), spec));
    } else throw twiceInOneNetwork(shared, spec);
  }
  const [first, ...others] = nics.sort(
    (a, b) =>
      Number(a.isUndiscoverable) - Number(b.isUndiscoverable) ||
      Number(hasDefaultGateway(b)) - Number(hasDefaultGateway(a)),
  );
  if (first !== undefined) return [first, ...others];
  throw new BoshError('CpiError', 'create_vm: a VM needs a manual or dynamic network, got none');
}

/** A NIC for one BOSH network, without its address. */
async function planNic(call: Call, spec: NetworkSpec, zoneNameOrId: string): Promise<PlannedNic> {
  const owner = `network ${spec.name}`;
  const properties = readCloudProperties(call, networkProperties, spec.cloudProperties, owner);
  const { name, vpc: vpcName, undiscoverable, security_groups: groups = [], parking } = properties;
  const vpcId = vpcName === undefined ? undefined : await vpcIdOf(call, vpcName, zoneNameOrId);
  const network = await findNetwork(call.client, name, zoneNameOrId, vpcId);
  if (parking !== undefined) checkParking(network, spec, parking);
  for (const difference of differencesOf(network, spec)) {
    call.log(`warning: ${owner}: ${difference}`);
  }
  return {
    network,
    specs: [],
    isUndiscoverable: undiscoverable,
    securityGroups: groups,
    ...(parking !== undefined && { parking }),
  };
}

async function vpcIdOf({ client }: Call, name: string, zoneNameOrId: string): Promise<string> {
  const { id: zoneId } = await findZone(client, zoneNameOrId);
  return (await findVpc(client, name, zoneId)).id;
}

function joined(nic: PlannedNic, other: PlannedNic): PlannedNic {
  return { ...other, ...nic, securityGroups: [...nic.securityGroups, ...other.securityGroups] };
}

function hasDefaultGateway({ specs }: PlannedNic): boolean {
  return specs.some(({ isDefaultGateway }) => isDefaultGateway);
}

/**
 * CloudStack's `iptonetworklist`: the NICs in order, each with its addresses where given. It holds
 * an IPv6 address against the range of a shared network; other networks have none, and it would
 * refuse any (NetworkModelImpl.checkRequestedIpAddresses).
 */
export function ipToNetworkList(
  nics: readonly PlannedNic[],
): Record<'networkid' | 'ip' | 'ipv6', string | undefined>[] {
  return nics.map(({ network, ip, ipv6 }) => ({
    networkid: network.id,
    ip,
    ipv6: network.type === 'Shared' ? ipv6 : undefined,
  }));
}

/**
 * Of IPv6 CloudStack keeps the address that a NIC's MAC address makes in its network, whatever was
 * asked for (Ipv6AddressManagerImpl.setNicIp6Address). The agent sets the one that BOSH wants.
 */
export function tellOfIpv6(
  { log }: Call,
  planned: readonly PlannedNic[],
  vm: VirtualMachine,
): void {
  for (const { network, ipv6 } of planned) {
    const nic = vm.nic?.find(({ networkid }) => networkid === network.id);
    if (ipv6 === undefined || isSameIpv6(ipv6, nic?.ip6address)) continue;
    log(
      `warning: the agent of VM ${vm.name} (${vm.id}) sets ${ipv6} in network ${network.name}, but ` +
        `CloudStack keeps ${nic?.ip6address ?? 'no address'}, which the MAC address of the NIC ` +
        'makes: where it filters by security groups it lets only that pass',
    );
  }
}

/** The BOSH networks of a VM together with what its NICs turned out to be; vips have no NIC. */
export function plugNetworks(
  specs: readonly NetworkSpec[],
  planned: readonly PlannedNic[],
  actual: readonly Nic[],
): PluggedNetwork[] {
  return specs.map((spec) => {
    const networkId = planned.find((nic) => nic.specs.includes(spec))?.network.id;
    const nic = actual.find(({ networkid }) => networkid === networkId);
    return {
      spec,
      ...(nic?.macaddress !== undefined && { macAddress: nic.macaddress }),
      ...(nic?.ipaddress !== undefined && { ipAddress: nic.ipaddress }),
      ...(nic?.netmask !== undefined && { netmask: nic.netmask }),
      ...(nic?.gateway !== undefined && { gateway: nic.gateway }),
    };
  });
}

/**
 * Another call for the same agent may have begun to take the VM away, which moves its addresses
 * first: one that was left half done leaves a VM that starts, but not with what its agent is told.
 * A NIC that had no address yet, of either family, has lost none.
 *
 * @throws BoshError of type VMCreationFailed; with ok_to_retry, because the VM goes with this call.
 */
export function assertKeepsAddresses(deployed: VirtualMachine, started: VirtualMachine): void {
  for (const { id, ipaddress, ip6address } of deployed.nic ?? []) {
    const now = started.nic?.find((nic) => nic.id === id);
    if (now === undefined) continue;
    if (ipaddress !== undefined && now.ipaddress !== ipaddress) {
      throw movedAddressError(started, ipaddress, now.ipaddress);
    }
    if (ip6address !== undefined && !isSameIpv6(ip6address, now.ip6address)) {
      throw movedAddressError(started, ip6address, now.ip6address);
    }
  }
}

function movedAddressError(
  { id, name }: VirtualMachine,
  had: string,
  has: string | undefined,
): BoshError {
  return new BoshError(
    'VMCreationFailed',
    `create_vm: VM ${name} (${id}) has started with ${has ?? 'no address'} instead of ${had}: ` +
      'somebody changed the address before',
    { okToRetry: true },
  );
}

function withAddress(nic: PlannedNic, spec: NetworkSpec): PlannedNic {
  const extended = { ...nic, specs: [...nic.specs, spec] };
  if (spec.ip === undefined) return extended;
  const family = spec.ip.includes(':') ? 'ipv6' : 'ip';
  if (nic[family] !== undefined) throw twiceInOneNetwork(nic, spec);
  checkStaticAddress(nic.network, spec, spec.ip);
  return { ...extended, [family]: spec.ip };
}

function isSameGroup(nic: PlannedNic, spec: NetworkSpec): boolean {
  return (
    spec.nicGroup !== undefined && nic.specs.every(({ nicGroup }) => nicGroup === spec.nicGroup)
  );
}

function twiceInOneNetwork({ network, specs }: PlannedNic, spec: NetworkSpec): BoshError {
  return new BoshError(
    'NotSupported',
    `create_vm: the networks ${specs.map(({ name }) => name).join(', ')} and ${spec.name} are the ` +
      `same CloudStack network ${network.name}; a VM has one NIC in a network, with one IPv4 and ` +
      'one IPv6 address (give both the same nic_group)',
  );
}
