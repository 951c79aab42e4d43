import { link, mkdir, open, rename, rm, rmdir, unlink, type FileHandle } from 'node:fs/promises';
import { syncFolder } from '../serving/sync-folder.js';

/**
 * Whatever the server changes on disk: a parameter, so that tests can put a disk in its place that
 * fills up or breaks, or stop at any of it.
 */
export interface FileChanges {
  /** Opens a file that must not be there yet, to be written. */
  readonly openNew: (path: string) => Promise<FileHandle>;
  readonly rename: (from: string, to: string) => Promise<void>;
  /** Gives a file a second name, at which nothing may be. */
  readonly link: (path: string, name: string) => Promise<void>;
  readonly unlink: (path: string) => Promise<void>;
  readonly makeFolder: (path: string) => Promise<void>;
  /** Of an empty folder. */
  readonly removeFolder: (path: string) => Promise<void>;
  /** Removes a file, or a folder with all that it holds, if it is there. */
  readonly remove: (path: string) => Promise<void>;
  /** Makes the names in a folder durable. */
  readonly syncFolder: (path: string) => Promise<void>;
}

export const fileChanges: FileChanges = {
  openNew: (path) => open(path, 'wx', 0o640),
  rename,
  link,
  unlink,
  makeFolder: (path) => mkdir(path, { mode: 0o750 }),
  removeFolder: rmdir,
  remove: (path) => rm(path, { recursive: true, force: true }),
  syncFolder,
};
