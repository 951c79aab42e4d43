import { constants, type BigIntStats, type ReadStream } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';
import type { ByteRange } from './byte-range.js';
import { codeOf } from './file-failure.js';

/** What there is at a path. */
export interface Found {
  readonly kind: 'image' | 'collection';
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly createdMs: number;
  /** Another one for every content: nothing is ever changed in its place. */
  readonly etag: string;
}

export function isCollection({ kind }: Found): boolean {
  return kind === 'collection';
}

export function foundIn(stats: BigIntStats): Found {
  return {
    kind: stats.isDirectory() ? 'collection' : 'image',
    bytes: Number(stats.size),
    modifiedMs: Number(stats.mtimeMs),
    createdMs: Number(stats.birthtimeMs),
    etag: `"${[stats.ino, stats.size, stats.mtimeNs].map((part) => part.toString(36)).join('-')}"`,
  };
}

export async function statsOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true });
  } catch (failure) {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(codeOf(failure) ?? '')) return undefined;
    throw failure;
  }
}

export async function openFile(path: string): Promise<FileHandle | undefined> {
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

export function reading(file: FileHandle, { start, end }: ByteRange): ReadStream {
  return file.createReadStream({ start, end, highWaterMark: pieceBytes });
}
