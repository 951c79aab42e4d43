import { parseIpv4 } from './ipv4.js';

/** IPv4 addresses, as numbers, the last one included. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** What `first-last` or a single address means; undefined if the text is neither. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [first = '', last = first, ...rest] = text.split('-').map((part) => part.trim());
  const range = { first: parseIpv4(first), last: parseIpv4(last) };
  if (range.first === undefined || range.last === undefined || rest.length > 0) return undefined;
  return range.first <= range.last ? { first: range.first, last: range.last } : undefined;
}
