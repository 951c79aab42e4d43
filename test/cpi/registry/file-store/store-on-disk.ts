// A file store on a disk of the tests, with what they want to decide about it.
import { createRequire } from 'node:module';
import { compact } from '../../../../cpi/registry/file-store/compaction.js';
import {
  durableFiles,
  type DurableFiles,
} from '../../../../cpi/registry/file-store/durable-files.js';
import { openFileStore } from '../../../../cpi/registry/file-store/file-store.js';
import { loadSqlite, type Sqlite } from '../../../../cpi/registry/file-store/settings-table.js';
import type { SettingsStore } from '../../../../cpi/registry/settings-store.js';
import { makeFolder } from '../../../../cpi/serving/make-folder.js';
import { syncFolder, type FileSystem } from '../../../../cpi/serving/sync-folder.js';

export const folder = '/var/store/registry';
export const name = 'registry.sqlite';

const wasmPath = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');
let loaded: Promise<Sqlite> | undefined;
let runs = 0;

export function sqlite(): Promise<Sqlite> {
  return (loaded ??= loadSqlite(wasmPath));
}

/**
 * Before a run of stores that are killed: a new one now and then, as sql.js names its files at
 * random, and theirs stay, so that among thousands two would have one name.
 */
export async function prepareSqlite(): Promise<void> {
  if (runs % 20 === 0) loaded = undefined;
  runs += 1;
  await sqlite();
}

export interface StoreOptions {
  /** Instead of a compaction that works. */
  readonly compact?: (firstJournal: number) => Promise<void>;
  readonly journalBytesMax?: number;
  readonly log?: (line: string) => void;
}

/** Opens the store as the program does, the folder made first. */
export async function storeOn(
  disk: FileSystem,
  options: StoreOptions = {},
): Promise<SettingsStore> {
  await makeFolder(folder, 0o700, (path) => syncFolder(path, disk), disk);
  const files = filesOn(disk);
  const database = await sqlite();
  return openFileStore({
    files,
    name,
    sqlite: database,
    compact: (firstJournal) => compact(files, name, database, firstJournal),
    journalBytesMax: 400,
    log: () => undefined,
    ...options,
  });
}

export function filesOn(disk: FileSystem): DurableFiles {
  return durableFiles(folder, disk);
}
