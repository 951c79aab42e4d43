// A worker of the registry: puts journals into the database file while requests go on.
import { parentPort, workerData } from 'node:worker_threads';
import { compact } from '../registry/file-store/compaction.js';
import { durableFiles } from '../registry/file-store/durable-files.js';
import { loadSqlite } from '../registry/file-store/settings-table.js';

/** What the worker is started with. */
export interface CompactionJob {
  readonly folder: string;
  readonly name: string;
  readonly wasmPath: string;
  readonly firstJournal: number;
}

const { folder, name, wasmPath, firstJournal } = workerData as CompactionJob;
await compact(durableFiles(folder), name, await loadSqlite(wasmPath), firstJournal);
parentPort?.close();
