import { StoreUnavailable, type SettingsStore } from '../settings-store.js';
import { removeJournalsBelow } from './compaction.js';
import type { AppendableFile } from './durable-files.js';
import { JournalWriter, type JournalFiles } from './journal-writer.js';
import { firstPlace, type Change } from './journal.js';
import type { Sqlite } from './settings-table.js';
import { journalName, recover, type Recovered } from './store-files.js';

export interface FileStoreOptions extends JournalFiles {
  readonly sqlite: Sqlite;
  /** Puts the journals below a number into the database file, without making requests wait. */
  readonly compact: (firstJournal: number) => Promise<void>;
  /**
   * How long a journal becomes before it is compacted; as long as all settings are, where that is
   * more: so compaction costs each change the same, however many settings there are.
   */
  readonly journalBytesMax: number;
}

/**
 * A store in one SQLite file and journals beside it. A change is appended to the journal and synced
 * before it is acknowledged, changes that arrive meanwhile together with one sync; reads come from
 * a map in memory. A worker puts the journals into the file from time to time.
 *
 * @throws StoreDamaged if what was acknowledged is not there.
 */
export async function openFileStore(options: FileStoreOptions): Promise<SettingsStore> {
  const { files, name, sqlite } = options;
  const recovered = await recover(files, name, sqlite);
  const { firstJournal, last } = recovered;
  // First: a killed process may have put the database file there and not made its name durable.
  const file = await files.append(journalName(name, last.place.journal));
  await removeJournalsBelow(files, name, firstJournal);
  await files.tidy(name);
  await makeDurable(options, recovered);
  await makeDatabase(options, recovered);
  return new FileStore(options, recovered, file);
}

/**
 * What the journals say is told from here on, and built upon, also what an earlier process could
 * not sync, or had not come to.
 */
async function makeDurable(
  { files, name, log }: JournalFiles,
  { firstJournal, last }: Recovered,
): Promise<void> {
  for (let number = firstJournal; number <= last.place.journal; number += 1) {
    const journal = journalName(name, number);
    const bytes = (await files.read(journal)) ?? new Uint8Array();
    const isLast = number === last.place.journal;
    await files.writeAgain(journal, isLast ? bytes.subarray(0, last.soundBytes) : bytes);
  }
  if (last.tornBytes === 0) return;
  log(
    `the last write to ${journalName(name, last.place.journal)} is cut: ${last.tornBytes} bytes ` +
      'dropped; unless somebody shortened the file, nobody had been told that it was done',
  );
}

/** From the first change on there are both files: none can go with one and not be missed. */
async function makeDatabase(
  { files, name, log }: JournalFiles,
  { found, table }: Recovered,
): Promise<void> {
  if (found === 'a database') return;
  if (found === 'nothing') {
    const missing = `neither ${name} nor a journal of it is in ${files.folder}`;
    log(`${missing}: the registry starts empty, as a new one does`);
  }
  await files.replace(name, table.toFile(firstPlace));
}

interface Waiting {
  readonly change: Change;
  /** In the place of what alone it may come; without it, of anything. */
  readonly expected?: Pick<Change, 'settings'> | undefined;
  /** Told whether it was made. */
  readonly resolve: (isMade: boolean) => void;
  readonly reject: (failure: Error) => void;
}

class FileStore implements SettingsStore {
  readonly #options: FileStoreOptions;
  readonly #settings: Map<string, string>;
  readonly #journal: JournalWriter;
  /** Of all settings together, in characters. */
  #settingsLength = 0;
  /** The last change that is in the journal. */
  #seq: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #compacting: Promise<void> | undefined;

  constructor(options: FileStoreOptions, recovered: Recovered, file: AppendableFile) {
    const { table, changes, firstJournal, last } = recovered;
    this.#options = options;
    this.#settings = table.settings();
    table.close();
    for (const settings of this.#settings.values()) this.#settingsLength += settings.length;
    for (const [instanceId, settings] of changes) this.#set({ instanceId, settings });
    this.#seq = last.seq;
    this.#journal = new JournalWriter(options, last, file);
    // What an earlier process did not come to: else each start would read more journals.
    if (firstJournal < last.place.journal) this.#compactBelow(last.place.journal);
  }

  get(instanceId: string): Promise<string | undefined> {
    return Promise.resolve(this.#settings.get(instanceId));
  }

  async put(instanceId: string, settings: string): Promise<void> {
    await this.#write({ instanceId, settings });
  }

  replace(
    instanceId: string,
    expected: string | undefined,
    settings: string | undefined,
  ): Promise<boolean> {
    return this.#write({ instanceId, settings }, { settings: expected });
  }

  async remove(instanceId: string): Promise<void> {
    await this.#write({ instanceId });
  }

  instanceIds(): Promise<string[]> {
    return Promise.resolve([...this.#settings.keys()]);
  }

  check(): Promise<void> {
    return this.#journal.check();
  }

  async close(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    this.#journal.stop(new StoreUnavailable('The registry is being stopped'));
    await this.#compacting;
    await this.#journal.close();
  }

  #write(change: Change, expected?: Waiting['expected']): Promise<boolean> {
    const { broken } = this.#journal;
    if (broken !== undefined) return Promise.reject(broken);
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
        // Waits in any case: who has called this must come to know the promise before it ends.
        await this.#append([...made].map(({ change }) => change));
      } catch (failure) {
        for (const { reject } of batch) reject(failure as Error);
        continue;
      }
      for (const waiting of batch) waiting.resolve(made.has(waiting));
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
        if (expected !== undefined && expected.settings !== now) return false;
        settings.set(id, change.settings);
        return true;
      }),
    );
  }

  async #append(changes: readonly Change[]): Promise<void> {
    if (this.#journal.broken !== undefined) throw this.#journal.broken;
    if (changes.length === 0) return;
    const bytesMax = Math.max(this.#options.journalBytesMax, this.#settingsLength);
    const mayEnd = this.#compacting === undefined;
    const next = await this.#journal.append(changes, this.#seq, mayEnd ? bytesMax : Infinity);
    for (const change of changes) this.#set(change);
    this.#seq += changes.length;
    if (next !== undefined) this.#compactBelow(next);
    else if (this.#journal.bytes >= bytesMax / 2) this.#journal.prepareNext();
  }

  #set({ instanceId, settings }: Change): void {
    const before = this.#settings.get(instanceId)?.length ?? 0;
    this.#settingsLength += (settings?.length ?? 0) - before;
    if (settings === undefined) this.#settings.delete(instanceId);
    else this.#settings.set(instanceId, settings);
  }

  #compactBelow(number: number): void {
    const { compact, log } = this.#options;
    this.#compacting = compact(number)
      .catch((failure: unknown) => {
        log(`compaction failed and is tried again later: ${(failure as Error).message}`);
      })
      .finally(() => (this.#compacting = undefined));
  }
}
