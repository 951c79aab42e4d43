import { Readable } from 'node:stream';
import type { ExtractEvents } from 'tar-stream';
import { ImageError } from './image-error.js';

type Entry = ExtractEvents['entry'][1];

/** A file in a tar. */
export interface TarMember {
  /** Without a leading `./`. */
  readonly name: string;
  readonly bytes: number;
  /** How the content begins. */
  readonly head: Buffer;
}

/** Whether these first 512 bytes are the header of a tar (POSIX, GNU). */
export function isTar(head: Buffer): boolean {
  return head.subarray(257, 262).toString('latin1') === 'ustar';
}

/**
 * Reads a tar to its end and lists its files.
 *
 * @throws ImageError when the tar is damaged or cut off.
 */
export async function listTar(
  path: string,
  content: AsyncIterable<Buffer>,
  headBytes: number,
): Promise<TarMember[]> {
  const members: TarMember[] = [];
  for await (const entry of entriesOf(path, content)) {
    const head = await headAndSkip(path, entry, headBytes);
    if (entry.header.type !== 'file') continue;
    members.push({ name: nameOf(entry), bytes: entry.header.size, head });
  }
  return members;
}

/**
 * The content of the file `name` in a tar.
 *
 * @throws ImageError when there is none, or the tar is damaged or cut off.
 */
export async function* readTarMember(
  path: string,
  content: AsyncIterable<Buffer>,
  name: string,
): AsyncGenerator<Buffer> {
  for await (const entry of entriesOf(path, content)) {
    if (nameOf(entry) !== name || entry.header.type !== 'file') continue;
    try {
      yield* entry as AsyncIterable<Buffer>;
    } catch (failure) {
      throw tarFailure(path, failure);
    }
    return;
  }
  throw new ImageError(path, `the tar has no ${name}`);
}

async function* entriesOf(path: string, content: AsyncIterable<Buffer>): AsyncGenerator<Entry> {
  // A CommonJS package inside a bundle has nothing but its default export.
  const { default: tarStream } = await import('tar-stream');
  const tar = tarStream.extract();
  const source = Readable.from(content, { objectMode: false });
  source.on('error', (failure) => tar.destroy(failure));
  source.pipe(tar);
  try {
    for await (const entry of tar) {
      yield entry;
      entry.resume();
    }
  } catch (failure) {
    throw tarFailure(path, failure);
  } finally {
    source.destroy();
  }
}

/** Keeps the beginning and reads the rest away, so that a cut off file is noticed. */
async function headAndSkip(path: string, entry: Entry, bytes: number): Promise<Buffer> {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  try {
    for await (const chunk of entry as AsyncIterable<Buffer>) {
      if (keptBytes < bytes) kept.push(chunk);
      keptBytes += chunk.length;
    }
  } catch (failure) {
    throw tarFailure(path, failure);
  }
  return Buffer.concat(kept).subarray(0, bytes);
}

function nameOf(entry: Entry): string {
  return entry.header.name.replace(/^\.\//, '');
}

function tarFailure(path: string, failure: unknown): ImageError {
  if (failure instanceof ImageError) return failure;
  return new ImageError(path, 'the tar is damaged or cut off', failure);
}
