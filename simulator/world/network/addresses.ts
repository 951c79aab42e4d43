import type { NetworkRow } from '../entities.js';
import { ipv4Text, parseCidr, parseIpv4 } from './ipv4.js';
import type { World } from '../world.js';

/** Whether a guest network could give out this address now: it is a host's, and nobody holds it. */
export function isAddressFree(world: World, network: NetworkRow, ipAddress: string): boolean {
  const address = parseIpv4(ipAddress);
  const range = addressRange(network);
  if (address === undefined || range === undefined) return false;
  if (address < range.first || address > range.last) return false;
  return !isHeld(world, network, ipv4Text(address));
}

/** How many addresses a guest network could still give out. */
export function countFreeAddresses(world: World, network: NetworkRow): number {
  const range = addressRange(network);
  if (range === undefined) return 0;
  const held = [...heldAddresses(world, network)];
  const heldInRange = held.filter((address) => address >= range.first && address <= range.last);
  return range.last - range.first + 1 - heldInRange.length;
}

/**
 * The address that a guest network gives out next, undefined if it is full: in an isolated network
 * a random one (IpAddressManagerImpl.acquireGuestIpAddress), in a shared one the lowest of its
 * range (IpAddressManagerImpl.fetchNewPublicIp).
 */
export function nextFreeAddress(world: World, network: NetworkRow): string | undefined {
  const range = addressRange(network);
  if (range === undefined) return undefined;
  const held = heldAddresses(world, network);
  const skip =
    network.type === 'Isolated' ? randomBelow(world, countFreeAddresses(world, network)) : 0;
  let skipped = 0;
  for (let address = range.first; address <= range.last; address += 1) {
    if (held.has(address)) continue;
    if (skipped === skip) return ipv4Text(address);
    skipped += 1;
  }
  return undefined;
}

export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** The addresses that hosts may have: the network's range, or its CIDR without the outer two. */
export function addressRange(network: NetworkRow): AddressRange | undefined {
  if (network.cidr === null) return undefined;
  if (network.type === 'Shared' && network.startIp === null) return undefined;
  const subnet = parseCidr(network.cidr);
  const [start, end] = [network.startIp, network.endIp].map((text) =>
    text === null ? undefined : parseIpv4(text),
  );
  return { first: start ?? subnet.first + 1, last: end ?? subnet.last - 1 };
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
