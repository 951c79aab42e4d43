import { StoreUnavailable } from '../settings-store.js';
import type { AppendableFile, DurableFiles } from './durable-files.js';
import {
  checksumAfter,
  encodeEnd,
  encodeEntry,
  encodeStart,
  type Change,
  type JournalPlace,
} from './journal.js';
import { journalName, type LastJournal } from './store-files.js';

export interface JournalFiles {
  readonly files: DurableFiles;
  /** Name of the database file; the journals are named after it. */
  readonly name: string;
  /** One line about what an operator may want to know. */
  readonly log: (line: string) => void;
}

interface OpenJournal {
  readonly place: JournalPlace;
  readonly file: AppendableFile;
  bytes: number;
  /** Of those bytes, after what was before the journal. */
  checksum: string;
}

interface Refused {
  readonly failure: StoreUnavailable;
  readonly bytes: number;
}

/** Writes the journals of a store, one after the other, and knows whether that works. */
export class JournalWriter {
  readonly #in: JournalFiles;
  #journal: OpenJournal;
  /** The file of the journal that will follow. */
  #next: AppendableFile | undefined;
  #preparing: Promise<void> | undefined;
  #leaving: Promise<void> = Promise.resolve();
  #broken: StoreUnavailable | undefined;
  /** The last change, if it could not be written. */
  #refused: Refused | undefined;
  #probing: Promise<void> | undefined;

  /** @param file that of the last journal, at the end of what is sound in it */
  constructor(within: JournalFiles, last: LastJournal, file: AppendableFile) {
    const { place, soundBytes: bytes, checksum } = last;
    this.#in = within;
    this.#journal = { place, file, bytes, checksum };
  }

  /** How long the journal is. */
  get bytes(): number {
    return this.#journal.bytes;
  }

  /** Why nothing can be written any more. */
  get broken(): StoreUnavailable | undefined {
    return this.#broken;
  }

  /** From now on nothing is written. */
  stop(reason: StoreUnavailable): void {
    this.#broken ??= reason;
  }

  /**
   * Puts changes on disk, all or none, with one sync. Where the journal is as long as `bytesMax`
   * then, and the next one is ready, it ends with them: the answer is the number of the next.
   *
   * @param seq the change before them
   * @throws StoreUnavailable
   */
  async append(
    changes: readonly Change[],
    seq: number,
    bytesMax: number,
  ): Promise<number | undefined> {
    const { place, file, bytes, checksum } = this.#journal;
    const lines = changes.map((change, index) =>
      encodeEntry({ seq: seq + 1 + index, acknowledged: seq, ...change }),
    );
    if (bytes === 0) lines.unshift(encodeStart(place));
    const entries = Buffer.concat(lines);
    const next = {
      journal: place.journal + 1,
      seq: seq + changes.length,
      checksum: checksumAfter(checksum, entries),
    };
    const nextFile = bytes + entries.length < bytesMax ? undefined : this.#next;
    const isEnd = nextFile !== undefined;
    await this.#write(isEnd ? Buffer.concat([entries, encodeEnd(next)]) : entries);
    this.#refused = undefined;
    if (!isEnd) {
      this.#journal = { ...this.#journal, bytes: bytes + entries.length, checksum: next.checksum };
      return undefined;
    }
    this.#leaving = file.close().catch((failure: unknown) => {
      const { message } = failure as Error;
      this.#in.log(`${journalName(this.#in.name, place.journal)} was not closed: ${message}`);
    });
    this.#journal = { place: next, file: nextFile, bytes: 0, checksum: next.checksum };
    this.#next = undefined;
    return next.journal;
  }

  /**
   * Makes the journal that will follow, while requests go on: to begin it, a change then needs no
   * more than the one sync that it needs anyway.
   */
  prepareNext(): void {
    if (this.#next === undefined) this.#preparing ??= this.#makeNext();
  }

  async #makeNext(): Promise<void> {
    const { files, name, log } = this.#in;
    try {
      this.#next = await files.append(journalName(name, this.#journal.place.journal + 1));
    } catch (failure) {
      log(`no new journal, the old one goes on: ${(failure as Error).message}`);
    } finally {
      this.#preparing = undefined;
    }
  }

  /** Resolves if changes can be written, as far as one can tell. */
  async check(): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#refused !== undefined) await (this.#probing ??= this.#probe(this.#refused));
  }

  /** When nothing is being written. */
  async close(): Promise<void> {
    await this.#preparing;
    await this.#leaving;
    await this.#next?.close();
    await this.#journal.file.close();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const { file } = this.#journal;
    try {
      await file.write(bytes);
    } catch (failure) {
      throw await this.#takeBack(failure as Error, bytes.length);
    }
    try {
      await file.sync();
    } catch (failure) {
      // The kernel may have dropped the pages and call them clean: to sync again proves nothing.
      throw this.#breakDown(failure as Error, 'restart it to see what is on the disk');
    }
  }

  /** After a write that failed, mostly because the disk is full: later ones may have room again. */
  async #takeBack(cause: Error, refusedBytes: number): Promise<StoreUnavailable> {
    const { file, bytes } = this.#journal;
    try {
      await file.truncate(bytes);
    } catch {
      return this.#breakDown(cause, 'make room, then restart it');
    }
    const failure = new StoreUnavailable(
      `The registry cannot write to ${this.#fileName()}: ${cause.message}. Nothing was changed`,
      { cause },
    );
    this.#refused = { failure, bytes: refusedBytes };
    return failure;
  }

  #breakDown(failure: Error, remedy: string): StoreUnavailable {
    this.#broken = new StoreUnavailable(
      `The registry writes nothing more because ${this.#fileName()} failed: ${failure.message}. ` +
        `It can still be read; ${remedy}`,
      { cause: failure },
    );
    this.#in.log(this.#broken.message);
    return this.#broken;
  }

  #fileName(): string {
    return journalName(this.#in.name, this.#journal.place.journal);
  }

  /** Whether there is room again for what could not be written; else nobody would try. */
  async #probe({ failure, bytes }: Refused): Promise<void> {
    const { files, name } = this.#in;
    try {
      await files.probe(name, bytes);
      this.#refused = undefined;
    } catch {
      throw failure;
    } finally {
      this.#probing = undefined;
    }
  }
}
