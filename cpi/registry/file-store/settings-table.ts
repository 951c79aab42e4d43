import initSqlJs, { type Database, type SqlJsStatic } from 'sql.js';
import { firstPlace, type JournalPlace } from './journal.js';

/** The settings of all instances as an SQLite database in memory, and as the bytes of its file. */
export interface SettingsTable {
  /** All that is in here, by the names of the instances. */
  settings(): Map<string, string>;
  /** Puts changes in, the last of each instance (see `Changes`). */
  apply(changes: Changes): void;
  /** The database as a file that any SQLite reads. `place` is where its journals go on. */
  toFile(place: JournalPlace): Uint8Array;
  close(): void;
}

/** What instances have since; undefined: nothing any more. */
export type Changes = ReadonlyMap<string, string | undefined>;

export type Sqlite = SqlJsStatic;

/**
 * Loads SQLite.
 *
 * @param wasmPath where the file `sql-wasm.wasm` of sql.js lies
 */
export function loadSqlite(wasmPath: string): Promise<Sqlite> {
  return initSqlJs({ locateFile: () => wasmPath });
}

/**
 * Opens the table of a file, or a new one; `place` is the journal whose changes it does not have.
 *
 * @throws Error if the file is no sound SQLite database of a registry.
 */
export function openTable(
  sqlite: Sqlite,
  file: Uint8Array | undefined,
): { table: SettingsTable; place: JournalPlace } {
  const database = new sqlite.Database(file);
  if (file === undefined) database.run(schema);
  else assertSound(database);
  const place = file === undefined ? firstPlace : placeOf(database);
  return { table: tableOf(database), place };
}

const schema = `
  CREATE TABLE registry_instances (
    instance_id TEXT NOT NULL PRIMARY KEY,
    settings TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE place (journal INTEGER NOT NULL, seq INTEGER NOT NULL, checksum TEXT NOT NULL);
`;

function assertSound(database: Database): void {
  const [result] = database.exec('PRAGMA quick_check');
  const verdict = result?.values[0]?.[0];
  if (verdict !== 'ok') throw new Error(`SQLite finds the database damaged: ${String(verdict)}`);
}

function placeOf(database: Database): JournalPlace {
  const [result] = database.exec('SELECT journal, seq, checksum FROM place');
  const [journal, seq, checksum] = result?.values[0] ?? [];
  if (typeof journal !== 'number' || typeof seq !== 'number' || typeof checksum !== 'string') {
    throw new Error('the database does not say which journal it goes on with');
  }
  return { journal, seq, checksum };
}

function tableOf(database: Database): SettingsTable {
  const upsert = database.prepare('INSERT OR REPLACE INTO registry_instances VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM registry_instances WHERE instance_id = ?');
  return {
    settings: () => {
      const [result] = database.exec('SELECT instance_id, settings FROM registry_instances');
      return new Map(result?.values as [string, string][] | undefined);
    },
    apply: (changes) => {
      for (const [instanceId, settings] of changes) {
        if (settings === undefined) remove.run([instanceId]);
        else upsert.run([instanceId, settings]);
      }
    },
    toFile: ({ journal, seq, checksum }) => {
      database.run('DELETE FROM place');
      database.run('INSERT INTO place VALUES (?, ?, ?)', [journal, seq, checksum]);
      return database.export();
    },
    close: () => {
      database.close();
    },
  };
}
