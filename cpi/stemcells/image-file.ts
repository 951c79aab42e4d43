import { createReadStream, promises as files } from 'node:fs';
import { pipeline } from 'node:stream';
import type { Gunzip } from 'node:zlib';
import { ImageError } from './image-error.js';

export type Packing = 'plain' | 'gzip';

/**
 * The file's content, unpacked when it is gzip; a chunk at a time.
 *
 * @throws ImageError
 */
export async function* readContent(path: string, packing: Packing): AsyncGenerator<Buffer> {
  const gunzip = packing === 'gzip' ? await newGunzip() : undefined;
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const content = gunzip === undefined ? file : pipeline(file, gunzip, () => undefined);
  try {
    yield* content as AsyncIterable<Buffer>;
  } catch (failure) {
    throw readFailure(path, failure);
  } finally {
    file.destroy();
  }
}

/** The first `bytes` bytes of a content, or all of it when it is shorter. */
export async function headOf(content: AsyncIterable<Buffer>, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let read = 0;
  for await (const chunk of content) {
    chunks.push(chunk);
    read += chunk.length;
    if (read >= bytes) break;
  }
  return Buffer.concat(chunks).subarray(0, bytes);
}

/** Reads a content to its end and keeps nothing: damage anywhere comes out. */
export async function readToEnd(content: AsyncGenerator<Buffer>): Promise<void> {
  while ((await content.next()).done !== true);
}

/** The last `bytes` bytes of a file, or all of it when it is shorter. */
export async function readTail(path: string, bytes: number): Promise<Buffer> {
  const file = await files.open(path).catch((failure: unknown) => {
    throw readFailure(path, failure);
  });
  try {
    const { size } = await file.stat();
    const length = Math.min(bytes, size);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer;
  } finally {
    await file.close();
  }
}

/** @throws ImageError when there is no such file. */
export async function sizeOf(path: string): Promise<number> {
  const found = await files.stat(path).catch((failure: unknown) => {
    throw readFailure(path, failure);
  });
  if (!found.isFile()) throw new ImageError(path, 'it is no file');
  return found.size;
}

/**
 * Only stemcells need zlib: loaded with the program, it would slow down the start of every call.
 */
async function newGunzip(): Promise<Gunzip> {
  const { createGunzip } = await import('node:zlib');
  return createGunzip();
}

function readFailure(path: string, failure: unknown): ImageError {
  const code = failure instanceof Error && 'code' in failure ? failure.code : undefined;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EACCES: 'this process may not read it',
    EISDIR: 'it is no file',
    Z_BUF_ERROR: 'the gzip file is cut off',
    Z_DATA_ERROR: 'the gzip file is damaged',
  };
  const known = typeof code === 'string' ? reasons[code] : undefined;
  return new ImageError(path, known ?? `cannot be read: ${String(failure)}`, failure);
}
