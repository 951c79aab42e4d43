import { BlockList, isIPv6 } from 'node:net';

/** An address without the name of an interface, which Node takes for a part of it. */
export function isIpv6(text: string): boolean {
  return isIPv6(text) && !text.includes('%');
}

/** Whether an address is in a CIDR, however both are spelt. */
export function isInIpv6Cidr(address: string, cidr: string): boolean {
  const [base = '', prefixLength] = cidr.split('/');
  const block = new BlockList();
  block.addSubnet(base, Number(prefixLength), 'ipv6');
  return block.check(address, 'ipv6');
}

/** Whether an address lies between two, with both of them. */
export function isInIpv6Range(address: string, first: string, last: string): boolean {
  const number = numberOf(address);
  return number >= numberOf(first) && number <= numberOf(last);
}

export function isIpv6Cidr(text: string): boolean {
  const [base = '', prefixLength = '', ...rest] = text.split('/');
  const isLength = /^\d{1,3}$/.test(prefixLength) && Number(prefixLength) <= 128;
  return isIpv6(base) && isLength && rest.length === 0;
}

/**
 * The address that a NIC makes itself of its MAC address (EUI-64), in the first subnet of 64 bits
 * (NetUtils.EUI64Address).
 */
export function eui64Address(cidr: string, macAddress: string): string {
  const [base = ''] = cidr.split('/');
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = macAddress
    .split(':')
    .map((byte) => parseInt(byte, 16));
  const bytes = [first ^ 2, second, third, 0xff, 0xfe, fourth, fifth, sixth];
  const identifier = bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
  return ipv6Text(((numberOf(base) >> 64n) << 64n) | identifier);
}

/** The shortest spelling: the longest row of zeros is left out (RFC 5952). */
function ipv6Text(number: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((number >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  const text = groups.join(':');
  const [longest] = [...text.matchAll(/\b0(?::0)+\b/g)].sort((a, b) => b[0].length - a[0].length);
  if (longest === undefined) return text;
  const before = text.slice(0, longest.index).replace(/:$/, '');
  const after = text.slice(longest.index + longest[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}

function numberOf(address: string): bigint {
  const [left = '', right] = withoutIpv4(address).split('::');
  const groupsOf = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [head, tail] = [groupsOf(left), groupsOf(right ?? '')];
  const zeros = right === undefined ? [] : Array<string>(8 - head.length - tail.length).fill('0');
  return [...head, ...zeros, ...tail].reduce(
    (number, group) => (number << 16n) | BigInt(`0x${group}`),
    0n,
  );
}

/** The last 32 bits may be spelt as an IPv4 address. */
function withoutIpv4(address: string): string {
  return address.replace(
    /(\d+)\.(\d+)\.(\d+)\.(\d+)$/,
    (_, ...bytes: string[]) => `${hexOf(bytes[0], bytes[1])}:${hexOf(bytes[2], bytes[3])}`,
  );
}

function hexOf(high: string | undefined, low: string | undefined): string {
  return ((Number(high) << 8) | Number(low)).toString(16);
}
