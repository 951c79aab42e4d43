// Journals do not pile up: they are put into the database file as they grow, and those that a killed
// process left at the next start; a compaction that fails is told and made up for.
import { expect, test } from '@playwright/test';
import type { SettingsStore } from '../../../../cpi/registry/settings-store.js';
import { powerCutDisk, type PowerCutDisk } from './power-cut-disk.js';
import { filesOn, name, storeOn } from './store-on-disk.js';

async function putTen(store: SettingsStore, life: number): Promise<void> {
  for (let number = 0; number < 10; number += 1) {
    await store.put(`vm-${number}`, `{"life":${life},"fill":"${'x'.repeat(60)}"}`);
  }
}

async function journalsOn(disk: PowerCutDisk): Promise<string[]> {
  return (await filesOn(disk).list()).filter((file) => file.includes('.journal-'));
}

const neverEnds = { compact: (): Promise<void> => new Promise(() => undefined) };

test('what killed processes left is put into the file at the next start, and nothing is lost', async () => {
  const disk = powerCutDisk();
  for (let life = 1; life <= 5; life += 1) await putTen(await storeOn(disk, neverEnds), life);
  expect((await journalsOn(disk)).length).toBeGreaterThan(1);
  expect(await filesOn(disk).read(name)).toBeUndefined();

  const store = await storeOn(disk);
  await store.close();
  expect(await journalsOn(disk)).toHaveLength(1);
  const again = await storeOn(disk);
  for (let number = 0; number < 10; number += 1) {
    expect(await again.get(`vm-${number}`)).toContain('"life":5');
  }
  await again.close();
});

test('the database file without the journal that goes on from it is damage, until that is let go', async () => {
  const disk = powerCutDisk();
  const store = await storeOn(disk);
  await putTen(store, 1);
  await store.close();
  const compacted = await storeOn(disk);
  await compacted.put('vm-0', '{"life":2}');
  await compacted.close();
  const files = filesOn(disk);
  expect(await files.read(name)).toBeDefined();
  const journals = await journalsOn(disk);
  for (const journal of journals) await files.remove(journal);
  const [missing = ''] = journals;
  await expect(storeOn(disk)).rejects.toThrow(`${missing}, which has the changes since`);
  expect(await journalsOn(disk)).toEqual([]);
  await (await files.append(missing)).close();
  const again = await storeOn(disk);
  expect(await again.get('vm-0')).toContain('"life":1');
  await again.close();
});

test('a compaction that fails is told, and the next one does its work, too', async () => {
  const disk = powerCutDisk();
  const log: string[] = [];
  const failing = await storeOn(disk, {
    compact: () => Promise.reject(new Error('the disk is full')),
    log: (line) => log.push(line),
  });
  await putTen(failing, 1);
  await failing.close();
  expect(log.join('\n')).toContain('compaction failed and is tried again later: the disk is full');
  expect((await journalsOn(disk)).length).toBeGreaterThan(1);
  const working = await storeOn(disk);
  await putTen(working, 2);
  await working.close();
  expect((await journalsOn(disk)).length).toBeLessThanOrEqual(2);
  const last = await storeOn(disk);
  expect(await last.get('vm-9')).toContain('"life":2');
  await last.close();
});
