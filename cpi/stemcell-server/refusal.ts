import { codeOf, isNoSpace } from './file-failure.js';

/** Why something cannot be done at a path; the path and the folder stay as they are. */
export type Refusal =
  | 'not found'
  | 'exists'
  /** It is another one than the client asked to replace. */
  | 'changed'
  /** What would hold it is no collection, or is not there. */
  | 'no collection'
  /** An image cannot take its place. */
  | 'is a collection'
  /** What would be replaced holds what is to take its place. */
  | 'holds the source'
  | 'no space';

/** What a client is told, and the log. */
export const reasons: Readonly<Record<Refusal, string>> = {
  'not found': 'it is not there',
  exists: 'something is there, and is not to be replaced',
  changed: 'what is there is another one',
  'no collection': 'the collection is not there; make it first (MKCOL)',
  'is a collection': 'a collection is there; name the image in it',
  'holds the source': 'it holds what is to take its place',
  'no space': 'the disk of the server has no room for it',
};

export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly refusal: Refusal) {
    super(refusal);
  }
}

/** What a failure of the file system means to a client; undefined where it is the server's own. */
export function refusedBy(failure: unknown): Refused | undefined {
  if (failure instanceof Refused) return failure;
  if (isNoSpace(failure)) return new Refused('no space');
  const refusals: Readonly<Record<string, Refusal>> = {
    ENOENT: 'no collection',
    ENOTDIR: 'no collection',
    EEXIST: 'exists',
    EISDIR: 'is a collection',
  };
  const refusal = refusals[codeOf(failure) ?? ''];
  return refusal === undefined ? undefined : new Refused(refusal);
}
