import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../serving/make-folder.js';
import type { Condition } from './conditions.js';
import { fileChanges, type FileChanges } from './file-changes.js';
import { withAdvice } from './file-failure.js';
import { FolderContents } from './folder-contents.js';
import { isCollection, mayBeThere, statsOf, type Found } from './found.js';
import { changeNames, KeptAside, NotTakenBack, type NameChange } from './name-change.js';
import { OneAtATime } from './one-at-a-time.js';
import { Refused, refusedBy, type Refusal } from './refusal.js';
import { replacedPath } from './replaced.js';
import type { ResourcePath } from './resource-path.js';
import {
  Staging,
  type Expected,
  type Place,
  type StagingOptions,
  type SweptStaging,
} from './staging.js';

export interface FolderOptions extends Pick<StagingOptions, 'newId' | 'onFailure'> {
  /** What is not the real one. */
  readonly files?: Partial<FileChanges> | undefined;
}

const untilSwept = 'the next sweep (at a start, and every hour)';

/** How an image is to be taken in. */
export interface Storing extends Expected {
  /** Of what is in its place. */
  readonly isMet: Condition;
}

export type Stored =
  | { readonly kind: 'stored'; readonly isNew: boolean; readonly sha256: string }
  | { readonly kind: 'too large' | 'wrong length' | 'wrong digest' | Refusal };

/** Whether something may be there where an image or a collection is to be. */
export interface Arranging {
  readonly mayOverwrite: boolean;
  /** Of the source; when absent, always. */
  readonly isMet?: Condition | undefined;
}

/**
 * The images of the server in a folder, and what changes them.
 *
 * What changes names does so one call at a time, so that what a call has found stays so until it is
 * done. It has changed them on disk when it resolves, and not at all when it rejects: where the
 * disk does not make it durable, it is taken back.
 */
export class ImageFolder extends FolderContents {
  readonly #staging: Staging;
  readonly #changes = new OneAtATime();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #files: FileChanges;
  readonly #onFailure: FolderOptions['onFailure'];

  private constructor(root: string, staging: Staging, options: StagingOptions) {
    super(root);
    this.#staging = staging;
    this.#files = options.files;
    this.#onFailure = options.onFailure;
  }

  /** Makes the folder where there is none. It may be a link itself; in it, links are not there. */
  static async open(directory: string, options: FolderOptions): Promise<ImageFolder> {
    const files = { ...fileChanges, ...options.files };
    await makeFolder(directory, 0o750, files.syncFolder);
    const root = await realpath(directory);
    const all = { ...options, files };
    return new ImageFolder(root, await Staging.in(root, all), all);
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
      return await this.#change(async (change, aside) => {
        await this.#assertHolder(path);
        const before = await this.find(path);
        if (before?.kind === 'collection') throw new Refused('is a collection');
        if (!asked.isMet(before)) throw new Refused('changed');
        const target = this.pathOf(path);
        await change.replace(file.path, target, aside);
        await this.#files.syncFolder(dirname(target));
        return { kind: 'stored', isNew: before === undefined, sha256: file.sha256 };
      });
    } catch (failure) {
      if (failure instanceof Refused) return { kind: failure.refusal };
      throw failure;
    } finally {
      await file.free();
    }
  }

  /** Removes an image, or a collection with all that it holds, which is gone all at once. */
  async remove(path: ResourcePath, isMet: Condition = () => true): Promise<void> {
    await this.#change(async (change, aside) => {
      const found = await this.find(path);
      if (found === undefined) throw new Refused('not found');
      if (!isMet(found)) throw new Refused('changed');
      const target = this.pathOf(path);
      await this.#forgetReplaced(target);
      await (isCollection(found) ? change.rename(target, aside) : change.remove(target, aside));
      await this.#files.syncFolder(dirname(target));
    });
  }

  async makeCollection(path: ResourcePath): Promise<void> {
    await this.#change(async (change) => {
      await this.#assertHolder(path);
      await change.makeFolder(this.pathOf(path));
      await this.#files.syncFolder(dirname(this.pathOf(path)));
    });
  }

  /**
   * Gives an image or a collection another name.
   *
   * @returns whether something was there before.
   */
  async move(from: ResourcePath, to: ResourcePath, asked: Arranging): Promise<boolean> {
    return this.#change(async (change, aside) => {
      const there = await this.#assertArrangeable(from, to, asked);
      const [path, target] = [this.pathOf(from), this.pathOf(to)];
      await this.#forgetReplaced(path);
      const hasGivenWay = await this.#take(change, path, target, { ...there, aside });
      // Two names of one file are left as they are by a rename.
      if (!isCollection(there.source)) await change.dropName(path, target);
      await this.#files.syncFolder(dirname(target));
      await this.#files.syncFolder(dirname(path));
      if (hasGivenWay) await this.#clear(target, aside);
      return there.before !== undefined;
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
    const copy = this.#staging.place();
    const copied = this.#change(async (change, aside) => {
      const there = await this.#assertArrangeable(from, to, asked);
      const target = this.pathOf(to);
      await this.#copyTo(copy.path, from, asked.isDeep);
      const hasGivenWay = await this.#take(change, copy.path, target, { ...there, aside });
      await this.#files.syncFolder(dirname(target));
      if (hasGivenWay) await this.#clear(target, aside);
      return there.before !== undefined;
    });
    return this.#writing(copied.finally(() => copy.free()));
  }

  /**
   * Ends what a killed process has begun: what has given way comes back, unless something has taken
   * its place; then it goes.
   *
   * @returns whether it came back.
   */
  async putBack(path: ResourcePath): Promise<boolean> {
    return this.#change(async (change, aside) => {
      const target = this.pathOf(path);
      if ((await statsOf(replacedPath(target))) === undefined) return false;
      const isBack = (await statsOf(target)) === undefined;
      await change.rename(replacedPath(target), isBack ? target : aside);
      await this.#files.syncFolder(dirname(target));
      return isBack;
    });
  }

  /** Rejects unless images can be read and written. */
  async check(): Promise<void> {
    await this.find([]);
    await access(this.pathOf([]), constants.R_OK | constants.W_OK | constants.X_OK);
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

  /** Changes names when all changes before are done; what comes to `aside` goes then. */
  #change<T>(work: (change: NameChange, aside: string) => Promise<T>): Promise<T> {
    return this.#writing(this.#changed(work, this.#staging.place()));
  }

  async #changed<T>(
    work: (change: NameChange, aside: string) => Promise<T>,
    { path: aside, free }: Place,
  ): Promise<T> {
    let isNeeded = false;
    try {
      return await this.#changes.run(() =>
        changeNames(this.#files, (change) => work(change, aside)),
      );
    } catch (failure) {
      if (!(failure instanceof NotTakenBack)) throw refusedBy(failure) ?? (failure as Error);
      const { givenWay } = failure;
      if (givenWay !== undefined) throw new KeptAside(failure, givenWay, untilSwept);
      isNeeded = await mayBeThere(aside);
      throw isNeeded ? new KeptAside(failure, aside, 'the server is started again') : failure;
    } finally {
      if (!isNeeded) await free();
    }
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

  /**
   * An image takes the place of another in one step; anything else gives way before.
   *
   * @returns whether something has given way, to be cleared away when the change is durable.
   */
  async #take(
    change: NameChange,
    path: string,
    target: string,
    { source, before, aside }: { source: Found; before: Found | undefined; aside: string },
  ): Promise<boolean> {
    if (!isCollection(source) && before?.kind !== 'collection') {
      await change.replace(path, target, aside);
      return false;
    }
    if (before !== undefined) {
      await this.#files.remove(replacedPath(target));
      await change.giveWay(target, replacedPath(target));
    }
    await change.rename(path, target);
    return before !== undefined;
  }

  /** What could not be cleared away must not come back when nothing is in its place any more. */
  async #forgetReplaced(target: string): Promise<void> {
    const replaced = replacedPath(target);
    if ((await statsOf(replaced)) === undefined) return;
    await this.#files.remove(replaced);
    await this.#files.syncFolder(dirname(target));
  }

  /** What cannot be cleared away is for a sweep. */
  async #clear(target: string, aside: string): Promise<void> {
    await this.#files.rename(replacedPath(target), aside).catch((failure: unknown) => {
      this.#onFailure(withAdvice(failure, 'to clear away what was replaced'));
    });
  }

  async #copyTo(path: string, from: ResourcePath, isDeep: boolean): Promise<void> {
    if ((await this.find(from))?.kind === 'image') {
      await this.#files.link(this.pathOf(from), path);
      return;
    }
    await this.#files.makeFolder(path);
    const names = isDeep ? await this.list(from) : [];
    for (const name of names) await this.#copyTo(join(path, name), [...from, name], isDeep);
    await this.#files.syncFolder(path);
  }

  /** Only what is in a collection can be made. */
  async #assertHolder(path: ResourcePath): Promise<void> {
    const holder = await this.find(path.slice(0, -1));
    if (holder?.kind !== 'collection') throw new Refused('no collection');
  }
}
