// What the file store has acknowledged survives power cuts at any operation, also where the disk
// keeps a part of what was not synced, or noise; and it starts after each of them. Bounded here:
// `npm run durability` runs as many as one likes.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { expect, test } from '@playwright/test';
import { loadSqlite } from '../../../../cpi/registry/file-store/settings-table.js';
import { openFileStore } from '../../../../cpi/registry/file-store/file-store.js';
import { randomDraw } from '../../../support/random-draw.js';
import { powerCutFiles } from './power-cut-files.js';
import { livesWithPowerCuts } from './power-cut-run.js';

const wasmPath = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');

test('no acknowledged change is lost in a power cut, and every start succeeds', async () => {
  const sqlite = await loadSqlite(wasmPath);
  const first = Number(process.env.SEED ?? 1);
  let acknowledged = 0;
  for (let seed = first; seed < first + 60; seed += 1) {
    const run = await livesWithPowerCuts(sqlite, randomDraw(seed));
    assert.deepEqual(run.problems, [], `seed ${seed}: npm run durability -- --seed ${seed}`);
    acknowledged += run.acknowledged;
  }
  expect(acknowledged).toBeGreaterThan(500);
});

test('a store whose acknowledged changes were damaged does not start, and says what to do', async () => {
  const sqlite = await loadSqlite(wasmPath);
  const files = powerCutFiles();
  const options = {
    files,
    name: 'registry.sqlite',
    sqlite,
    compact: () => Promise.resolve(),
    journalBytesMax: 1_000_000,
    log: () => undefined,
  };
  const store = await openFileStore(options);
  for (const id of ['vm-1', 'vm-2', 'vm-3']) await store.put(id, '{"of":"an agent"}');
  await store.close();
  const journal = (await files.read('registry.sqlite.journal-1')) as Buffer;
  journal[20] = (journal[20] ?? 0) ^ 1;
  await expect(openFileStore(options)).rejects.toThrow(
    /damaged: in registry\.sqlite\.journal-1: change 1, which was acknowledged, cannot be read at byte 0.*Put back a backup/,
  );
});
