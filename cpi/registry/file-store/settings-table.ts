import initSqlJs, { type Database, type SqlJsStatic } from 'sql.js';

/** The settings of all instances as an SQLite database in memory, and as the bytes of its file. */
export interface SettingsTable {
  /** All that is in here, by the names of the instances. */
  settings(): Map<string, string>;
  /** The last change that is in here. */
  readonly seq: number;
  /** Puts changes in, the last of each instance (see `Changes`), up to the one of this number. */
  apply(changes: Changes, seq: number): void;
  /** The database as a file that any SQLite reads. `firstJournal` is the journal to go on with. */
  toFile(firstJournal: number): Uint8Array;
  close(): void;
}

/** What instances have since; undefined: nothing any more. */
export type Changes = ReadonlyMap<string, string | undefined>;

/** Which changes a file of the table has. */
export interface SnapshotPlace {
  readonly seq: number;
  /** The first journal whose changes are not in the file. */
  readonly firstJournal: number;
}

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
 * Opens the table of a file, or a new one.
 *
 * @throws Error if the file is no sound SQLite database of a registry.
 */
export function openTable(
  sqlite: Sqlite,
  file: Uint8Array | undefined,
): { table: SettingsTable; place: SnapshotPlace } {
  const database = new sqlite.Database(file);
  if (file === undefined) database.run(schema);
  else assertSound(database);
  const place = placeOf(database);
  return { table: tableOf(database, place.seq), place };
}

const schema = `
  CREATE TABLE registry_instances (
    instance_id TEXT NOT NULL PRIMARY KEY,
    settings TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE place (seq INTEGER NOT NULL, first_journal INTEGER NOT NULL);
  INSERT INTO place VALUES (0, 1);
`;

function assertSound(database: Database): void {
  const [result] = database.exec('PRAGMA quick_check');
  const verdict = result?.values[0]?.[0];
  if (verdict !== 'ok') throw new Error(`SQLite finds the database damaged: ${String(verdict)}`);
}

function placeOf(database: Database): SnapshotPlace {
  const [result] = database.exec('SELECT seq, first_journal FROM place');
  const [seq, firstJournal] = result?.values[0] ?? [];
  if (typeof seq !== 'number' || typeof firstJournal !== 'number') {
    throw new Error('the database has no place of its own in the journals');
  }
  return { seq, firstJournal };
}

function tableOf(database: Database, snapshotSeq: number): SettingsTable {
  let seq = snapshotSeq;
  const upsert = database.prepare('INSERT OR REPLACE INTO registry_instances VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM registry_instances WHERE instance_id = ?');
  return {
    get seq() {
      return seq;
    },
    settings: () => {
      const [result] = database.exec('SELECT instance_id, settings FROM registry_instances');
      return new Map(result?.values as [string, string][] | undefined);
    },
    apply: (changes, upTo) => {
      seq = upTo;
      for (const [instanceId, settings] of changes) {
        if (settings === undefined) remove.run([instanceId]);
        else upsert.run([instanceId, settings]);
      }
    },
    toFile: (firstJournal) => {
      database.run('UPDATE place SET seq = ?, first_journal = ?', [seq, firstJournal]);
      return database.export();
    },
    close: () => {
      database.close();
    },
  };
}
