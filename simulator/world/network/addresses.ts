import type { NetworkRow, VlanRangeRow } from '../entities.js';
import { ipv4Text, parseCidr, parseIpv4 } from './ipv4.js';
import { rangesOf } from './vlan-ranges.js';
import type { World } from '../world.js';

/** Whether a guest network could give out this address now: it is a host's, and nobody holds it. */
export function isAddressFree(world: World, network: NetworkRow, ipAddress: string): boolean {
  const address = parseIpv4(ipAddress);
  if (address === undefined) return false;
  if (!addressRanges(world, network).some((range) => isIn(range, address))) return false;
  return !isHeld(world, network, ipv4Text(address));
}

/** How many addresses a guest network could still give out. */
export function countFreeAddresses(world: World, network: NetworkRow): number {
  const held = [...heldAddresses(world, network)];
  return addressRanges(world, network).reduce((count, range) => {
    const heldInRange = held.filter((address) => isIn(range, address));
    return count + sizeOf(range) - heldInRange.length;
  }, 0);
}

/**
 * The address that a guest network gives out next, undefined if it is full: in an isolated network
 * a random one (IpAddressManagerImpl.acquireGuestIpAddress), in a shared one the lowest of its
 * oldest range with a free one (IpAddressManagerImpl.fetchNewPublicIp).
 */
export function nextFreeAddress(world: World, network: NetworkRow): string | undefined {
  const held = heldAddresses(world, network);
  const skip =
    network.type === 'Isolated' ? randomBelow(world, countFreeAddresses(world, network)) : 0;
  let skipped = 0;
  for (const range of addressRanges(world, network)) {
    for (let address = range.first; address <= range.last; address += 1) {
      if (held.has(address)) continue;
      if (skipped === skip) return ipv4Text(address);
      skipped += 1;
    }
  }
  return undefined;
}

export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The addresses that hosts may have: in a shared network those of its ranges, in others the range it
 * was made with, or its CIDR without the outer two.
 */
export function addressRanges(world: World, network: NetworkRow): readonly AddressRange[] {
  if (network.type === 'Shared') return rangesOf(world, network.id).map(boundsOf);
  if (network.cidr === null) return [];
  const subnet = parseCidr(network.cidr);
  const [start, end] = [network.startIp, network.endIp].map((text) =>
    text === null ? undefined : parseIpv4(text),
  );
  return [{ first: start ?? subnet.first + 1, last: end ?? subnet.last - 1 }];
}

/** The addresses of a range of a guest network that somebody holds, the lowest first. */
export function heldAddressesIn(
  world: World,
  network: NetworkRow,
  range: VlanRangeRow,
): readonly string[] {
  const bounds = boundsOf(range);
  return [...heldAddresses(world, network)]
    .filter((address) => isIn(bounds, address))
    .sort((a, b) => a - b)
    .map(ipv4Text);
}

export function sizeOf({ first, last }: AddressRange): number {
  return last - first + 1;
}

function isIn({ first, last }: AddressRange, address: number): boolean {
  return address >= first && address <= last;
}

function boundsOf({ startIp, endIp }: VlanRangeRow): AddressRange {
  return { first: parseIpv4(startIp) ?? 0, last: parseIpv4(endIp) ?? 0 };
}

/** Whether `heldAddresses` has this one. */
function isHeld(world: World, network: NetworkRow, ipAddress: string): boolean {
  const holders = [
    ...world.nics.where('ipAddress', ipAddress),
    ...world.nicSecondaryIps.where('ipAddress', ipAddress),
  ];
  return (
    [network.gateway, network.routerIpAddress].includes(ipAddress) ||
    holders.some((holder) => holder.networkId === network.id)
  );
}

/** What NICs, whatever the state of their VMs, hold first and second, the gateway and the virtual router occupy. */
function heldAddresses(world: World, network: NetworkRow): Set<number> {
  const texts = [
    network.gateway,
    network.routerIpAddress,
    ...world.nics.where('networkId', network.id).map((nic) => nic.ipAddress),
    ...world.nicSecondaryIps.where('networkId', network.id).map((row) => row.ipAddress),
  ];
  return new Set(texts.flatMap((text) => (text === null ? [] : (parseIpv4(text) ?? []))));
}

function randomBelow(world: World, count: number): number {
  return count === 0 ? 0 : world.kernel.random.integer('addresses', count);
}
