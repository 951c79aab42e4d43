import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The text that a client signs (ApiServer.verifyRequest): every parameter but the signature, sorted
 * by its name as it was sent, values encoded as Java does, all of it in lower case.
 */
export function textToSign(parameters: ReadonlyMap<string, string>): string {
  return [...parameters]
    .filter(([name]) => name.toLowerCase() !== 'signature')
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${javaUrlEncode(value)}`)
    .join('&')
    .toLowerCase();
}

/** Base64 of the HMAC-SHA1 of the text, by the user's secret key. */
export function signatureOf(text: string, secretKey: string): string {
  return createHmac('sha1', secretKey).update(text, 'utf8').digest('base64');
}

/** Compares two signatures in constant time. */
export function sameSignature(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Java's URLEncoder with `+` replaced by `%20`: only letters, digits and `.-*_` stay. */
function javaUrlEncode(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(
    /[!'()~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
