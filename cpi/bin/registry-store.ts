import { existsSync } from 'node:fs';
import { readlink, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { durableFiles } from '../registry/file-store/durable-files.js';
import { openFileStore } from '../registry/file-store/file-store.js';
import { makeFolder } from '../serving/make-folder.js';
import { lock } from '../serving/process-lock.js';
import { loadSqlite } from '../registry/file-store/settings-table.js';
import { createMemoryStore } from '../registry/memory-store.js';
import type { StoreSettings } from '../registry/registry-properties.js';
import type { SettingsStore } from '../registry/settings-store.js';
import type { CompactionJob } from './registry-compaction.js';

/** A journal of this length is read in a tenth of a second. */
const journalBytesMax = 4 * 1024 * 1024;

/** Opens the store that the configuration asks for. */
export async function openStore(
  settings: StoreSettings,
  log: (line: string) => void,
): Promise<SettingsStore> {
  switch (settings.type) {
    case 'memory':
      return createMemoryStore();
    case 'file':
      return openLockedFileStore(settings.path, log);
    case 'postgres': {
      const { openPostgresStore } = await import('../registry/postgres-store.js');
      return openPostgresStore({ url: settings.url, tls: settings.tls ?? false, log });
    }
  }
}

async function openLockedFileStore(
  path: string,
  log: (line: string) => void,
): Promise<SettingsStore> {
  await makeFolder(dirname(path), 0o700);
  const real = await realPath(path);
  const [folder, name] = [dirname(real), basename(real)];
  const held = await lock(folder, name);
  const wasmPath = sqliteWasm();
  const store = await openFileStore({
    files: durableFiles(folder),
    name,
    sqlite: await loadSqlite(wasmPath),
    compact: (firstJournal) => compactInWorker({ folder, name, wasmPath, firstJournal }),
    journalBytesMax,
    log,
  });
  return {
    ...boundMethods(store),
    close: async () => {
      await store.close();
      await held.release();
    },
  };
}

/**
 * Of a file that links lead to, also where it is not made yet: its journals lie beside it, and
 * there it is locked.
 */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'ENOENT') throw failure;
  }
  const place = join(await realpath(dirname(path)), basename(path));
  const target = await linkTarget(place);
  if (target === undefined) return place;
  return realPath(isAbsolute(target) ? target : `${dirname(place)}/${target}`);
}

/** Where a link leads; undefined where there is none. */
async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (failure) {
    if (['ENOENT', 'EINVAL'].includes((failure as NodeJS.ErrnoException).code ?? '')) return;
    throw failure;
  }
}

function boundMethods(store: SettingsStore): SettingsStore {
  return {
    get: (instanceId) => store.get(instanceId),
    put: (instanceId, settings) => store.put(instanceId, settings),
    replace: (instanceId, expected, settings) => store.replace(instanceId, expected, settings),
    remove: (instanceId) => store.remove(instanceId),
    instanceIds: () => store.instanceIds(),
    check: () => store.check(),
    close: () => store.close(),
  };
}

function compactInWorker(job: CompactionJob): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./registry-compaction.js', import.meta.url), {
      workerData: job,
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`the compacting worker ended with ${code}`));
    });
  });
}

/** SQLite lies beside the bundled program; otherwise it comes from its package. */
function sqliteWasm(): string {
  const bundled = fileURLToPath(new URL('./sql-wasm.wasm', import.meta.url));
  return existsSync(bundled)
    ? bundled
    : createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');
}
