/**
 * An IPv4 address as a number; undefined if the text is none. Numbers that begin with 0 are octal
 * to some, so that they are none here.
 */
export function parseIpv4(text: string): number | undefined {
  const parts = text.split('.');
  const isByte = (part: string): boolean => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256;
  if (parts.length !== 4 || !parts.every(isByte)) return undefined;
  return parts.reduce((address, part) => address * 256 + Number(part), 0);
}

export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/** First and last address that a host may have in the subnet of `address`. */
export function hostRange(address: number, netmask: number): { first: number; last: number } {
  const network = (address & netmask) >>> 0;
  const broadcast = (network | ~netmask) >>> 0;
  return { first: network + 1, last: broadcast - 1 };
}
