// The files of a store: the table as an SQLite database, and journals of the changes since, which
// are numbered. `registry.sqlite` and `registry.sqlite.journal-7`.
import type { DurableFiles } from './durable-files.js';
import { decodeJournal, JournalCorrupt, type JournalEntry } from './journal.js';
import { openTable, type Changes, type SettingsTable, type Sqlite } from './settings-table.js';

export function journalName(name: string, number: number): string {
  return `${name}.journal-${number}`;
}

/** The numbers of the journals that are there, ascending. */
export async function journalNumbers(files: DurableFiles, name: string): Promise<number[]> {
  const prefix = journalName(name, 0).slice(0, -1);
  const numbers = (await files.list())
    .filter((file) => file.startsWith(prefix))
    .map((file) => Number(file.slice(prefix.length)))
    .filter((number) => Number.isSafeInteger(number) && number > 0);
  return numbers.sort((a, b) => a - b);
}

/** The files cannot be relied on. The message says which, why, and what to do. */
export class StoreDamaged extends Error {
  override readonly name = 'StoreDamaged';
}

export interface Recovered {
  /** As the database file has it. */
  readonly table: SettingsTable;
  /** What the journals have since. */
  readonly changes: Changes;
  /** The last change of all. */
  readonly seq: number;
  /** The first journal whose changes are not in the database file. */
  readonly firstJournal: number;
  /** The journal to go on with, and how many of its bytes are sound. */
  readonly journal: { readonly number: number; readonly soundBytes: number };
  /** Bytes of writes that never ended. */
  readonly tornBytes: number;
}

/**
 * The table, and what has changed since, up to the last acknowledged change.
 *
 * @param before only journals below this number are read; all of them if it is left out
 * @throws StoreDamaged
 */
export async function recover(
  files: DurableFiles,
  name: string,
  sqlite: Sqlite,
  before = Infinity,
): Promise<Recovered> {
  const { table, firstJournal, isThere } = await openSnapshot(files, name, sqlite);
  const all = await journalNumbers(files, name);
  // It is on disk before any database file that names it.
  if (isThere && !all.includes(firstJournal)) {
    throw damaged(
      name,
      `${journalName(name, firstJournal)}, which has the changes since ${name} was written, is ` +
        'missing. If it is lost for good, an empty file of that name makes the registry start ' +
        'without those changes',
    );
  }
  const numbers = all.filter((number) => number >= firstJournal && number < before);
  const contents: Buffer[] = [];
  for (const number of numbers) {
    contents.push(Buffer.from((await files.read(journalName(name, number))) ?? []));
  }
  // A journal that was begun and never used: the one before it may have gone on.
  while (contents.length > 1 && contents.at(-1)?.length === 0) {
    contents.pop();
    numbers.pop();
  }
  const { entries, soundBytes } = decode(Buffer.concat(contents), table.seq, name, numbers);
  const last = numbers.at(-1) ?? firstJournal;
  const lastBytes = contents.at(-1)?.length ?? 0;
  const allBytes = contents.reduce((sum, { length }) => sum + length, 0);
  const tornBytes = allBytes - soundBytes;
  if (tornBytes > lastBytes) {
    throw damaged(name, `a journal before ${journalName(name, last)} does not end where it should`);
  }
  return {
    table,
    changes: new Map(entries.map(({ instanceId, settings }) => [instanceId, settings])),
    seq: entries.at(-1)?.seq ?? table.seq,
    firstJournal,
    journal: { number: last, soundBytes: lastBytes - tornBytes },
    tornBytes,
  };
}

async function openSnapshot(
  files: DurableFiles,
  name: string,
  sqlite: Sqlite,
): Promise<{ table: SettingsTable; firstJournal: number; isThere: boolean }> {
  const file = await files.read(name);
  try {
    const { table, place } = openTable(sqlite, file);
    return { table, firstJournal: place.firstJournal, isThere: file !== undefined };
  } catch (failure) {
    throw damaged(name, (failure as Error).message, failure);
  }
}

function decode(
  bytes: Uint8Array,
  afterSeq: number,
  name: string,
  numbers: readonly number[],
): { entries: readonly JournalEntry[]; soundBytes: number } {
  try {
    return decodeJournal(bytes, afterSeq);
  } catch (failure) {
    if (!(failure instanceof JournalCorrupt)) throw failure;
    const journals = numbers.map((number) => journalName(name, number)).join(', ');
    throw damaged(name, `in ${journals}: ${failure.message}`, failure);
  }
}

function damaged(name: string, problem: string, cause?: unknown): StoreDamaged {
  return new StoreDamaged(
    `The registry's files ${name} and ${journalName(name, 0).slice(0, -1)}* are damaged: ` +
      `${problem}. Put back a backup of all of them, or move them away: the registry then starts ` +
      'empty, and VMs of stemcells below API version 2 have to be recreated',
    { cause },
  );
}
