import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { NetworkRow, VlanRangeRow, ZoneRow } from '../../world/entities.js';
import { privateRange } from '../../world/compute/pods.js';
import { parseCidr, parseIpv4, prefixLengthOf, type Subnet } from '../../world/network/ipv4.js';
import { UNTAGGED, rangesOf } from '../../world/network/vlan-ranges.js';
import type { World } from '../../world/world.js';

/** What a range is asked for with. */
export interface AskedBounds {
  readonly startIp: string;
  readonly endIp: string;
  readonly gateway: string | undefined;
  readonly netmask: string | undefined;
}

/** A range that can be. */
export interface AskedRange extends AskedBounds {
  readonly startIp: string;
  readonly endIp: string;
  readonly gateway: string;
  readonly netmask: string;
}

/**
 * The range that a shared network is to have beside those that it has, in the same subnet
 * (ConfigurationManagerImpl.validateIpRange). CloudStack lets a network have several subnets.
 */
export function rangeInSubnetOf(world: World, network: NetworkRow, asked: AskedBounds): AskedRange {
  const [first] = rangesOf(world, network.id);
  const gateway = first?.gateway ?? network.gateway ?? '';
  const netmask = first?.netmask ?? network.netmask ?? '';
  const { startIp, endIp } = asked;
  if (asked.gateway === undefined && asked.netmask === undefined) {
    if (![startIp, endIp].every((address) => areTogether(address, gateway, netmask))) {
      throw invalidParameter(
        'The ip range dose not belong to any of the existing subnets, Provide the netmask and ' +
          'gateway if you want to add new subnet',
      );
    }
  } else {
    assertSubnet(asked, { gateway, netmask });
  }
  if (overlaps({ startIp, endIp }, { startIp: gateway, endIp: gateway })) {
    throw invalidParameter('The gateway ip should not be the part of the ip range being added.');
  }
  return { startIp, endIp, gateway, netmask };
}

function assertSubnet(asked: AskedBounds, had: Pick<AskedRange, 'gateway' | 'netmask'>): void {
  if (asked.gateway === undefined || asked.netmask === undefined) {
    throw invalidParameter(
      'either both netmask and gateway should be passed or both should me omited.',
    );
  }
  if (!areTogether(asked.startIp, asked.gateway, asked.netmask)) {
    throw invalidParameter('The start ip and gateway do not belong to the same subnet');
  }
  if (!areTogether(asked.endIp, asked.gateway, asked.netmask)) {
    throw invalidParameter('The end ip and gateway do not belong to the same subnet');
  }
  const [subnet, old] = [
    subnetOf(asked.gateway, asked.netmask),
    subnetOf(had.gateway, had.netmask),
  ];
  if (
    subnet === undefined ||
    old === undefined ||
    subnet.last < old.first ||
    old.last < subnet.first
  ) {
    throw serverApiError(432, 'The simulator does not simulate networks of several subnets');
  }
  const text = `having gateway ${had.gateway} and netmask ${had.netmask}`;
  const [size, oldSize] = [subnet.last - subnet.first, old.last - old.first];
  if (size > oldSize) {
    throw invalidParameter(
      `The subnet you are trying to add is a superset of the existing subnet ${text}`,
    );
  }
  if (size < oldSize) {
    throw invalidParameter(
      `The subnet you are trying to add is a subset of the existing subnet ${text}`,
    );
  }
  if (asked.gateway === had.gateway) return;
  throw invalidParameter(
    `The gateway of the subnet should be unique. The subnet already has a gateway ${had.gateway}`,
  );
}

/** Throws for a range that lies among the addresses of a pod's machines. */
export function assertNotPrivate(
  world: World,
  zone: ZoneRow,
  asked: Pick<AskedRange, 'startIp' | 'endIp'>,
): void {
  for (const pod of world.pods.all().filter(({ zoneId }) => zoneId === zone.id)) {
    const own = privateRange(pod);
    if (!overlaps(asked, own)) continue;
    throw invalidParameter(
      `The Start IP and EndIP address range overlap with private IP :${own.startIp}:${own.endIp}`,
    );
  }
}

/** The range, unless it cannot be by itself (ConfigurationManagerImpl.checkPublicIpRangeErrors). */
export function checkedRange({ startIp, endIp, gateway, netmask }: AskedBounds): AskedRange {
  if (gateway === undefined || parseIpv4(gateway) === undefined) {
    throw invalidParameter('Please specify a valid gateway');
  }
  if (netmask === undefined || subnetOf(gateway, netmask) === undefined) {
    throw invalidParameter('Please specify a valid netmask');
  }
  if (![startIp, endIp].every((address) => areTogether(address, gateway, netmask))) {
    throw invalidParameter('Please specify a valid IP range or valid netmask or valid gateway');
  }
  if ((parseIpv4(startIp) ?? 0) > (parseIpv4(endIp) ?? 0)) {
    throw invalidParameter('Please specify a valid IP range.');
  }
  if (overlaps({ startIp, endIp }, { startIp: gateway, endIp: gateway })) {
    throw invalidParameter('The gateway ip should not be the part of the ip range being added.');
  }
  return { startIp, endIp, gateway, netmask };
}

/** Throws for a range in the way of others (ConfigurationManagerImpl.checkZoneVlanIpOverlap). */
export function assertNoOverlap(
  world: World,
  zone: ZoneRow,
  asked: AskedRange,
  { vlan, isPublic }: { readonly vlan: string; readonly isPublic: boolean },
): void {
  const subnet = subnetOf(asked.gateway, asked.netmask);
  for (const other of world.vlanRanges.all().filter(({ zoneId }) => zoneId === zone.id)) {
    const theirs = subnetOf(other.gateway, other.netmask);
    if (subnet === undefined || theirs === undefined) continue;
    if (subnet.first > theirs.last || subnet.last < theirs.first) continue;
    if (vlan === UNTAGGED || vlan === other.vlan) assertExtends(asked, other);
    else if (isPublic || other.networkId === null) {
      throw invalidParameter(
        `The IP range with tag: ${other.vlan} in zone ${zone.name} has overlapped with the subnet. ` +
          'Please specify a different gateway/netmask.',
      );
    }
  }
}

/** On one wire a subnet has one gateway, and its ranges lie apart. */
function assertExtends(asked: AskedRange, other: VlanRangeRow): void {
  if (asked.gateway !== other.gateway || asked.netmask !== other.netmask) {
    throw invalidParameter(
      `The IP range has already been added with gateway ${other.gateway} ,and netmask ` +
        `${other.netmask}, Please specify the gateway/netmask if you want to extend ip range`,
    );
  }
  if (!overlaps(asked, other)) return;
  throw invalidParameter(
    'The IP range already has IPs that overlap with the new range. Please specify a different ' +
      'start IP/end IP.',
  );
}

/** A range as error texts name it (VlanVO.toString). */
export function rangeText(range: VlanRangeRow): string {
  const { internalId: id, startIp, endIp, id: uuid, gateway, netmask, vlan } = range;
  return `Vlan ${JSON.stringify({ id, ipRange: `${startIp}-${endIp}`, uuid, vlanGateway: gateway, vlanNetmask: netmask, vlanTag: vlan })}`;
}

/** Whether two ranges share an address. */
export function overlaps(
  one: Pick<AskedRange, 'startIp' | 'endIp'>,
  other: Pick<AskedRange, 'startIp' | 'endIp'>,
): boolean {
  const [first, last, otherFirst, otherLast] = [
    one.startIp,
    one.endIp,
    other.startIp,
    other.endIp,
  ].map((text) => parseIpv4(text) ?? 0) as [number, number, number, number];
  return first <= otherLast && otherFirst <= last;
}

/** The subnet around a gateway; undefined if gateway or netmask are none. */
export function subnetOf(gateway: string, netmask: string): Subnet | undefined {
  const length = prefixLengthOf(netmask);
  if (length === undefined || parseIpv4(gateway) === undefined) return undefined;
  return parseCidr(`${gateway}/${length}`);
}

function areTogether(address: string, gateway: string, netmask: string): boolean {
  const [number, subnet] = [parseIpv4(address), subnetOf(gateway, netmask)];
  if (number === undefined || subnet === undefined) return false;
  return number >= subnet.first && number <= subnet.last;
}
