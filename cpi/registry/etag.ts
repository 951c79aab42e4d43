import { createHash } from 'node:crypto';

/** Another one for every settings: whoever changes what it has read can say what that was. */
export function etagOf(settings: string): string {
  return `"${createHash('sha256').update(settings).digest('base64url')}"`;
}

/** Whether the settings of this tag are among those that a header `If-Match` allows (RFC 9110). */
export function isMatch(ifMatch: string, etag: string): boolean {
  return ifMatch.trim() === '*' || ifMatch.split(',').some((one) => one.trim() === etag);
}
