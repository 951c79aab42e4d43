/** IPv4 addresses as numbers, and the networks that hold them. */

export interface Subnet {
  readonly first: number;
  readonly last: number;
  readonly prefixLength: number;
}

/** Without leading zeros, as CloudStack demands it (Apache Commons' InetAddressValidator). */
const ADDRESS = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;

/** The address as a number, or undefined if it is not an IPv4 address. */
export function parseIpv4(text: string): number | undefined {
  const parts = ADDRESS.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((number, part) => number * 256 + part, 0);
}

export function ipv4Text(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

/** The subnet that a CIDR names; network and broadcast address are its first and last. */
export function parseCidr(cidr: string): Subnet {
  const [base = '', length = ''] = cidr.split('/');
  const address = parseIpv4(base);
  const prefixLength = Number(length);
  if (address === undefined || !/^\+?\d+$/.test(length) || prefixLength > 32) {
    throw new Error(`${cidr} is not a CIDR`);
  }
  const size = 2 ** (32 - prefixLength);
  const first = address - (address % size);
  return { first, last: first + size - 1, prefixLength };
}

export function netmaskOf(subnet: Subnet): string {
  return ipv4Text(2 ** 32 - 2 ** (32 - subnet.prefixLength));
}

/** The length of a netmask; undefined unless it is a row of ones and then zeros. */
export function prefixLengthOf(netmask: string): number | undefined {
  const lengths = Array.from({ length: 32 }, (_, index) => index + 1);
  return lengths.find((length) => netmaskOf(parseCidr(`0.0.0.0/${length}`)) === netmask);
}
