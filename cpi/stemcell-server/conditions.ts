import type { Request } from 'express';
import type { Denial } from './deny.js';
import type { Found } from './found.js';

/** Whether a request may have its effect, with this at its path, or nothing. */
export type Condition = (there: Found | undefined) => boolean;

/** What a request that changes something is answered where its condition is not met. */
export const unmetCondition: Denial = {
  status: 412,
  reason:
    'what is there, or that nothing is, does not fit If-Match, If-None-Match or ' +
    'If-Unmodified-Since',
};

/** The condition of a request that changes something, in the order of RFC 9110, section 13.2.2. */
export function conditionOf(request: Request): Condition {
  const noneMatch = request.get('If-None-Match');
  return (there) =>
    isAsKnown(request, there) &&
    (noneMatch === undefined || there === undefined || !listsTag(noneMatch, there.etag));
}

/** `If-Match`, and in its absence `If-Unmodified-Since`. */
export function isAsKnown(
  request: Request,
  there: Pick<Found, 'etag' | 'modifiedMs'> | undefined,
): boolean {
  const match = request.get('If-Match');
  if (match !== undefined) return there !== undefined && listsTag(match, there.etag);
  const since = Date.parse(request.get('If-Unmodified-Since') ?? '');
  if (Number.isNaN(since) || there === undefined) return true;
  return there.modifiedMs - (there.modifiedMs % 1000) <= since;
}

/** Whether the list of an `If-Match` or `If-None-Match` has a tag, or is for any. */
function listsTag(header: string, etag: string): boolean {
  return header.trim() === '*' || header.split(',').some((tag) => tag.trim() === etag);
}
