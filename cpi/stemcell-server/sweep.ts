import { codeOf } from './file-failure.js';
import type { ImageFolder } from './image-folder.js';
import { Refused } from './refusal.js';
import type { ResourcePath } from './resource-path.js';
import type { RunningDownloads } from './running-downloads.js';

export interface SweepOptions {
  readonly folder: Pick<
    ImageFolder,
    'find' | 'list' | 'putBack' | 'remove' | 'replacedIn' | 'sweepStaging'
  >;
  readonly downloads: RunningDownloads;
  readonly nowMs: number;
  /** How old an image of the CPI has to be; undefined keeps them all. */
  readonly imagesOlderThanMs: number | undefined;
  /** Told of what cannot be read or removed; the rest is swept. */
  readonly onFailure: (failure: unknown) => void;
}

export interface Swept {
  /** What had given way to something that never came, and is back, by its paths. */
  readonly putBack: readonly string[];
  /** Images, by their paths. */
  readonly images: readonly string[];
  /** How many parts of uploads. */
  readonly uploads: number;
}

/**
 * Puts back what killed processes had put aside for something else, and removes what nobody will
 * come for: what they have left of uploads, and images of the CPI, which removes each as soon as
 * CloudStack has its copy, unless it is killed before. What operators have put here, by names of
 * their own, stays.
 */
export async function sweep(options: SweepOptions): Promise<Swept> {
  const { folder, onFailure } = options;
  const [putBack, images]: [string[], string[]] = [[], []];
  for await (const path of imagesIn({ ...options, putBack }, [])) {
    const isRemoved = await guarded(options, path, false, async () => {
      if (!(await isForgotten(options, path))) return false;
      await folder.remove(path);
      return true;
    });
    if (isRemoved) images.push(path.join('/'));
  }
  const { removed, failures } = await folder.sweepStaging();
  for (const failure of failures) onFailure(unswept(failure));
  return { putBack, images, uploads: removed };
}

async function isForgotten(
  { folder, downloads, nowMs, imagesOlderThanMs }: SweepOptions,
  path: ResourcePath,
): Promise<boolean> {
  if (imagesOlderThanMs === undefined || !isOfCpi(path) || downloads.has(path)) return false;
  const found = await folder.find(path);
  return found !== undefined && nowMs - found.modifiedMs >= imagesOlderThanMs;
}

/** As the CPI names what it publishes. */
function isOfCpi(path: ResourcePath): boolean {
  return /^stemcell-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\./.test(path.at(-1) ?? '');
}

interface Walk extends SweepOptions {
  /** Of this sweep. */
  readonly putBack: string[];
}

async function* imagesIn(walk: Walk, path: ResourcePath): AsyncGenerator<ResourcePath> {
  for (const name of await guarded(walk, path, [], () => namesIn(walk, path))) {
    const child = [...path, name];
    const found = await guarded(walk, child, undefined, () => walk.folder.find(child));
    if (found?.kind === 'image') yield child;
    else if (found !== undefined) yield* imagesIn(walk, child);
  }
}

/** The names in a collection, when nothing has given way in it any more. */
async function namesIn(walk: Walk, path: ResourcePath): Promise<string[]> {
  const { folder, putBack } = walk;
  for (const name of await folder.replacedIn(path)) {
    const child = [...path, name];
    const isBack = await guarded(walk, child, false, () => folder.putBack(child));
    if (isBack) putBack.push(child.join('/'));
  }
  return folder.list(path);
}

/** What cannot be done is told and left: the server has more to do than this. */
async function guarded<T>(
  { onFailure }: SweepOptions,
  path: ResourcePath,
  otherwise: T,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (failure) {
    if (!isGone(failure)) onFailure(unswept(failure, `/${path.join('/')}`));
    return otherwise;
  }
}

/** Somebody else has removed it meanwhile. */
function isGone(failure: unknown): boolean {
  if (failure instanceof Refused) return failure.refusal === 'not found';
  return codeOf(failure) === 'ENOENT';
}

/** Node's messages name the path on disk. */
function unswept(cause: unknown, path = 'part of an upload'): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `the sweep left ${path}: ${reason}; give the user of the server the right to read and write ` +
      'there, or remove it by hand',
    { cause },
  );
}
