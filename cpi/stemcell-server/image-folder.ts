import { constants, type BigIntStats } from 'node:fs';
import { access, link, mkdir, opendir, realpath, rename, statfs, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../serving/make-folder.js';
import { syncFolder } from '../serving/sync-folder.js';
import type { Condition } from './conditions.js';
import { FolderGone, unlessGone } from './file-failure.js';
import { foundIn, isCollection, openFile, reading, statsOf, type Found } from './found.js';
import { OneAtATime } from './one-at-a-time.js';
import { Refused, refusedBy, type Refusal } from './refusal.js';
import type { ResourcePath } from './resource-path.js';
import type { ServedImage } from './serve-image.js';
import { Staging, type Expected, type StagingOptions, type SweptStaging } from './staging.js';

/** How an image is to be taken in. */
export interface Storing extends Expected {
  readonly mustBeNew: boolean;
  /** Of what is in its place. */
  readonly isMet: Condition;
}

export type Stored =
  | { readonly kind: 'stored'; readonly isNew: boolean; readonly sha256: string }
  | { readonly kind: 'too large' | 'wrong length' | 'wrong digest' | Refusal };

/** An image that is open: it stays readable, whatever happens to its name. */
export interface OpenImage extends ServedImage {
  close(): Promise<void>;
}

/** Whether something may be there where an image or a collection is to be. */
export interface Arranging {
  readonly mayOverwrite: boolean;
  /** Of the source; when absent, always. */
  readonly isMet?: Condition | undefined;
}

/**
 * The images of the server in a folder: files and, for operators who like order, folders. Symbolic
 * links and whatever else is no plain file or folder is not there: not to be read, nor passed.
 *
 * What changes names does so one call at a time, so that what a call has found stays so until it is
 * done; and it has changed them on disk when it resolves.
 */
export class ImageFolder {
  readonly #root: string;
  readonly #staging: Staging;
  readonly #changes = new OneAtATime();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #sync: (path: string) => Promise<void>;

  private constructor(root: string, staging: Staging, sync: (path: string) => Promise<void>) {
    this.#root = root;
    this.#staging = staging;
    this.#sync = sync;
  }

  /** Makes the folder where there is none. It may be a link itself; in it, links are not there. */
  static async open(directory: string, options: StagingOptions): Promise<ImageFolder> {
    const { syncFolder: sync = syncFolder } = options;
    await makeFolder(directory, 0o750, sync);
    const root = await realpath(directory);
    return new ImageFolder(root, await Staging.in(root, options), sync);
  }

  async find(path: ResourcePath): Promise<Found | undefined> {
    const stats = await this.#look(path);
    return stats === undefined ? undefined : foundIn(stats);
  }

  async openImage(path: ResourcePath): Promise<OpenImage | undefined> {
    if ((await this.find(path))?.kind !== 'image') return undefined;
    const file = await openFile(this.#pathOf(path));
    if (file === undefined) return undefined;
    const stats = await file.stat({ bigint: true });
    return { ...foundIn(stats), read: (range) => reading(file, range), close: () => file.close() };
  }

  /** The names in a collection, in no order, as they are read: there may be very many. */
  async *names(path: ResourcePath): AsyncGenerator<string> {
    try {
      for await (const entry of await opendir(this.#pathOf(path))) {
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

  /** Takes an image in; it is seen when it is whole and as expected, and then all at once. */
  store(path: ResourcePath, content: AsyncIterable<Uint8Array>, asked: Storing): Promise<Stored> {
    return this.#writing(this.#store(path, content, asked));
  }

  async #store(
    path: ResourcePath,
    content: AsyncIterable<Uint8Array>,
    asked: Storing,
  ): Promise<Stored> {
    const received = await this.#staging.receive(content, asked);
    if (received.kind !== 'staged') return received;
    const { file } = received;
    try {
      return await this.#changes.run(async () => {
        await this.#assertHolder(path);
        const before = await this.find(path);
        if (before?.kind === 'collection') throw new Refused('is a collection');
        if (!asked.isMet(before)) throw new Refused('changed');
        await file.publish(this.#pathOf(path), asked);
        return { kind: 'stored', isNew: before === undefined, sha256: file.sha256 };
      });
    } catch (failure) {
      await file.discard();
      const refused = refusedBy(failure);
      if (refused === undefined) throw failure;
      return { kind: refused.refusal };
    }
  }

  /** Removes an image, or a collection with all that it holds, which is gone all at once. */
  async remove(path: ResourcePath, isMet: Condition = () => true): Promise<void> {
    const aside = this.#staging.place();
    const removed = this.#change(async () => {
      const found = await this.find(path);
      if (found === undefined) throw new Refused('not found');
      if (!isMet(found)) throw new Refused('changed');
      if (found.kind === 'image') await unlink(this.#pathOf(path));
      else await rename(this.#pathOf(path), aside.path);
      await this.#sync(dirname(this.#pathOf(path)));
    });
    await this.#writing(removed.finally(() => aside.free()));
  }

  async makeCollection(path: ResourcePath): Promise<void> {
    await this.#change(async () => {
      await this.#assertHolder(path);
      await mkdir(this.#pathOf(path), { mode: 0o750 });
      await this.#sync(dirname(this.#pathOf(path)));
    });
  }

  /**
   * Gives an image or a collection another name.
   *
   * @returns whether something was there before.
   */
  async move(from: ResourcePath, to: ResourcePath, asked: Arranging): Promise<boolean> {
    return this.#change(async () => {
      const { source, before } = await this.#assertArrangeable(from, to, asked);
      await this.#take(this.#pathOf(from), to, source, before);
      // Two names of one file are left as they are by a rename.
      if (source.kind === 'image') await unlink(this.#pathOf(from)).catch(unlessGone);
      await this.#sync(dirname(this.#pathOf(from)));
      return before !== undefined;
    });
  }

  /**
   * Makes a second image of the same content, which costs no space, or a second collection of such.
   *
   * @returns whether something was there before.
   */
  async copy(
    from: ResourcePath,
    to: ResourcePath,
    asked: Arranging & { readonly isDeep: boolean },
  ): Promise<boolean> {
    return this.#change(async () => {
      const { source, before } = await this.#assertArrangeable(from, to, asked);
      const copy = this.#staging.place();
      try {
        await this.#copyTo(copy.path, from, asked.isDeep);
        await this.#take(copy.path, to, source, before);
      } finally {
        await copy.free();
      }
      return before !== undefined;
    });
  }

  /** How many bytes there is room for. */
  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#root);
    return bavail * bsize;
  }

  /** Rejects unless images can be read and written. */
  async check(): Promise<void> {
    await access(this.#root, constants.R_OK | constants.W_OK | constants.X_OK);
    await this.#staging.check();
  }

  /** Resolves when nothing that writes is under way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  /** Removes what killed processes have left of uploads. */
  sweepStaging(): Promise<SweptStaging> {
    return this.#staging.sweep();
  }

  /** Changes names when all changes before are done. */
  #change<T>(work: () => Promise<T>): Promise<T> {
    const changed = this.#changes.run(work).catch((failure: unknown) => {
      throw refusedBy(failure) ?? (failure as Error);
    });
    return this.#writing(changed);
  }

  /** Has `settled` wait for it. */
  async #writing<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }

  /** What is to get another name, and what has that name; nothing that is asked for is lost. */
  async #assertArrangeable(
    from: ResourcePath,
    to: ResourcePath,
    { mayOverwrite, isMet = () => true }: Arranging,
  ): Promise<{ source: Found; before: Found | undefined }> {
    const source = await this.find(from);
    if (source === undefined) throw new Refused('not found');
    if (!isMet(source)) throw new Refused('changed');
    await this.#assertHolder(to);
    const before = await this.find(to);
    if (before !== undefined && !mayOverwrite) throw new Refused('exists');
    if (to.every((name, index) => from[index] === name)) throw new Refused('holds the source');
    return { source, before };
  }

  /** An image takes the place of another in one step; anything else is out of the way before. */
  async #take(path: string, to: ResourcePath, source: Found, before?: Found): Promise<void> {
    const target = this.#pathOf(to);
    const aside = this.#staging.place();
    const isInTheWay = before !== undefined && [source, before].some(isCollection);
    try {
      if (isInTheWay) await rename(target, aside.path);
      try {
        await rename(path, target);
      } catch (failure) {
        if (isInTheWay) await rename(aside.path, target);
        throw failure;
      }
      await this.#sync(dirname(target));
    } finally {
      await aside.free();
    }
  }

  async #copyTo(path: string, from: ResourcePath, isDeep: boolean): Promise<void> {
    if ((await this.find(from))?.kind === 'image') {
      await link(this.#pathOf(from), path);
      return;
    }
    await mkdir(path, { mode: 0o750 });
    const names = isDeep ? await this.list(from) : [];
    for (const name of names) await this.#copyTo(join(path, name), [...from, name], isDeep);
    await this.#sync(path);
  }

  /** Only what is in a collection can be made. */
  async #assertHolder(path: ResourcePath): Promise<void> {
    const holder = await this.find(path.slice(0, -1));
    if (holder?.kind !== 'collection') throw new Refused('no collection');
  }

  /** What a path leads to without a symbolic link on the way. @throws FolderGone */
  async #look(path: ResourcePath): Promise<BigIntStats | undefined> {
    let stats = await statsOf(this.#root);
    if (stats === undefined) throw new FolderGone(this.#root);
    for (let length = 1; length <= path.length; length += 1) {
      if (stats?.isDirectory() !== true) return undefined;
      stats = await statsOf(this.#pathOf(path.slice(0, length)));
    }
    return stats?.isFile() === true || stats?.isDirectory() === true ? stats : undefined;
  }

  #pathOf(path: ResourcePath): string {
    return join(this.#root, ...path);
  }
}
