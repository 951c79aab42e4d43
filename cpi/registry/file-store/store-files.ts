// The files of a store: the table as an SQLite database, and journals of the changes since, which
// are numbered: `registry.sqlite` and `registry.sqlite.journal-7`. The database names the journal
// that goes on from it, and each journal that has ended the next. A new store has both before it
// acknowledges anything, so that no change can go with one of them and not be missed. A database
// that is gone while the first journal is there is no loss: the journals have everything.
import type { DurableFiles } from './durable-files.js';
import {
  decodeJournal,
  JournalCorrupt,
  type JournalContents,
  type JournalPlace,
} from './journal.js';
import { openTable, type Changes, type SettingsTable, type Sqlite } from './settings-table.js';

export function journalName(name: string, number: number): string {
  return `${name}.journal-${number}`;
}

/** The numbers of the journals that are there, ascending. */
export async function journalNumbers(files: DurableFiles, name: string): Promise<number[]> {
  const prefix = journalName(name, 0).slice(0, -1);
  const numbers = (await files.list())
    .filter((file) => file.startsWith(prefix))
    .map((file) => file.slice(prefix.length))
    .filter((number) => /^[1-9]\d{0,14}$/.test(number))
    .map(Number);
  return numbers.sort((a, b) => a - b);
}

/** The files cannot be relied on. The message says which, why, and what to do. */
export class StoreDamaged extends Error {
  override readonly name = 'StoreDamaged';
}

export interface Recovered {
  /** Without a database, that is still to be written. */
  readonly found: 'nothing' | 'journals alone' | 'a database';
  /** As the database file has it. */
  readonly table: SettingsTable;
  /** What the journals have since. */
  readonly changes: Changes;
  /** The first journal whose changes are not in the database file. */
  readonly firstJournal: number;
  readonly last: LastJournal;
}

/** The journal to go on with: it has no end yet. */
export interface LastJournal {
  readonly place: JournalPlace;
  /** The last change of all. */
  readonly seq: number;
  readonly soundBytes: number;
  /** Of those bytes, after what was before the journal. */
  readonly checksum: string;
  /** Bytes of writes that never ended. */
  readonly tornBytes: number;
}

/**
 * The table, and what has changed since, up to the last acknowledged change.
 *
 * @param before only journals below this number are read, which have ended; all if it is left out
 * @throws StoreDamaged
 */
export async function recover(
  files: DurableFiles,
  name: string,
  sqlite: Sqlite,
  before = Infinity,
): Promise<Recovered> {
  const numbers = await journalNumbers(files, name);
  const { table, place, found } = await openSnapshot(files, name, sqlite, numbers);
  const changes = new Map<string, string | undefined>();
  let last = unused(place);
  while (last.place.journal < before) {
    const bytes =
      found === 'nothing' ? new Uint8Array() : await readJournal(files, name, last.place);
    const contents = decode(files, name, last.place, bytes);
    for (const { instanceId, settings } of contents.entries) changes.set(instanceId, settings);
    if (contents.next === undefined) {
      last = lastOf(last.place, contents, bytes.length);
      await assertNoneFollow(files, name, last.place.journal, numbers, before);
      break;
    }
    last = unused(contents.next);
  }
  return { found, table, changes, firstJournal: place.journal, last };
}

function unused(place: JournalPlace): LastJournal {
  return { place, seq: place.seq, soundBytes: 0, checksum: place.checksum, tornBytes: 0 };
}

function lastOf(
  place: JournalPlace,
  { entries, soundBytes, checksum }: JournalContents,
  length: number,
): LastJournal {
  return {
    place,
    seq: entries.at(-1)?.seq ?? place.seq,
    soundBytes,
    checksum,
    tornBytes: length - soundBytes,
  };
}

/**
 * Without a database there is nothing yet, or the first journal, which has everything then: a
 * process may have been killed at its first start.
 */
async function openSnapshot(
  files: DurableFiles,
  name: string,
  sqlite: Sqlite,
  numbers: readonly number[],
): Promise<{ found: Recovered['found']; table: SettingsTable; place: JournalPlace }> {
  const file = await files.read(name);
  const [lowest = 1] = numbers;
  if (file === undefined && lowest > 1) {
    const journal = journalName(name, lowest);
    throw damaged(files, name, `${name}, which has all changes before ${journal}, is missing`);
  }
  const withoutDatabase = numbers.length === 0 ? 'nothing' : 'journals alone';
  const found = file === undefined ? withoutDatabase : 'a database';
  try {
    return { found, ...openTable(sqlite, file) };
  } catch (failure) {
    throw damaged(files, name, (failure as Error).message, failure);
  }
}

/** A journal's name is on disk before the database file, or another journal, names it. */
async function readJournal(
  files: DurableFiles,
  name: string,
  { journal, seq }: JournalPlace,
): Promise<Uint8Array> {
  const bytes = await files.read(journalName(name, journal));
  if (bytes !== undefined) return bytes;
  throw damaged(
    files,
    name,
    `${journalName(name, journal)}, which has the changes after change ${seq}, is missing. If it ` +
      'is lost for good, an empty file of that name makes the registry start without those changes',
  );
}

/** The next one is made before this one ends, and stays empty until then. */
async function assertNoneFollow(
  files: DurableFiles,
  name: string,
  last: number,
  numbers: readonly number[],
  before: number,
): Promise<void> {
  for (const number of numbers) {
    if (number <= last) continue;
    const isNext = number === last + 1 && number < before;
    if (isNext && (await files.read(journalName(name, number)))?.length === 0) continue;
    const [journal, other] = [journalName(name, last), journalName(name, number)];
    throw damaged(
      files,
      name,
      `${journal} does not end where it should, as ${other} is there, too`,
    );
  }
}

function decode(
  files: DurableFiles,
  name: string,
  place: JournalPlace,
  bytes: Uint8Array,
): JournalContents {
  try {
    return decodeJournal(bytes, place);
  } catch (failure) {
    if (!(failure instanceof JournalCorrupt)) throw failure;
    const journal = journalName(name, place.journal);
    throw damaged(files, name, `in ${journal}: ${failure.message}`, failure);
  }
}

function damaged(
  { folder }: DurableFiles,
  name: string,
  problem: string,
  cause?: unknown,
): StoreDamaged {
  const journals = `${journalName(name, 0).slice(0, -1)}*`;
  return new StoreDamaged(
    `The registry's files ${name} and ${journals} in ${folder} are damaged: ` +
      `${problem}. Put back a backup of all of them, or move them away: the registry then starts ` +
      'empty, and VMs of stemcells below API version 2 have to be recreated',
    { cause },
  );
}
