import { createHash } from 'node:crypto';
import { link, mkdir, open, readdir, rename, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncFolder } from '../serving/sync-folder.js';

/** What an image has to be, as far as whoever sends it says so. */
export interface Expected {
  readonly bytes?: number | undefined;
  /** In lower-case hexadecimal digits. */
  readonly sha256?: string | undefined;
  readonly bytesMax: number;
}

export type Received =
  | { readonly kind: 'staged'; readonly file: StagedFile }
  | { readonly kind: 'too large' | 'no space' | 'wrong length' | 'wrong digest' };

/** A whole file that nobody sees yet. */
export interface StagedFile {
  readonly bytes: number;
  readonly sha256: string;
  /**
   * Puts it in its place, where it is on disk when this resolves: in one step, so that nobody ever
   * sees a part of it. `mustBeNew`: rejects with EEXIST where something is.
   */
  publish(target: string, options: { readonly mustBeNew: boolean }): Promise<void>;
  discard(): Promise<void>;
}

export interface StagingOptions {
  readonly newId: () => string;
  /** Opens a file that must not be there yet, to be written. */
  readonly openNew?: ((path: string) => Promise<FileHandle>) | undefined;
}

/** The name of the folder below the images; none of theirs begins with a dot. */
export const stagingName = '.staging';

/**
 * Where images are written until they are whole. What a killed process has left here is nobody's:
 * `sweep` removes it.
 */
export class Staging {
  readonly #folder: string;
  readonly #options: StagingOptions;
  readonly #own = new Set<string>();

  private constructor(folder: string, options: StagingOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /** @param root the folder of the images: a rename works within one file system only. */
  static async in(root: string, options: StagingOptions): Promise<Staging> {
    const folder = join(root, stagingName);
    await mkdir(folder, { recursive: true, mode: 0o750 });
    return new Staging(folder, options);
  }

  /** Writes a content; one that breaks off (rejects), or is not as expected, leaves nothing. */
  async receive(content: AsyncIterable<Uint8Array>, expected: Expected): Promise<Received> {
    const path = join(this.#folder, this.#options.newId());
    this.#own.add(path);
    const discard = async (): Promise<void> => {
      await unlink(path).catch(unlessGone);
      this.#own.delete(path);
    };
    try {
      const { bytes, sha256 } = await this.#write(path, content, expected);
      const problem = problemOf({ bytes, sha256 }, expected);
      if (problem !== undefined) {
        await discard();
        return { kind: problem };
      }
      const publish: StagedFile['publish'] = async (target, { mustBeNew }) => {
        await (mustBeNew ? link(path, target) : rename(path, target));
        await syncFolder(dirname(target));
        await discard();
      };
      return { kind: 'staged', file: { bytes, sha256, publish, discard } };
    } catch (failure) {
      await discard();
      if (isNoSpace(failure)) return { kind: 'no space' };
      throw failure;
    }
  }

  /** Removes what no call of this process is writing; answers the names. */
  async sweep(): Promise<string[]> {
    const removed: string[] = [];
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      if (this.#own.has(path)) continue;
      await unlink(path).catch(unlessGone);
      removed.push(basename(path));
    }
    return removed;
  }

  async #write(
    path: string,
    content: AsyncIterable<Uint8Array>,
    { bytesMax }: Expected,
  ): Promise<{ bytes: number; sha256: string }> {
    const { openNew = (name: string) => open(name, 'wx', 0o640) } = this.#options;
    const file = await openNew(path);
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      for await (const chunk of content) {
        bytes += chunk.length;
        if (bytes > bytesMax) break;
        hash.update(chunk);
        await writeAll(file, chunk);
      }
      await file.datasync();
    } finally {
      await file.close();
    }
    return { bytes, sha256: hash.digest('hex') };
  }
}

/** Whether there is no room for what was to be written: on the disk, in a quota, in a file. */
export function isNoSpace(failure: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(failure) ?? '');
}

export function codeOf(failure: unknown): string | undefined {
  return failure instanceof Error && 'code' in failure ? String(failure.code) : undefined;
}

/** A disk that is nearly full takes a part. */
async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let rest = chunk; rest.length > 0;) {
    const { bytesWritten } = await file.write(rest);
    rest = rest.subarray(bytesWritten);
  }
}

function problemOf(
  { bytes, sha256 }: { bytes: number; sha256: string },
  expected: Expected,
): Exclude<Received['kind'], 'staged'> | undefined {
  if (bytes > expected.bytesMax) return 'too large';
  if (expected.bytes !== undefined && bytes !== expected.bytes) return 'wrong length';
  return expected.sha256 !== undefined && sha256 !== expected.sha256 ? 'wrong digest' : undefined;
}

function unlessGone(failure: unknown): void {
  if (codeOf(failure) !== 'ENOENT') throw failure as Error;
}
