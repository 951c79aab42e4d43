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

/** Those that have something in them: the next one is made before it is needed. */
async function usedJournalsOn(disk: PowerCutDisk): Promise<string[]> {
  const used: string[] = [];
  for (const file of await filesOn(disk).list()) {
    const bytes = file.includes('.journal-') ? await filesOn(disk).read(file) : undefined;
    if (bytes !== undefined && bytes.length > 0) used.push(file);
  }
  return used;
}

const neverEnds = { compact: (): Promise<void> => new Promise(() => undefined) };

test('what killed processes left is put into the file at the next start, and nothing is lost', async () => {
  const disk = powerCutDisk();
  for (let life = 1; life <= 5; life += 1) await putTen(await storeOn(disk, neverEnds), life);
  const [first, second] = await usedJournalsOn(disk);
  expect([first, second]).toEqual([`${name}.journal-1`, `${name}.journal-2`]);

  const store = await storeOn(disk);
  await store.close();
  expect(await usedJournalsOn(disk)).toHaveLength(1);
  const again = await storeOn(disk);
  for (let number = 0; number < 10; number += 1) {
    expect(await again.get(`vm-${number}`)).toContain('"life":5');
  }
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
  expect((await usedJournalsOn(disk)).length).toBeGreaterThan(1);
  const working = await storeOn(disk);
  await putTen(working, 2);
  await working.close();
  expect((await usedJournalsOn(disk)).length).toBeLessThanOrEqual(2);
  const last = await storeOn(disk);
  expect(await last.get('vm-9')).toContain('"life":2');
  await last.close();
});
