import { constants, type BigIntStats } from 'node:fs';
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

/** Whether something is there, or the disk does not say. */
export async function mayBeThere(path: string): Promise<boolean> {
  return statsOf(path).then(
    (stats) => stats !== undefined,
    () => true,
  );
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

/** Longer ones cost no less, and more memory for each reader. */
const pieceBytes = 1 << 18;

/**
 * Reads a part, each piece while the one before is on its way. There are two buffers in turn,
 * however long the part is: a piece is only there until the next one is asked for.
 */
export async function* reading(
  file: FileHandle,
  { start, end }: ByteRange,
): AsyncGenerator<Uint8Array> {
  const size = Math.min(pieceBytes, end + 1 - start);
  const buffers = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)] as const;
  const read = (at: number, turn: 0 | 1): ReturnType<FileHandle['read']> =>
    file.read(buffers[turn], 0, Math.min(size, end + 1 - at), at);
  let turn: 0 | 1 = 0;
  let ahead = read(start, turn);
  try {
    for (let at = start; at <= end;) {
      const { bytesRead } = await ahead;
      if (bytesRead === 0) throw new Error('the image has become shorter while it was sent');
      const piece = buffers[turn].subarray(0, bytesRead);
      at += bytesRead;
      turn = turn === 0 ? 1 : 0;
      if (at <= end) ahead = read(at, turn);
      yield piece;
    }
  } finally {
    // Of one that nobody takes it does not matter how it went.
    await ahead.catch(() => undefined);
  }
}
