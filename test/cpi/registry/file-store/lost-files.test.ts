// No file of a store can go, be cut off or be exchanged and not be missed: the store does not start,
// says which one it is and what to do, and leaves the rest as it is.
import { expect, test } from '@playwright/test';
import type { SettingsStore } from '../../../../cpi/registry/settings-store.js';
import { powerCutDisk, type PowerCutDisk } from './power-cut-disk.js';
import { filesOn, name, storeOn } from './store-on-disk.js';

const failing = { compact: (): Promise<void> => Promise.reject(new Error('not now')) };

async function putSome(store: SettingsStore, what: string): Promise<void> {
  for (let number = 0; number < 20; number += 1) {
    await store.put(`vm-${number % 10}`, `{"what":"${what} ${number}","fill":"${'x'.repeat(60)}"}`);
  }
}

/** A database, and several journals since, the last of which has some changes. */
async function storedFiles(what = 'some'): Promise<PowerCutDisk> {
  const disk = powerCutDisk();
  const compacted = await storeOn(disk);
  await putSome(compacted, what);
  await compacted.close();
  const store = await storeOn(disk, failing);
  await putSome(store, 'more');
  await putSome(store, 'yet more');
  await store.put('vm-last', '{"last":1}');
  await store.close();
  return disk;
}

function journal(number: number): string {
  return `${name}.journal-${number}`;
}

/** The numbers of the journals that have something in them. */
async function usedJournals(disk: PowerCutDisk): Promise<number[]> {
  const used: number[] = [];
  for (const file of await filesOn(disk).list()) {
    const [, number] = /journal-(\d+)$/.exec(file) ?? [];
    if (number !== undefined && (await filesOn(disk).read(file))?.length !== 0) {
      used.push(Number(number));
    }
  }
  return used.sort((a, b) => a - b);
}

async function isRefused(disk: PowerCutDisk, problem: string | RegExp): Promise<void> {
  const before = await contentsOf(disk);
  await expect(storeOn(disk)).rejects.toThrow(problem);
  await expect(storeOn(disk)).rejects.toThrow(/are damaged: .*Put back a backup of all of them/);
  expect(await contentsOf(disk)).toEqual(before);
}

async function contentsOf(disk: PowerCutDisk): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  for (const file of await filesOn(disk).list()) {
    contents[file] = Buffer.from((await filesOn(disk).read(file)) ?? []).toString();
  }
  return contents;
}

test('with all of them it starts, and has everything', async () => {
  const disk = await storedFiles();
  expect((await usedJournals(disk)).length).toBeGreaterThan(3);
  const store = await storeOn(disk);
  expect(await store.get('vm-last')).toBe('{"last":1}');
  expect(await store.get('vm-9')).toContain('yet more 19');
  await store.close();
});

test('a new store has both files, says that it is one, and says so no more', async () => {
  const disk = powerCutDisk();
  const log: string[] = [];
  const options = { log: (line: string) => log.push(line) };
  await (await storeOn(disk, options)).close();
  expect(await filesOn(disk).list()).toEqual([journal(1), name]);
  const isNew =
    'neither registry.sqlite nor a journal of it is in /var/store/registry: the registry starts ' +
    'empty, as a new one does';
  expect(log).toEqual([isNew]);
  await (await storeOn(disk, options)).close();
  expect(log).toEqual([isNew]);
  // As the page says: whoever moves all of them away wants an empty one.
  for (const file of await filesOn(disk).list()) await filesOn(disk).remove(file);
  await (await storeOn(disk, options)).close();
  expect(log).toEqual([isNew, isNew]);
});

for (const puts of [0, 1, 3]) {
  test(`the loss of the first journal is noticed, also of a young store: ${puts} changes`, async () => {
    const disk = powerCutDisk();
    const store = await storeOn(disk, { journalBytesMax: Infinity });
    for (let number = 0; number < puts; number += 1) await store.put(`vm-${number}`, '{}');
    await store.close();
    await filesOn(disk).remove(journal(1));
    await isRefused(
      disk,
      `${journal(1)}, which has the changes after change 0, is missing. If it is lost for good, ` +
        'an empty file of that name makes the registry start without those changes',
    );
    await (await filesOn(disk).append(journal(1))).close();
    const again = await storeOn(disk);
    expect(await again.instanceIds()).toEqual([]);
    await again.close();
  });
}

test('journals from the first one on have everything, and get a database where it is gone', async () => {
  const disk = powerCutDisk();
  const store = await storeOn(disk, failing);
  await putSome(store, 'some');
  await store.close();
  await filesOn(disk).remove(name);
  const log: string[] = [];
  const again = await storeOn(disk, { ...failing, log: (line) => log.push(line) });
  expect(await again.get('vm-9')).toContain('some 19');
  expect(log.filter((line) => line.includes('starts empty'))).toEqual([]);
  await again.close();
  await filesOn(disk).remove(journal(1));
  await isRefused(disk, `${journal(1)}, which has the changes after change 0, is missing`);
});

test('a file whose name is only like that of a journal is none', async () => {
  const disk = await storedFiles();
  for (const number of ['0x10', '1e3', '007', ' 9', '7.tmp', '9'.repeat(20)]) {
    await (await filesOn(disk).append(`${name}.journal-${number}`)).close();
  }
  const store = await storeOn(disk);
  expect(await store.get('vm-last')).toBe('{"last":1}');
  await store.close();
  expect(await filesOn(disk).list()).toContain(`${name}.journal-007`);
});

test('the loss of any journal is noticed: of the first, of those between, of the last', async () => {
  for (const number of await usedJournals(await storedFiles())) {
    const disk = await storedFiles();
    await filesOn(disk).remove(journal(number));
    await isRefused(disk, `${journal(number)}, which has the changes after change `);
  }
});

test('what is lost for good can be let go, by an empty file in its place', async () => {
  const disk = await storedFiles();
  const [first = 0, second = 0] = await usedJournals(disk);
  for (const file of await filesOn(disk).list()) {
    if (file.includes('.journal-') && file !== journal(first)) await filesOn(disk).remove(file);
  }
  await isRefused(disk, `${journal(second)}, which has the changes after change `);
  await (await filesOn(disk).append(journal(second))).close();
  const store = await storeOn(disk);
  expect(await store.get('vm-last')).toBeUndefined();
  await store.put('vm-last', '{"again":1}');
  await store.close();
  expect(await (await storeOn(disk)).get('vm-last')).toBe('{"again":1}');
});

test('the loss of the database is noticed, also right after the journals were put into it', async () => {
  const disk = await storedFiles();
  await filesOn(disk).remove(name);
  await isRefused(disk, `${name}, which has all changes before ${name}.journal-`);
  const compacted = powerCutDisk();
  const store = await storeOn(compacted);
  const isCompacted = async (): Promise<boolean> => {
    const isFirst = (await filesOn(compacted).list()).includes(journal(1));
    return !isFirst && (await usedJournals(compacted)).length === 0;
  };
  for (let number = 0; !(await isCompacted()); number += 1) {
    await store.put('vm-1', `{"number":${number},"fill":"${'x'.repeat(200)}"}`);
    for (let turn = 0; turn < 60; turn += 1) await new Promise(setImmediate);
  }
  await store.close();
  await filesOn(compacted).remove(name);
  await isRefused(compacted, `${name}, which has all changes before ${name}.journal-`);
});

test('so is that of the end of a journal that others follow', async () => {
  const disk = await storedFiles();
  const [first = 0, second = 0] = await usedJournals(disk);
  const lines = Buffer.from((await filesOn(disk).read(journal(first))) ?? [])
    .toString()
    .split(/(?<=\n)/);
  await filesOn(disk).replace(journal(first), Buffer.from(lines.slice(0, -1).join('')));
  const follows = `${journal(first)} does not end where it should, as ${journal(second)} is there`;
  await isRefused(disk, follows);
});

test('a journal of other changes is not taken for the one that it stands for', async () => {
  const disk = await storedFiles();
  const other = await storedFiles('others');
  const [first = 0] = await usedJournals(disk);
  const bytes = await filesOn(other).read(journal(first));
  await filesOn(disk).replace(journal(first), bytes ?? new Uint8Array());
  await isRefused(disk, /in registry\.sqlite\.journal-\d+: it does not go on after change \d+ of/);
});

test('a database of an earlier moment is not taken for the one that the journals go on from', async () => {
  const disk = await storedFiles();
  const earlier = await filesOn(disk).read(name);
  await (await storeOn(disk)).close();
  expect(await filesOn(disk).read(name)).not.toEqual(earlier);
  const store = await storeOn(disk);
  expect(await store.get('vm-last')).toBe('{"last":1}');
  await store.close();
  await filesOn(disk).replace(name, earlier ?? new Uint8Array());
  await isRefused(disk, /journal-\d+, which has the changes after change \d+, is missing/);
});
