import { isIP } from 'node:net';

/** Where the host in the URL of an image is, as far as its text shows: names are not resolved. */
export type HostKind =
  'loopback' | 'any' | 'link-local' | 'multicast' | 'private' | 'address' | 'name';

/** The kind of a host, an IPv6 address of which may stand in brackets. */
export function kindOfHost(hostname: string): HostKind {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (host === 'localhost' || host === '::1' || /^127\./.test(host)) return 'loopback';
  if (host === '0.0.0.0' || host === '::') return 'any';
  if (/^169\.254\./.test(host) || /^fe[89ab]/i.test(host)) return 'link-local';
  const isMulticast = isIP(host) === 4 ? isFrom224To239(host) : /^ff[\da-f]{2}:/i.test(host);
  if (isMulticast) return 'multicast';
  if (isIP(host) === 0) return 'name';
  return isPrivate(host) ? 'private' : 'address';
}

/** What only a simulator can add where CloudStack does not let an image come from its own machine. */
export const LOOPBACK_HINT =
  'CloudStack takes no image from its own machine. The simulator does with the setting ' +
  'ssvm.allowLoopback=true: a server on this machine is then reached as 127.0.0.1.';

/** A URL as it may be told to anybody: no user, no password, and no query, which may be signed. */
export function urlWithoutSecrets(text: string): string {
  const url = new URL(text);
  return `${url.origin}${url.pathname}${url.search === '' ? '' : '?…'}`;
}

function isFrom224To239(ipAddress: string): boolean {
  const first = Number(ipAddress.split('.')[0]);
  return first >= 224 && first <= 239;
}

/** RFC 1918, and what IPv6 has for it (RFC 4193). */
function isPrivate(host: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd][\da-f]{2}:)/i.test(host);
}
