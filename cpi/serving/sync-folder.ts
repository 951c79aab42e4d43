import * as nodeFiles from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * What durable files need of `node:fs/promises`: a parameter, so that tests can put files in its
 * place whose power is cut.
 */
export interface FileSystem {
  open(path: string, flags: 'a' | 'r' | 'w', mode?: number): Promise<OpenFile>;
  readFile(path: string): Promise<Uint8Array>;
  readdir(path: string): Promise<string[]>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { readonly force: true }): Promise<void>;
  mkdir(path: string, options: { readonly mode: number }): Promise<void>;
}

/** What they need of its FileHandle. */
export interface OpenFile {
  writeFile(bytes: Uint8Array): Promise<void>;
  truncate(length: number): Promise<void>;
  sync(): Promise<void>;
  datasync(): Promise<void>;
  close(): Promise<void>;
}

/** Makes the names in a folder durable: what is new, renamed or removed stays so in a power cut. */
export async function syncFolder(path: string, fileSystem: FileSystem = nodeFiles): Promise<void> {
  const folder = await fileSystem.open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Makes a folder and those above it that are not there, for its owner alone. When this resolves, it
 * is durable, also where an earlier process made it and was killed before it was.
 */
export async function makeFolder(path: string, fileSystem: FileSystem = nodeFiles): Promise<void> {
  const parent = dirname(path);
  try {
    await fileSystem.mkdir(path, { mode: 0o700 });
  } catch (failure) {
    const code = codeOf(failure);
    if (code === 'ENOENT' && parent !== path) {
      await makeFolder(parent, fileSystem);
      return makeFolder(path, fileSystem);
    }
    if (code !== 'EEXIST') throw failure;
    return syncIfAllowed(parent, fileSystem);
  }
  await syncFolder(parent, fileSystem);
  await syncIfAllowed(dirname(parent), fileSystem);
}

/** Who may not list a folder has not made any in it. */
async function syncIfAllowed(path: string, fileSystem: FileSystem): Promise<void> {
  try {
    await syncFolder(path, fileSystem);
  } catch (failure) {
    if (!['EACCES', 'EPERM', 'EINVAL'].includes(codeOf(failure) ?? '')) throw failure;
  }
}

function codeOf(failure: unknown): string | undefined {
  return (failure as NodeJS.ErrnoException).code;
}
