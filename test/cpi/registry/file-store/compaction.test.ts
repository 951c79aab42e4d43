// Journals do not pile up: they are put into the database file as they grow, and those that a killed
// process left at the next start; a compaction that fails is told and made up for.
import { createRequire } from 'node:module';
import { expect, test } from '@playwright/test';
import { compact } from '../../../../cpi/registry/file-store/compaction.js';
import { openFileStore } from '../../../../cpi/registry/file-store/file-store.js';
import { loadSqlite } from '../../../../cpi/registry/file-store/settings-table.js';
import type { SettingsStore } from '../../../../cpi/registry/settings-store.js';
import { powerCutFiles, type PowerCutFiles } from './power-cut-files.js';

const name = 'registry.sqlite';
const wasmPath = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');

type Compact = (firstJournal: number) => Promise<void>;

async function openOn(
  files: PowerCutFiles,
  how: 'works' | 'never ends' | 'fails',
  log: string[] = [],
): Promise<SettingsStore> {
  const sqlite = await loadSqlite(wasmPath);
  const ways: Record<typeof how, Compact> = {
    works: (firstJournal) => compact(files, name, sqlite, firstJournal),
    'never ends': () => new Promise(() => undefined),
    fails: () => Promise.reject(new Error('the disk is full')),
  };
  return openFileStore({
    files,
    name,
    sqlite,
    compact: ways[how],
    journalBytesMax: 300,
    log: (line) => log.push(line),
  });
}

async function putTen(store: SettingsStore, life: number): Promise<void> {
  for (let number = 0; number < 10; number += 1) {
    await store.put(`vm-${number}`, `{"life":${life},"fill":"${'x'.repeat(60)}"}`);
  }
}

async function journalsIn(files: PowerCutFiles): Promise<string[]> {
  return (await files.list()).filter((file) => file.includes('.journal-'));
}

test('what killed processes left is put into the file at the next start, and nothing is lost', async () => {
  const files = powerCutFiles();
  for (let life = 1; life <= 5; life += 1) await putTen(await openOn(files, 'never ends'), life);
  expect((await journalsIn(files)).length).toBeGreaterThan(1);
  expect(await files.read(name)).toBeUndefined();

  const store = await openOn(files, 'works');
  await store.close();
  expect(await journalsIn(files)).toHaveLength(1);
  const again = await openOn(files, 'works');
  for (let number = 0; number < 10; number += 1) {
    expect(await again.get(`vm-${number}`)).toContain('"life":5');
  }
  await again.close();
});

test('a compaction that fails is told, and the next one does its work, too', async () => {
  const files = powerCutFiles();
  const log: string[] = [];
  const failing = await openOn(files, 'fails', log);
  await putTen(failing, 1);
  await failing.close();
  expect(log.join('\n')).toContain('compaction failed and is tried again later: the disk is full');
  expect((await journalsIn(files)).length).toBeGreaterThan(1);
  const working = await openOn(files, 'works', log);
  await putTen(working, 2);
  await working.close();
  expect((await journalsIn(files)).length).toBeLessThanOrEqual(2);
  const last = await openOn(files, 'works');
  expect(await last.get('vm-9')).toContain('"life":2');
  await last.close();
});
