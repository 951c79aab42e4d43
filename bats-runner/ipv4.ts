/** The number that an IPv4 address stands for; undefined if it is none. */
export function ipv4Number(text: string): number | undefined {
  const parts = text.split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  if (parts.length !== 4 || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((number, part) => number * 256 + part, 0);
}

export function ipv4Text(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.');
}

/** Whether an address lies in a range such as `10.0.0.0/22`. */
export function isIn(cidr: string, address: string): boolean {
  const [base = '', bits = ''] = cidr.split('/');
  const [first, number] = [ipv4Number(base), ipv4Number(address)];
  if (first === undefined || number === undefined) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(first / size) === Math.floor(number / size);
}

/** The netmask of a range such as `10.0.0.0/22`. */
export function netmaskOf(cidr: string): string {
  const bits = Number(cidr.split('/')[1]);
  return ipv4Text(2 ** 32 - 2 ** (32 - bits));
}

/**
 * The addresses of a range, both ends included, such as `10.0.0.20-10.0.0.60`, or the one that is
 * named; undefined if it is neither.
 */
export function addressesOf(text: string): string[] | undefined {
  const [first, last = first] = text.split('-').map((end) => ipv4Number(end.trim()));
  if (first === undefined || last === undefined || text.split('-').length > 2) return undefined;
  if (last < first || last - first >= addressesMax) return undefined;
  return Array.from({ length: last - first + 1 }, (_, index) => ipv4Text(first + index));
}

/** More than this nobody needs. */
export const addressesMax = 1024;
