import { codeOf, unlessGone } from './file-failure.js';
import type { FileChanges } from './file-changes.js';

/**
 * Changes names in steps, of which all are made or none: where one fails, or they cannot be made
 * durable, those before it are taken back, the last one first. Where the process is killed
 * meanwhile, or the power is cut, some are made.
 *
 * @throws what the failing step has thrown; NotTakenBack.
 */
export async function changeNames<T>(
  files: FileChanges,
  work: (change: NameChange) => Promise<T>,
): Promise<T> {
  const change = new NameChange(files);
  try {
    return await work(change);
  } catch (failure) {
    await change.takeBack().catch((second: unknown) => {
      throw new NotTakenBack(failure as Error, second as Error, change.givenWay);
    });
    throw failure;
  }
}

/** A change has been made in part: the disk has failed twice. */
export class NotTakenBack extends Error {
  override readonly name = 'NotTakenBack';

  constructor(
    { message }: Error,
    second: Error,
    /** Where what has given way is. */
    readonly givenWay: string | undefined,
  ) {
    super(
      `names could not be changed (${message}), and what was done of it could not be taken back ` +
        `(${second.message}): the log of the machine says more; put the folder on another disk`,
      { cause: second },
    );
  }
}

/** The same, where what has given way is nowhere else any more. */
export class KeptAside extends Error {
  override readonly name = 'KeptAside';

  constructor(cause: NotTakenBack, place: string, until: string) {
    super(
      `${cause.message}; what was there is ${place} until ${until}: copy it from there before`,
      {
        cause,
      },
    );
  }
}

export class NameChange {
  readonly #files: FileChanges;
  readonly #undo: (() => Promise<void>)[] = [];
  #givenWay: string | undefined;

  constructor(files: FileChanges) {
    this.#files = files;
  }

  /** Where what has given way is, until it is taken back. */
  get givenWay(): string | undefined {
    return this.#givenWay;
  }

  /** Has what is at a path make room for something else, if that comes. */
  async giveWay(path: string, to: string): Promise<void> {
    await this.rename(path, to);
    this.#givenWay = to;
  }

  /** Where nothing is at `to`. */
  async rename(from: string, to: string): Promise<void> {
    const { rename } = this.#files;
    await rename(from, to);
    this.#undo.push(() => rename(to, from));
  }

  /**
   * A file takes the place of another, if there is one, in one step. That one has the name `aside`
   * then, where its file system knows second names; without it, this step is not taken back.
   */
  async replace(from: string, to: string, aside: string): Promise<void> {
    const { rename, link } = this.#files;
    const kept = await this.#keep(to, aside);
    await rename(from, to);
    if (kept === 'nothing') this.#undo.push(() => rename(to, from));
    if (kept !== 'kept') return;
    this.#undo.push(async () => {
      await link(to, from).catch(unlessThere);
      await rename(aside, to);
    });
  }

  /** Removes a file; it has the name `aside` then, as with `replace`. */
  async remove(path: string, aside: string): Promise<void> {
    const { rename, unlink } = this.#files;
    const kept = await this.#keep(path, aside);
    await unlink(path);
    if (kept === 'kept') this.#undo.push(() => rename(aside, path));
  }

  /** Takes a name from a file that has another one, if it still has it. */
  async dropName(path: string, other: string): Promise<void> {
    const { link, unlink } = this.#files;
    try {
      await unlink(path);
    } catch (failure) {
      unlessGone(failure);
      return;
    }
    this.#undo.push(() => link(other, path).catch(unlessThere));
  }

  async makeFolder(path: string): Promise<void> {
    const { makeFolder, removeFolder } = this.#files;
    await makeFolder(path);
    this.#undo.push(() => removeFolder(path));
  }

  async takeBack(): Promise<void> {
    for (const step of this.#undo.reverse()) await step();
  }

  async #keep(path: string, aside: string): Promise<'kept' | 'nothing' | 'not kept'> {
    try {
      await this.#files.link(path, aside);
      return 'kept';
    } catch (failure) {
      return codeOf(failure) === 'ENOENT' ? 'nothing' : 'not kept';
    }
  }
}

function unlessThere(failure: unknown): void {
  if (codeOf(failure) !== 'EEXIST') throw failure as Error;
}
