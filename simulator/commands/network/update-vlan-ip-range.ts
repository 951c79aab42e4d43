import { objectOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { VlanRangeRow } from '../../world/entities.js';
import { heldAddressesIn } from '../../world/network/addresses.js';
import { parseIpv4, type Subnet } from '../../world/network/ipv4.js';
import { changeRange } from '../../world/network/vlan-ranges.js';
import type { World } from '../../world/world.js';
import { vlanResponse } from './vlan-ip-range-response.js';
import { overlaps, subnetOf, type AskedRange } from './vlan-range-rules.js';

/** What is in use stays in the range, gateway and netmask too (ConfigurationManagerImpl.updateVlanAndPublicIpRange). */
export const updateVlanIpRange = syncCommand({
  name: 'updateVlanIpRange',
  summary: 'Gives a range of addresses other bounds.',
  since: '4.16.0',
  roles: rootOnlyRole,
  grantedByType: true,
  parameters: {
    id: entity('vlan', { required: true }),
    startip: text(),
    endip: text(),
    gateway: text(),
    netmask: text(),
    forsystemvms: flag(),
  },
  response: objectOf(vlanResponse),
  run: ({ world }, { id: range, startip, endip, ...args }) => {
    if (range.removedMs !== null) throw invalidParameter('Please specify a valid IP range id.');
    const { forsystemvms: isForSystemVms = range.isForSystemVms } = args;
    if (isForSystemVms !== range.isForSystemVms) assertCanBeForSystem(range);
    const used = usedAddresses(world, range);
    const { gateway = range.gateway, netmask = range.netmask } = args;
    if (used.length > 0) assertSameSubnet(range, { gateway, netmask });
    const { startIp, endIp } = { startIp: startip ?? range.startIp, endIp: endip ?? range.endIp };
    assertBounds({ startIp, endIp, gateway, netmask });
    assertHolds(used, { startIp, endIp });
    if (isForSystemVms !== range.isForSystemVms && used[0] !== undefined) {
      throw invalidParameter(`IP ${used[0]} is in use, cannot change forSystemVms of the IP range`);
    }
    changeRange(world, range, { startIp, endIp, gateway, netmask, isForSystemVms });
    return range;
  },
});

function assertCanBeForSystem({
  networkId,
  dedicatedAccountId,
  dedicatedDomainId,
}: VlanRangeRow): void {
  if (networkId !== null) {
    throw invalidParameter(
      'forSystemVms is not available for this IP range with vlan type: DirectAttached',
    );
  }
  const whom =
    dedicatedAccountId !== null ? 'an account' : dedicatedDomainId !== null ? 'a domain' : null;
  if (whom === null) return;
  throw invalidParameter(`Specified Public IP range has already been dedicated to ${whom}`);
}

/** The addresses that somebody has, the lowest first. */
function usedAddresses(world: World, range: VlanRangeRow): readonly string[] {
  if (range.networkId !== null) {
    return heldAddressesIn(world, world.networks.require(range.networkId), range);
  }
  return world.publicIps
    .where('vlanRangeId', range.id)
    .filter(({ state }) => state === 'Allocated')
    .map(({ ipAddress }) => ipAddress)
    .sort((a, b) => (parseIpv4(a) ?? 0) - (parseIpv4(b) ?? 0));
}

function assertSameSubnet(
  range: VlanRangeRow,
  { gateway, netmask }: Pick<AskedRange, 'gateway' | 'netmask'>,
): void {
  if (gateway !== range.gateway) {
    throw invalidParameter(`Unable to change gateway to ${gateway} because some IPs are in use`);
  }
  if (netmask !== range.netmask) {
    throw invalidParameter(`Unable to change netmask to ${netmask} because some IPs are in use`);
  }
}

function assertBounds({ startIp, endIp, gateway, netmask }: AskedRange): void {
  const subnet = subnetOf(gateway, netmask);
  if (subnet === undefined) {
    throw invalidParameter(`Invalid gateway (${gateway}) or netmask (${netmask})`);
  }
  assertIn(subnet, startIp, 'start');
  assertIn(subnet, endIp, 'end');
  if ((parseIpv4(startIp) ?? 0) > (parseIpv4(endIp) ?? 0)) {
    throw invalidParameter('The start IP address must have a lower value than the end IP address.');
  }
  if (!overlaps({ startIp, endIp }, { startIp: gateway, endIp: gateway })) return;
  throw invalidParameter("The gateway shouldn't overlap the new start/end ip addresses");
}

function assertIn(subnet: Subnet, text: string, which: 'start' | 'end'): void {
  const address = parseIpv4(text);
  if (address === undefined) {
    throw invalidParameter(`The ${which} address of the IP range is not a valid IP address.`);
  }
  if (address >= subnet.first && address <= subnet.last) return;
  throw invalidParameter(`The ${which} address of the IP range is not in the CIDR subnet.`);
}

function assertHolds(used: readonly string[], bounds: Pick<AskedRange, 'startIp' | 'endIp'>): void {
  const isOutside = (ip: string): boolean => !overlaps(bounds, { startIp: ip, endIp: ip });
  if (!used.some(isOutside)) return;
  throw invalidParameter(
    `The start IP address must be less than or equal to ${used[0] ?? ''} which is already in use. ` +
      `The end IP address must be greater than or equal to ${used.at(-1) ?? ''} which is already in ` +
      `use. There are ${used.length} IPs already allocated in this range.`,
  );
}
