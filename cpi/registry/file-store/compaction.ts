import type { DurableFiles } from './durable-files.js';
import { journalName, journalNumbers, recover } from './store-files.js';
import type { Sqlite } from './settings-table.js';

/**
 * Puts the changes of all journals below a number into the database file. Those journals have
 * ended; to do it again, or to be killed while doing it, does no harm.
 *
 * @throws StoreDamaged
 */
export async function compact(
  files: DurableFiles,
  name: string,
  sqlite: Sqlite,
  firstJournal: number,
): Promise<void> {
  const { table, changes, last } = await recover(files, name, sqlite, firstJournal);
  try {
    table.apply(changes);
    await files.replace(name, table.toFile(last.place));
  } finally {
    table.close();
  }
  await removeJournalsBelow(files, name, firstJournal);
}

/** Removes journals whose changes the database file has. */
export async function removeJournalsBelow(
  files: DurableFiles,
  name: string,
  firstJournal: number,
): Promise<void> {
  for (const number of await journalNumbers(files, name)) {
    if (number < firstJournal) await files.remove(journalName(name, number));
  }
}
