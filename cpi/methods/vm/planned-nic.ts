import type { NetworkSpec, PluggedNetwork } from '../../agent/network-spec.js';
import { findNetwork } from '../../cloudstack/find-catalog.js';
import type { Network, Nic } from '../../cloudstack/types.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { networkProperties, readCloudProperties } from '../shared/cloud-properties.js';
import { hostRange, parseIpv4 } from './ipv4.js';

/** A NIC that a VM is to have: one CloudStack network and the BOSH networks that it serves. */
export interface PlannedNic {
  network: Network;
  specs: NetworkSpec[];
  /** The agent finds its settings by another NIC. */
  isUndiscoverable: boolean;
  ip?: string;
  ipv6?: string;
}

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
  zoneId: string,
): Promise<PlannedNic[]> {
  const nics: PlannedNic[] = [];
  for (const spec of specs.filter(({ type }) => type !== 'vip')) {
    const owner = `network ${spec.name}`;
    const { name, undiscoverable: isUndiscoverable } = readCloudProperties(
      call,
      networkProperties,
      spec.cloudProperties,
      owner,
    );
    const network = await findNetwork(call.client, name, zoneId);
    const shared = nics.find((nic) => nic.network.id === network.id);
    if (shared === undefined)
      nics.push(withAddress({ network, specs: [], isUndiscoverable }, spec));
    else if (isSameGroup(shared, spec))
      nics.splice(nics.indexOf(shared), 1, withAddress(shared, spec));
    else throw twiceInOneNetwork(shared, spec);
  }
  if (nics.length === 0) {
    throw new BoshError('CpiError', 'create_vm: a VM needs a manual or dynamic network, got none');
  }
  return nics.sort(
    (a, b) =>
      Number(a.isUndiscoverable) - Number(b.isUndiscoverable) ||
      Number(hasDefaultGateway(b)) - Number(hasDefaultGateway(a)),
  );
}

function hasDefaultGateway({ specs }: PlannedNic): boolean {
  return specs.some(({ isDefaultGateway }) => isDefaultGateway);
}

/** CloudStack's `iptonetworklist`: the NICs in order, each with its addresses where given. */
export function ipToNetworkList(
  nics: readonly PlannedNic[],
): Record<'networkid' | 'ip' | 'ipv6', string | undefined>[] {
  return nics.map(({ network, ip, ipv6 }) => ({ networkid: network.id, ip, ipv6 }));
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

function withAddress(nic: PlannedNic, spec: NetworkSpec): PlannedNic {
  const extended = { ...nic, specs: [...nic.specs, spec] };
  if (spec.ip === undefined) return extended;
  if (spec.ip.includes(':')) return { ...extended, ipv6: spec.ip };
  if (nic.ip !== undefined) throw twiceInOneNetwork(nic, spec);
  checkAddress(nic.network, spec);
  return { ...extended, ip: spec.ip };
}

/** CloudStack would create a VM in state Error first and tell ordinary users no reason. */
function checkAddress({ cidr, gateway, name }: Network, spec: NetworkSpec): void {
  const address = parseIpv4(spec.ip ?? '');
  if (address === undefined) {
    throw new BoshError(
      'CpiError',
      `create_vm: network ${spec.name}: ${spec.ip ?? ''} is no address`,
    );
  }
  const [base = '', prefix] = (cidr ?? '').split('/');
  const network = parseIpv4(base);
  if (network === undefined || prefix === undefined) return;
  const { first, last } = hostRange(network, (~0 << (32 - Number(prefix))) >>> 0);
  if (address >= first && address <= last && spec.ip !== gateway) return;
  throw new BoshError(
    'CloudError',
    `create_vm: network ${spec.name}: ${spec.ip ?? ''} cannot be had in the CloudStack network ` +
      `${name}, which is ${cidr ?? ''} with gateway ${gateway ?? 'unknown'}; correct the static ` +
      'address or the name of the network in its cloud_properties',
  );
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
