import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, lstat, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../serving/make-folder.js';
import type { FileChanges } from './file-changes.js';
import { isNoSpace, unlessGone, withAdvice } from './file-failure.js';

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
export interface StagedFile extends Place {
  readonly bytes: number;
  readonly sha256: string;
}

/** A path at which nothing is, for one call; what is there when it is given back goes. */
export interface Place {
  readonly path: string;
  /** Never rejects: what nobody sees any more is no failure of the call that is done with it. */
  readonly free: () => Promise<void>;
}

export interface StagingOptions {
  readonly newId: () => string;
  readonly files: FileChanges;
  /** Told of what could not be removed; a sweep tries it again. */
  readonly onFailure: (failure: unknown) => void;
}

/** What a sweep has removed, and what it could not remove. */
export interface SweptStaging {
  readonly removed: number;
  readonly failures: readonly unknown[];
}

/** The name of the folder below the images; none of theirs begins with a dot. */
export const stagingName = '.staging';

/**
 * Where images are written until they are whole, and collections are until they are gone. What a
 * killed process has left here is nobody's: `sweep` removes it.
 */
export class Staging {
  readonly #folder: string;
  readonly #options: StagingOptions;
  readonly #own = new Set<string>();

  private constructor(folder: string, options: StagingOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /**
   * @param root the folder of the images: a rename works within one file system only.
   * @throws where something is in the folder's place that leads elsewhere.
   */
  static async in(root: string, options: StagingOptions): Promise<Staging> {
    const folder = join(root, stagingName);
    const there = await lstat(folder).catch(unlessGone);
    if (there?.isSymbolicLink() === true) {
      throw new Error(
        `${folder} is a symbolic link. The server removes what lies in that folder and is in no ` +
          'use: remove the link, and the server makes a folder of its own',
      );
    }
    await makeFolder(folder, 0o750, options.files.syncFolder);
    return new Staging(folder, options);
  }

  /** Rejects unless images can be taken in: unless there is room for the beginning of one. */
  async check(): Promise<void> {
    await access(this.#folder, constants.R_OK | constants.W_OK | constants.X_OK);
    const { path, free } = this.place();
    try {
      const file = await this.#options.files.openNew(path);
      try {
        await writeAll(file, Buffer.alloc(probeBytes));
      } finally {
        await file.close();
      }
    } finally {
      await free();
    }
  }

  /** A place that no sweep of this process clears away. */
  place(): Place {
    const path = join(this.#folder, this.#options.newId());
    this.#own.add(path);
    const free = async (): Promise<void> => {
      try {
        await this.#options.files.remove(path);
      } catch (failure) {
        this.#options.onFailure(withAdvice(failure, 'to clear away what is in no use any more'));
      } finally {
        // What could not be removed now is for a sweep.
        this.#own.delete(path);
      }
    };
    return { path, free };
  }

  /** Writes a content; one that breaks off (rejects), or is not as expected, leaves nothing. */
  async receive(content: AsyncIterable<Uint8Array>, expected: Expected): Promise<Received> {
    const { path, free } = this.place();
    try {
      const { bytes, sha256 } = await this.#write(path, content, expected);
      const problem = problemOf({ bytes, sha256 }, expected);
      if (problem !== undefined) {
        await free();
        return { kind: problem };
      }
      return { kind: 'staged', file: { path, free, bytes, sha256 } };
    } catch (failure) {
      await free();
      if (isNoSpace(failure)) return { kind: 'no space' };
      throw failure;
    }
  }

  /** Removes what no call of this process is using. What cannot be removed keeps nothing else. */
  async sweep(): Promise<SweptStaging> {
    const paths = (await readdir(this.#folder)).map((name) => join(this.#folder, name));
    const left = paths.filter((path) => !this.#own.has(path));
    const failures: unknown[] = [];
    for (const path of left) {
      await this.#options.files.remove(path).catch((failure: unknown) => {
        failures.push(failure);
      });
    }
    return { removed: left.length - failures.length, failures };
  }

  async #write(
    path: string,
    content: AsyncIterable<Uint8Array>,
    { bytesMax }: Expected,
  ): Promise<{ bytes: number; sha256: string }> {
    const file = await this.#options.files.openNew(path);
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

const probeBytes = 65_536;

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
