import { createHmac } from 'node:crypto';

/** An account's pair of keys. */
export interface ApiKeys {
  readonly apiKey: string;
  readonly secretKey: string;
}

/** How long CloudStack usually takes a request after it was signed, in ms. */
export const validForMs = 10 * 60 * 1000;

/**
 * The form-encoded body of a signed request, valid until `expiresMs` by CloudStack's clock
 * (signatureVersion 3: ApiServer.verifyRequest refuses it later, so a recorded request is worth
 * nothing).
 */
export function signedBody(
  parameters: Readonly<Record<string, string>>,
  keys: ApiKeys,
  expiresMs: number,
): string {
  const all: Record<string, string> = {
    ...parameters,
    response: 'json',
    apiKey: keys.apiKey,
    signatureVersion: '3',
    expires: new Date(expiresMs).toISOString().replace(/\.\d+Z$/, '+0000'),
  };
  const signed = { ...all, signature: signatureOf(all, keys.secretKey) };
  return Object.entries(signed)
    .map(([name, value]) => `${encodeValue(name)}=${encodeValue(value)}`)
    .join('&');
}

/**
 * HMAC-SHA1 over the parameters sorted by their names as sent (upper case before lower case),
 * values encoded, names not, and all of it in lower case (ApiServer.verifyRequest).
 */
export function signatureOf(
  parameters: Readonly<Record<string, string>>,
  secretKey: string,
): string {
  const text = Object.keys(parameters)
    .sort()
    .map((name) => `${name}=${encodeValue(parameters[name] ?? '')}`)
    .join('&')
    .toLowerCase();
  return createHmac('sha1', secretKey).update(text, 'utf8').digest('base64');
}

/**
 * Encodes as Java's URLEncoder does, with `%20` for spaces: letters, digits and `.-*_` stay. Half
 * a surrogate pair has no encoding; it becomes U+FFFD, both in what is signed and what is sent.
 */
export function encodeValue(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(
    /[!'()~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
