import { StoreUnavailable, type SettingsStore } from '../settings-store.js';
import { removeJournalsBelow } from './compaction.js';
import type { AppendableFile, DurableFiles } from './durable-files.js';
import { encodeEntry, type Change } from './journal.js';
import type { Sqlite } from './settings-table.js';
import { journalName, recover, type Recovered } from './store-files.js';

export interface FileStoreOptions {
  readonly files: DurableFiles;
  /** Name of the database file; the journals are named after it. */
  readonly name: string;
  readonly sqlite: Sqlite;
  /** Puts the journals below a number into the database file, without making requests wait. */
  readonly compact: (firstJournal: number) => Promise<void>;
  /**
   * How long a journal becomes before it is compacted; as long as all settings are, where that is
   * more: so compaction costs each change the same, however many settings there are.
   */
  readonly journalBytesMax: number;
  /** One line about what an operator may want to know. */
  readonly log: (line: string) => void;
}

/**
 * A store in one SQLite file and journals beside it. A change is appended to the journal and synced
 * before it is acknowledged, changes that arrive meanwhile together with one sync; reads come from
 * a map in memory. A worker puts the journals into the file from time to time.
 *
 * @throws StoreDamaged if what was acknowledged is not there.
 */
export async function openFileStore(options: FileStoreOptions): Promise<SettingsStore> {
  const { files, name, sqlite, log } = options;
  const recovered = await recover(files, name, sqlite);
  const { firstJournal, journal, tornBytes } = recovered;
  // First: a killed process may have put the database file there and not made its name durable.
  const file = await files.append(journalName(name, journal.number));
  await removeJournalsBelow(files, name, firstJournal);
  await files.tidy(name);
  // What a killed process had written and not synced is told from here on, and built upon.
  if (tornBytes === 0) await file.sync();
  else {
    await file.truncate(journal.soundBytes);
    log(
      `the last write to ${journalName(name, journal.number)} had not ended and was never ` +
        `acknowledged: ${tornBytes} bytes dropped`,
    );
  }
  return new FileStore(options, recovered, file);
}

interface Waiting {
  readonly change: Change;
  /** The settings in whose place alone it may come; without them, in any's. */
  readonly expected?: string | undefined;
  /** Told whether it was made. */
  readonly resolve: (isMade: boolean) => void;
  readonly reject: (failure: Error) => void;
}

interface Refused {
  readonly failure: StoreUnavailable;
  readonly bytes: number;
}

class FileStore implements SettingsStore {
  readonly #options: FileStoreOptions;
  readonly #settings: Map<string, string>;
  /** Of all of them together, in characters. */
  #settingsLength = 0;
  /** The last change that is in the journal. */
  #seq: number;
  #journal: { number: number; file: AppendableFile; bytes: number };
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #compacting: Promise<void> | undefined;
  /** Why nothing can be written any more. */
  #broken: StoreUnavailable | undefined;
  /** The last change, if it could not be written. */
  #refused: Refused | undefined;
  #probing: Promise<void> | undefined;

  constructor(
    options: FileStoreOptions,
    { table, changes, seq, firstJournal, journal }: Recovered,
    file: AppendableFile,
  ) {
    this.#options = options;
    this.#settings = table.settings();
    table.close();
    for (const settings of this.#settings.values()) this.#settingsLength += settings.length;
    for (const [instanceId, settings] of changes) this.#set({ instanceId, settings });
    this.#seq = seq;
    this.#journal = { number: journal.number, file, bytes: journal.soundBytes };
    // What an earlier process did not come to: else each start would read more journals.
    if (firstJournal < journal.number) this.#compactBelow(journal.number, Promise.resolve());
  }

  get(instanceId: string): Promise<string | undefined> {
    return Promise.resolve(this.#settings.get(instanceId));
  }

  async put(instanceId: string, settings: string): Promise<void> {
    await this.#write({ instanceId, settings });
  }

  replace(instanceId: string, expected: string, settings: string): Promise<boolean> {
    return this.#write({ instanceId, settings }, expected);
  }

  async remove(instanceId: string): Promise<void> {
    await this.#write({ instanceId });
  }

  instanceIds(): Promise<string[]> {
    return Promise.resolve([...this.#settings.keys()]);
  }

  async check(): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#refused !== undefined) await (this.#probing ??= this.#probe(this.#refused));
  }

  async close(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    this.#broken ??= new StoreUnavailable('The registry is being stopped');
    await this.#compacting;
    await this.#journal.file.close();
  }

  #write(change: Change, expected?: string): Promise<boolean> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, expected, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Writes what waits, and what has come to wait meanwhile, until nothing waits. */
  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const made = this.#permitted(batch);
      try {
        if (this.#broken !== undefined) throw this.#broken;
        if (made.size > 0) await this.#append([...made].map(({ change }) => change));
        for (const { change } of made) this.#set(change);
        this.#seq += made.size;
      } catch (failure) {
        for (const { reject } of batch) reject(failure as Error);
        continue;
      }
      for (const waiting of batch) waiting.resolve(made.has(waiting));
      await this.#startCompaction();
    }
    // Here and not when the promise has settled: what came to wait until then would wait for ever.
    this.#writing = undefined;
  }

  /** Those that find what they expect, when those before them are made. */
  #permitted(batch: readonly Waiting[]): ReadonlySet<Waiting> {
    const settings = new Map<string, string | undefined>();
    return new Set(
      batch.filter(({ change, expected }) => {
        const id = change.instanceId;
        const now = settings.has(id) ? settings.get(id) : this.#settings.get(id);
        if (expected !== undefined && expected !== now) return false;
        settings.set(id, change.settings);
        return true;
      }),
    );
  }

  /** Whether there is room again for what could not be written; else nobody would try. */
  async #probe({ failure, bytes }: Refused): Promise<void> {
    const { files, name } = this.#options;
    try {
      await files.probe(name, bytes);
      this.#refused = undefined;
    } catch {
      throw failure;
    } finally {
      this.#probing = undefined;
    }
  }

  #set({ instanceId, settings }: Change): void {
    const before = this.#settings.get(instanceId)?.length ?? 0;
    this.#settingsLength += (settings?.length ?? 0) - before;
    if (settings === undefined) this.#settings.delete(instanceId);
    else this.#settings.set(instanceId, settings);
  }

  async #append(changes: readonly Change[]): Promise<void> {
    const seq = this.#seq;
    const bytes = Buffer.concat(
      changes.map((change, index) =>
        encodeEntry({ seq: seq + 1 + index, acknowledged: seq, ...change }),
      ),
    );
    const journal = this.#journal;
    try {
      await journal.file.write(bytes);
    } catch (failure) {
      throw await this.#takeBack(failure as Error, bytes.length);
    }
    try {
      await journal.file.sync();
    } catch (failure) {
      // The kernel may have dropped the pages and call them clean: to sync again proves nothing.
      throw this.#breakDown(failure as Error, 'restart it to see what is on the disk');
    }
    journal.bytes += bytes.length;
    this.#refused = undefined;
  }

  /** After a write that failed, mostly because the disk is full: later ones may have room again. */
  async #takeBack(cause: Error, refusedBytes: number): Promise<StoreUnavailable> {
    const { file, number, bytes } = this.#journal;
    try {
      await file.truncate(bytes);
    } catch {
      return this.#breakDown(cause, 'make room, then restart it');
    }
    const failure = new StoreUnavailable(
      `The registry cannot write to ${journalName(this.#options.name, number)}: ` +
        `${cause.message}. Nothing was changed`,
      { cause },
    );
    this.#refused = { failure, bytes: refusedBytes };
    return failure;
  }

  #breakDown(failure: Error, remedy: string): StoreUnavailable {
    const name = journalName(this.#options.name, this.#journal.number);
    this.#broken = new StoreUnavailable(
      `The registry writes nothing more because ${name} failed: ${failure.message}. ` +
        `It can still be read; ${remedy}`,
      { cause: failure },
    );
    this.#options.log(this.#broken.message);
    return this.#broken;
  }

  /** Begins a new journal when this one is long, and has the old ones compacted meanwhile. */
  async #startCompaction(): Promise<void> {
    const { files, name, journalBytesMax, log } = this.#options;
    const isLong = this.#journal.bytes >= Math.max(journalBytesMax, this.#settingsLength);
    if (!isLong || this.#compacting !== undefined) return;
    const old = this.#journal;
    const number = old.number + 1;
    try {
      this.#journal = { number, file: await files.append(journalName(name, number)), bytes: 0 };
    } catch (failure) {
      log(`no new journal, the old one goes on: ${(failure as Error).message}`);
      return;
    }
    this.#compactBelow(number, old.file.close());
  }

  #compactBelow(number: number, isClosed: Promise<void>): void {
    const { compact, log } = this.#options;
    this.#compacting = isClosed
      .then(() => compact(number))
      .catch((failure: unknown) => {
        log(`compaction failed and is tried again later: ${(failure as Error).message}`);
      })
      .finally(() => (this.#compacting = undefined));
  }
}
