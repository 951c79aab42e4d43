import { open, readFile, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../serving/sync-folder.js';

/**
 * One folder's files, with what a store needs to know about durability: what was written is only
 * safe from a power cut after a sync. An interface, so that tests can cut the power.
 */
export interface DurableFiles {
  list(): Promise<string[]>;
  /** Undefined where there is no such file. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Creates the file or opens it at its end. A new name is durable when this resolves. */
  append(name: string): Promise<AppendableFile>;
  /** Puts the bytes in the place of the file's, all or nothing; durable when this resolves. */
  replace(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
}

export interface AppendableFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Everything written is durable when this resolves. */
  sync(): Promise<void>;
  /** Cuts the file to its first `length` bytes, durably. */
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** The files of a folder that exists. */
export function realFiles(folder: string): DurableFiles {
  return {
    list: () => readdir(folder),
    read: (name) => readIfThere(join(folder, name)),
    append: async (name) => {
      const handle = await open(join(folder, name), 'a', ownerOnly);
      await syncFolder(folder);
      return appendable(handle);
    },
    replace: async (name, bytes) => {
      const temporary = join(folder, `${name}.tmp`);
      const handle = await open(temporary, 'w', ownerOnly);
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, join(folder, name));
      await syncFolder(folder);
    },
    remove: (name) => rm(join(folder, name), { force: true }),
  };
}

/** Settings hold passwords: nobody but the registry's own user reads them. */
const ownerOnly = 0o600;

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw failure;
  }
}

function appendable(handle: FileHandle): AppendableFile {
  return {
    write: async (bytes) => {
      await handle.writeFile(bytes);
    },
    sync: () => handle.datasync(),
    truncate: async (length) => {
      await handle.truncate(length);
      await handle.sync();
    },
    close: () => handle.close(),
  };
}
