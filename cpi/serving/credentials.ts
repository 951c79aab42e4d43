import { createHash, timingSafeEqual } from 'node:crypto';

/** A user of a server's HTTP API. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * The user and password of an `Authorization: Basic` header; undefined if it is none. The password
 * may hold colons (RFC 7617).
 */
export function basicCredentials(header: string | undefined): Credentials | undefined {
  const encoded = /^basic +([a-z0-9+/_-]+={0,2})$/i.exec(header?.trim() ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 0) return undefined;
  return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

/** Whether someone is one of the users. How long that takes tells nothing about them. */
export function isKnown(given: Credentials | undefined, users: readonly Credentials[]): boolean {
  if (given === undefined) return false;
  let isOne = false;
  for (const user of users) {
    const same = isSame(given.username, user.username);
    if (isSame(given.password, user.password) && same) isOne = true;
  }
  return isOne;
}

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
