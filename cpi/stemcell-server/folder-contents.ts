import type { BigIntStats } from 'node:fs';
import { opendir, readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderGone, unlessGone } from './file-failure.js';
import { foundIn, openFile, reading, statsOf, type Found } from './found.js';
import { replacedName } from './replaced.js';
import type { ResourcePath } from './resource-path.js';
import type { ServedImage } from './serve-image.js';

/** An image that is open: it stays readable, whatever happens to its name. */
export interface OpenImage extends ServedImage {
  close(): Promise<void>;
}

/**
 * What there is in the folder of the images: files and, for operators who like order, folders.
 * Symbolic links and whatever else is no plain file or folder is not there: not to be read, nor
 * passed.
 */
export class FolderContents {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async find(path: ResourcePath): Promise<Found | undefined> {
    const stats = await this.#look(path);
    return stats === undefined ? undefined : foundIn(stats);
  }

  async openImage(path: ResourcePath): Promise<OpenImage | undefined> {
    if ((await this.find(path))?.kind !== 'image') return undefined;
    const file = await openFile(this.pathOf(path));
    if (file === undefined) return undefined;
    const stats = await file.stat({ bigint: true });
    return { ...foundIn(stats), read: (range) => reading(file, range), close: () => file.close() };
  }

  /** The names in a collection, in no order, as they are read: there may be very many. */
  async *names(path: ResourcePath): AsyncGenerator<string> {
    try {
      for await (const entry of await opendir(this.pathOf(path))) {
        const { name } = entry;
        if ((entry.isFile() || entry.isDirectory()) && !name.startsWith('.')) yield name;
      }
    } catch (failure) {
      unlessGone(failure);
    }
  }

  /** The names in a collection. */
  async list(path: ResourcePath): Promise<string[]> {
    const names: string[] = [];
    for await (const name of this.names(path)) names.push(name);
    return names.sort();
  }

  /** What has given way to something in a collection (see `putBack`), by the names that it had. */
  async replacedIn(path: ResourcePath): Promise<string[]> {
    const names = (await readdir(this.pathOf(path))).map(replacedName);
    return names.filter((name) => name !== undefined).sort();
  }

  /** How many bytes there is room for. */
  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#root);
    return bavail * bsize;
  }

  /** Where something is on disk. */
  protected pathOf(path: ResourcePath): string {
    return join(this.#root, ...path);
  }

  /** What a path leads to without a symbolic link on the way. @throws FolderGone */
  async #look(path: ResourcePath): Promise<BigIntStats | undefined> {
    let stats = await statsOf(this.#root);
    if (stats === undefined) throw new FolderGone(this.#root);
    for (let length = 1; length <= path.length; length += 1) {
      if (stats?.isDirectory() !== true) return undefined;
      stats = await statsOf(this.pathOf(path.slice(0, length)));
    }
    return stats?.isFile() === true || stats?.isDirectory() === true ? stats : undefined;
  }
}
