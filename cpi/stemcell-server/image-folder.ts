import { constants, type BigIntStats, type ReadStream } from 'node:fs';
import {
  access,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  statfs,
  type FileHandle,
} from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteRange } from './byte-range.js';
import type { ResourcePath } from './resource-path.js';
import type { ServedImage } from './serve-image.js';
import { codeOf, isNoSpace, Staging, type Expected, type StagingOptions } from './staging.js';

/** What there is at a path. */
export interface Found {
  readonly kind: 'image' | 'collection';
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly createdMs: number;
  /** Another one for every content: nothing is ever changed in its place. */
  readonly etag: string;
}

/** Why something cannot be done at a path; the path and the folder stay as they are. */
export type Refusal =
  | 'not found'
  | 'exists'
  /** What would hold it is no collection, or is not there. */
  | 'no collection'
  /** An image cannot take its place. */
  | 'is a collection'
  | 'no space';

export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly refusal: Refusal) {
    super(refusal);
  }
}

export type Stored =
  | { readonly kind: 'stored'; readonly isNew: boolean; readonly sha256: string }
  | { readonly kind: 'too large' | 'wrong length' | 'wrong digest' | Refusal };

/** An image that is open: it stays readable, whatever happens to its name. */
export interface OpenImage extends ServedImage {
  close(): Promise<void>;
}

/**
 * The images of the server in a folder: files and, for operators who like order, folders. Symbolic
 * links and whatever else is no plain file or folder is not there: not to be read, nor passed.
 */
export class ImageFolder {
  readonly #root: string;
  readonly #staging: Staging;

  private constructor(root: string, staging: Staging) {
    this.#root = root;
    this.#staging = staging;
  }

  /** Makes the folder where there is none. */
  static async open(root: string, options: StagingOptions): Promise<ImageFolder> {
    await mkdir(root, { recursive: true, mode: 0o750 });
    return new ImageFolder(root, await Staging.in(root, options));
  }

  async find(path: ResourcePath): Promise<Found | undefined> {
    const stats = await this.#look(path);
    return stats === undefined ? undefined : foundIn(stats);
  }

  async openImage(path: ResourcePath): Promise<OpenImage | undefined> {
    if ((await this.find(path))?.kind !== 'image') return undefined;
    const file = await openFile(this.#pathOf(path));
    if (file === undefined) return undefined;
    const stats = await file.stat({ bigint: true });
    return { ...foundIn(stats), read: (range) => reading(file, range), close: () => file.close() };
  }

  /** The names in a collection. */
  async list(path: ResourcePath): Promise<string[]> {
    const entries = await readdir(this.#pathOf(path), { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() || entry.isDirectory())
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('.'))
      .sort();
  }

  /** Takes an image in; it is seen when it is whole and as expected, and then all at once. */
  async store(
    path: ResourcePath,
    content: AsyncIterable<Uint8Array>,
    expected: Expected & { readonly mustBeNew: boolean },
  ): Promise<Stored> {
    const received = await this.#staging.receive(content, expected);
    if (received.kind !== 'staged') return received;
    const { file } = received;
    try {
      await this.#assertHolder(path);
      const before = await this.find(path);
      if (before?.kind === 'collection') throw new Refused('is a collection');
      await file.publish(this.#pathOf(path), expected);
      return { kind: 'stored', isNew: before === undefined, sha256: file.sha256 };
    } catch (failure) {
      await file.discard();
      const refused = refusedBy(failure);
      if (refused === undefined) throw failure;
      return { kind: refused.refusal };
    }
  }

  /** Removes an image, or a collection with all that it holds. */
  async remove(path: ResourcePath): Promise<void> {
    if ((await this.find(path)) === undefined) throw new Refused('not found');
    await rm(this.#pathOf(path), { recursive: true, force: true });
  }

  async makeCollection(path: ResourcePath): Promise<void> {
    await this.#assertHolder(path);
    await refusing(mkdir(this.#pathOf(path), { mode: 0o750 }));
  }

  /** Gives an image or a collection another name. */
  async move(from: ResourcePath, to: ResourcePath): Promise<void> {
    await refusing(rename(this.#pathOf(from), this.#pathOf(to)));
  }

  /** Makes a second image of the same content, which costs no space. */
  async copyImage(from: ResourcePath, to: ResourcePath): Promise<void> {
    await refusing(link(this.#pathOf(from), this.#pathOf(to)));
  }

  /** How many bytes there is room for. */
  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#root);
    return bavail * bsize;
  }

  /** Rejects unless images can be read and written. */
  async check(): Promise<void> {
    await access(this.#root, constants.R_OK | constants.W_OK | constants.X_OK);
  }

  /** Removes what killed processes have left of uploads; answers how many there were. */
  async sweepStaging(): Promise<number> {
    return (await this.#staging.sweep()).length;
  }

  /** Only what is in a collection can be made. */
  async #assertHolder(path: ResourcePath): Promise<void> {
    const holder = await this.find(path.slice(0, -1));
    if (holder?.kind !== 'collection') throw new Refused('no collection');
  }

  /** What a path leads to without a symbolic link on the way. */
  async #look(path: ResourcePath): Promise<BigIntStats | undefined> {
    let stats = await statsOf(this.#root);
    for (let length = 1; length <= path.length; length += 1) {
      if (stats?.isDirectory() !== true) return undefined;
      stats = await statsOf(this.#pathOf(path.slice(0, length)));
    }
    return stats?.isFile() === true || stats?.isDirectory() === true ? stats : undefined;
  }

  #pathOf(path: ResourcePath): string {
    return join(this.#root, ...path);
  }
}

function foundIn(stats: BigIntStats): Found {
  return {
    kind: stats.isDirectory() ? 'collection' : 'image',
    bytes: Number(stats.size),
    modifiedMs: Number(stats.mtimeMs),
    createdMs: Number(stats.birthtimeMs),
    etag: `"${[stats.ino, stats.size, stats.mtimeNs].map((part) => part.toString(36)).join('-')}"`,
  };
}

async function statsOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true });
  } catch (failure) {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(codeOf(failure) ?? '')) return undefined;
    throw failure;
  }
}

async function openFile(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (failure) {
    // Gone, or become a link, since it was looked at.
    if (['ENOENT', 'ELOOP'].includes(codeOf(failure) ?? '')) return undefined;
    throw failure;
  }
}

/** Larger ones are faster for one reader, and cost more for sixteen at a time. */
const pieceBytes = 1 << 16;

function reading(file: FileHandle, { start, end }: ByteRange): ReadStream {
  return file.createReadStream({ start, end, highWaterMark: pieceBytes });
}

async function refusing(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (failure) {
    throw refusedBy(failure) ?? failure;
  }
}

function refusedBy(failure: unknown): Refused | undefined {
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
