import { createHash } from 'node:crypto';

/** Another one for every settings: whoever changes what it has read can say what that was. */
export function etagOf(settings: string): string {
  return `"${createHash('sha256').update(settings).digest('base64url')}"`;
}

/** Of a request, as its headers have them. */
export interface Conditions {
  readonly 'if-match'?: string | undefined;
  readonly 'if-none-match'?: string | undefined;
}

export function isConditional(conditions: Conditions): boolean {
  return conditions['if-match'] !== undefined || conditions['if-none-match'] !== undefined;
}

/**
 * Whether a request may change these settings, or this nothing (RFC 9110, 13.1). Settings have no
 * date, so conditions on dates do not count.
 */
export function isMet(conditions: Conditions, settings: string | undefined): boolean {
  const { 'if-match': match, 'if-none-match': noneMatch } = conditions;
  if (settings === undefined) return match === undefined;
  const etag = etagOf(settings);
  if (match !== undefined && !lists(match, etag)) return false;
  // Weak ones count here, and only here.
  return noneMatch === undefined || !lists(noneMatch.replaceAll('W/"', '"'), etag);
}

function lists(tags: string, etag: string): boolean {
  return tags.trim() === '*' || tags.split(',').some((one) => one.trim() === etag);
}
