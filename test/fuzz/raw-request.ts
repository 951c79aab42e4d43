// Requests as text that may be wrong in any way, and their signatures.
import { createHmac } from 'node:crypto';
import type { Keys } from '../support/simulator-client.js';

/** A request before any door has looked at it. */
export interface RawRequest {
  readonly method: string;
  /** Without the question mark. */
  readonly query: string;
  readonly contentType: string;
  readonly body: string;
}

/** What a request was meant to be before it was mutated. */
export interface Call {
  readonly keys: Keys;
  readonly command: string;
  readonly values: Readonly<Record<string, string>>;
}

export const FORM = 'application/x-www-form-urlencoded';

export const get = (query: string, method = 'GET'): RawRequest => ({
  method,
  query,
  contentType: '',
  body: '',
});

export const post = (body: string, contentType = FORM): RawRequest => ({
  method: 'POST',
  query: '',
  contentType,
  body,
});

/** Names and values as they are sent, not yet signed. */
export function formOf({ keys, command, values }: Call, ...more: readonly string[]): string {
  const pairs = Object.entries({ command, response: 'json', apiKey: keys.apiKey, ...values });
  const own = pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return [...own, ...more].join('&');
}

/**
 * The form with the signature of what a server reads in it, however broken it is: of several values
 * of a name a server takes the last in a query string and the first in a body.
 */
export function signed(form: string, { secretKey }: Keys, wins: 'first' | 'last'): string {
  const read = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(form)) {
    if (wins === 'last' || !read.has(name)) read.set(name, value);
  }
  const text = [...read]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join('&')
    .toLowerCase();
  const signature = createHmac('sha1', secretKey).update(text).digest('base64');
  return `${form}&signature=${encodeURIComponent(signature)}`;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()~]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
}
