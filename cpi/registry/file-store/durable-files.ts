import * as nodeFiles from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, type FileSystem, type OpenFile } from '../../serving/sync-folder.js';

/**
 * One folder's files, with what a store needs to know about durability: what was written is only
 * safe from a power cut after a sync.
 */
export interface DurableFiles {
  /** Where they are, for messages. */
  readonly folder: string;
  list(): Promise<string[]>;
  /** Undefined where there is no such file. */
  read(name: string): Promise<Uint8Array | undefined>;
  /**
   * Creates the file or opens it at its end. Its name, and all that was done to names before, is
   * durable when this resolves.
   */
  append(name: string): Promise<AppendableFile>;
  /**
   * Gives the disk again what a file begins with, and cuts off what follows; durable when this
   * resolves. That a file can be read does not say so: after a sync that failed, Linux takes its
   * pages for written, and the next sync leaves them out. In place, so that a full disk allows it.
   */
  writeAgain(name: string, bytes: Uint8Array): Promise<void>;
  /** Puts the bytes in the place of the file's, all or nothing; durable when this resolves. */
  replace(name: string, bytes: Uint8Array): Promise<void>;
  /** Rejects if so many bytes cannot be written beside the file; none stay. */
  probe(name: string, bytes: number): Promise<void>;
  remove(name: string): Promise<void>;
  /** Removes what a process that was killed while it replaced or probed the file has left. */
  tidy(name: string): Promise<void>;
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
export function durableFiles(folder: string, fileSystem: FileSystem = nodeFiles): DurableFiles {
  const pathOf = (name: string): string => join(folder, name);
  const remove = (name: string): Promise<void> => fileSystem.rm(pathOf(name), { force: true });
  /** A file of these bytes beside others, or none. */
  const writeWhole = async (name: string, bytes: Uint8Array): Promise<void> => {
    try {
      const handle = await fileSystem.open(pathOf(name), 'w', ownerOnly);
      try {
        for (let start = 0; start < bytes.length; start += sliceBytes) {
          await handle.writeFile(bytes.subarray(start, start + sliceBytes));
          await handle.datasync();
        }
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (failure) {
      // Mostly because the disk is full: half a file would keep it so.
      await remove(name);
      throw withPath(failure, pathOf(name));
    }
  };
  return {
    folder,
    list: () => fileSystem.readdir(folder),
    read: (name) => readIfThere(fileSystem, pathOf(name)),
    append: async (name) => {
      const handle = await fileSystem.open(pathOf(name), 'a', ownerOnly);
      try {
        await syncFolder(folder, fileSystem);
      } catch (failure) {
        await handle.close();
        throw failure;
      }
      return appendable(handle);
    },
    writeAgain: async (name, bytes) => {
      const handle = await fileSystem.open(pathOf(name), 'r+');
      try {
        await handle.writeFile(bytes);
        await handle.truncate(bytes.length);
        await handle.sync();
      } catch (failure) {
        throw withPath(failure, pathOf(name));
      } finally {
        await handle.close();
      }
    },
    replace: async (name, bytes) => {
      await writeWhole(temporary(name), bytes);
      await fileSystem.rename(pathOf(temporary(name)), pathOf(name));
      await syncFolder(folder, fileSystem);
    },
    probe: async (name, bytes) => {
      await writeWhole(probing(name), Buffer.alloc(bytes));
      await remove(probing(name));
    },
    remove,
    tidy: async (name) => {
      await remove(temporary(name));
      await remove(probing(name));
    },
  };
}

/**
 * So much is written at once: a sync of another file, for which a client waits, has to wait for
 * what the disk has to do anyway.
 */
const sliceBytes = 64 * 1024;

/** Settings hold passwords: nobody but the registry's own user reads them. */
const ownerOnly = 0o600;

function temporary(name: string): string {
  return `${name}.tmp`;
}

/** Not the temporary one: a worker may be writing that. */
function probing(name: string): string {
  return `${name}.probe`;
}

async function readIfThere(fileSystem: FileSystem, path: string): Promise<Uint8Array | undefined> {
  try {
    return await fileSystem.readFile(path);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw withPath(failure, path);
  }
}

/** Node does not say of what is done with an open file which one it is. */
function withPath(failure: unknown, path: string): NodeJS.ErrnoException {
  return Object.assign(failure as NodeJS.ErrnoException, { path });
}

function appendable(handle: OpenFile): AppendableFile {
  return {
    write: (bytes) => handle.writeFile(bytes),
    sync: () => handle.datasync(),
    truncate: async (length) => {
      await handle.truncate(length);
      await handle.sync();
    },
    close: () => handle.close(),
  };
}
