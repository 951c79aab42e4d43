// A disk that is full or fails: what was refused is as if it had never been asked for, also after a
// power cut; what is acknowledged stays; health tells of it as long as it lasts, and no longer; no
// half file and no open handle stays behind.
import { expect, test } from '@playwright/test';
import { StoreUnavailable } from '../../../../cpi/registry/settings-store.js';
import { powerCutDisk, type PowerCutDisk } from './power-cut-disk.js';
import { filesOn, folder, name, storeOn } from './store-on-disk.js';

const long = (letter: string): string => JSON.stringify({ fill: letter.repeat(500) });

/** Room for so many more bytes than are used now. */
async function leaveRoom(disk: PowerCutDisk, bytes: number): Promise<void> {
  disk.capacityBytes = Infinity;
  let used = bytes;
  for (const file of await filesOn(disk).list()) {
    used += (await filesOn(disk).read(file))?.length ?? 0;
  }
  disk.capacityBytes = used;
}

const uncompacted = { journalBytesMax: Infinity };

test('a full disk refuses changes and says so, also as health, until there is room', async () => {
  const disk = powerCutDisk();
  const store = await storeOn(disk, uncompacted);
  await store.put('vm-1', '{"old":1}');
  await leaveRoom(disk, 300);
  await store.check();
  const refused = store.put('vm-1', long('a'));
  await expect(refused).rejects.toThrow(StoreUnavailable);
  await expect(refused).rejects.toThrow(
    /cannot write to registry\.sqlite\.journal-1: ENOSPC.*Nothing was changed/,
  );
  expect(await store.get('vm-1')).toBe('{"old":1}');
  for (const time of ['the first', 'the second']) {
    await expect(store.check(), time).rejects.toThrow(/ENOSPC.*Nothing was changed/);
  }
  await Promise.all([
    expect(store.check(), 'at once').rejects.toThrow('ENOSPC'),
    expect(store.check(), 'at once').rejects.toThrow('ENOSPC'),
  ]);
  expect(await filesOn(disk).list()).toEqual(['registry.sqlite.journal-1', name]);
  disk.capacityBytes = Infinity;
  await store.check();
  expect(await filesOn(disk).list()).toEqual(['registry.sqlite.journal-1', name]);
  const { operations } = disk;
  await store.check();
  expect(disk.operations, 'there is no need to look again').toBe(operations);
  await store.put('vm-1', long('b'));
  await store.close();
  expect(await (await storeOn(disk)).get('vm-1')).toBe(long('b'));
});

test('a change that has room again makes the store a healthy one', async () => {
  const disk = powerCutDisk();
  const store = await storeOn(disk, uncompacted);
  await leaveRoom(disk, 300);
  await expect(store.put('vm-1', long('a'))).rejects.toThrow('ENOSPC');
  await store.put('vm-1', '{"short":1}');
  await store.check();
});

test('what was refused does not come back with the power, though a part of it was written', async () => {
  const disk = powerCutDisk();
  const store = await storeOn(disk, uncompacted);
  await store.put('vm-1', '{"old":1}');
  await leaveRoom(disk, 900);
  // Together with the second, for which there is no room; the first is written by itself.
  const [first, ...both] = [
    store.put('vm-0', '{}'),
    store.put('vm-1', '{"new":1}'),
    store.put('vm-2', long('a')),
    store.put('vm-3', long('b')),
  ];
  await first;
  for (const refused of await Promise.allSettled(both)) expect(refused.status).toBe('rejected');
  const again = await storeOn(disk.afterCut());
  expect(await again.get('vm-0')).toBe('{}');
  expect(await again.get('vm-1')).toBe('{"old":1}');
});

test('a change after one that was refused survives', async () => {
  const disk = powerCutDisk();
  const store = await storeOn(disk, uncompacted);
  await leaveRoom(disk, 300);
  await expect(store.put('vm-1', long('a'))).rejects.toThrow('ENOSPC');
  await store.put('vm-2', '{"short":1}');
  const again = await storeOn(disk.afterCut());
  expect(await again.get('vm-2')).toBe('{"short":1}');
  expect(await again.get('vm-1')).toBeUndefined();
});

for (const [what, fail, remedy] of [
  ['a sync fails', (disk: PowerCutDisk) => disk.fail('sync'), /restart it to see/],
  [
    'what was refused cannot be taken back',
    (disk: PowerCutDisk) => {
      disk.fail('write');
      disk.fail('truncate');
    },
    /make room, then restart it/,
  ],
] as const) {
  test(`when ${what}, nothing is written any more, until a restart`, async () => {
    const disk = powerCutDisk();
    const log: string[] = [];
    const store = await storeOn(disk, { ...uncompacted, log: (line) => log.push(line) });
    await store.put('vm-1', '{"old":1}');
    fail(disk);
    const both = [store.put('vm-1', '{"new":1}'), store.put('vm-2', '{}')];
    for (const { status } of await Promise.allSettled(both)) expect(status).toBe('rejected');
    await expect(store.put('vm-3', '{}')).rejects.toThrow(StoreUnavailable);
    await expect(store.remove('vm-1')).rejects.toThrow(remedy);
    await expect(store.check()).rejects.toThrow(remedy);
    expect(log.join('\n')).toMatch(remedy);
    expect(await store.get('vm-1'), 'it can be read').toBe('{"old":1}');
    await store.close();
    const again = await storeOn(disk.afterCut());
    expect(await again.get('vm-2')).toBeUndefined();
    await again.put('vm-1', '{"new":2}');
    await again.check();
    expect(await again.get('vm-1')).toBe('{"new":2}');
  });
}

for (const [where, journalBytesMax] of [
  ['in a journal that goes on', Infinity],
  ['at the end of a journal', 400],
] as const) {
  test(`what a sync kept from the disk ${where} is written again before it is built upon`, async () => {
    const disk = powerCutDisk();
    const store = await storeOn(disk, { journalBytesMax });
    await store.put('vm-1', long('a'));
    const journals = journalBytesMax === Infinity ? 1 : 2;
    await expect.poll(async () => (await filesOn(disk).list()).length).toBe(journals + 1);
    disk.fail('sync');
    await expect(store.put('vm-2', long('b'))).rejects.toThrow('EIO');
    await store.close();
    // The process ends, the power stays: what the disk does not have can be read.
    const killed = disk.afterKill();
    killed.fail('sync');
    await expect(storeOn(killed)).rejects.toThrow('EIO');
    const again = await storeOn(killed, { compact: () => Promise.reject(new Error('not now')) });
    expect(await again.get('vm-2')).toBe(long('b'));
    await again.put('vm-3', '{"new":1}');
    const last = await storeOn(killed.afterCut());
    const found = await Promise.all(['vm-1', 'vm-2', 'vm-3'].map((id) => last.get(id)));
    expect(found).toEqual([long('a'), long('b'), '{"new":1}']);
  });
}

test('a store starts on a full disk, and can be read', async () => {
  const disk = powerCutDisk();
  const store = await storeOn(disk, uncompacted);
  await store.put('vm-1', '{"old":1}');
  await store.close();
  await leaveRoom(disk, 0);
  const again = await storeOn(disk, uncompacted);
  expect(await again.get('vm-1')).toBe('{"old":1}');
  await expect(again.put('vm-1', '{"new":1}')).rejects.toThrow('ENOSPC');
});

test('a new store that has no room for its files does not start, and says of which', async () => {
  const disk = powerCutDisk();
  disk.capacityBytes = 3_000;
  const path = `${folder}/${name}.tmp`;
  await expect(storeOn(disk)).rejects.toMatchObject({ code: 'ENOSPC', path });
  disk.capacityBytes = Infinity;
  const store = await storeOn(disk);
  await store.put('vm-1', '{}');
  await store.close();
  expect(await filesOn(disk).list()).toEqual([`${name}.journal-1`, name]);
});

test('a compaction without room leaves nothing, and is made up for', async () => {
  const disk = powerCutDisk();
  const log: string[] = [];
  const store = await storeOn(disk, { log: (line) => log.push(line) });
  await store.put('vm-0', '{}');
  await leaveRoom(disk, 3_000);
  const names = async (): Promise<string[]> => (await filesOn(disk).list()).sort();
  const journals = [1, 2, 3].map((number) => `${name}.journal-${number}`);
  // Once the next journal is there, a journal that is long ends with a change.
  await store.put('vm-1', long('a'));
  await expect.poll(names).toEqual([name, ...journals.slice(0, 2)]);
  await store.put('vm-1', long('a'));
  await expect
    .poll(() => log.join())
    .toContain('compaction failed and is tried again later: ENOSPC');
  expect(await names()).toEqual([name, ...journals.slice(0, 2)]);
  disk.capacityBytes = Infinity;
  await store.put('vm-1', long('b'));
  await expect.poll(names).toEqual([name, ...journals]);
  await store.put('vm-1', long('b'));
  await store.close();
  expect(await names()).toEqual([name, journals[2]]);
  const again = await storeOn(disk);
  expect([await again.get('vm-0'), await again.get('vm-1')]).toEqual(['{}', long('b')]);
});

test('a journal whose name cannot be made durable is not used, and keeps no handle', async () => {
  const disk = powerCutDisk();
  await (await storeOn(disk)).close();
  const log: string[] = [];
  const store = await storeOn(disk, { log: (line) => log.push(line) });
  const handles = disk.openHandles;
  disk.fail('sync folder');
  await store.put('vm-1', long('a'));
  const noNewOne = expect.stringContaining('no new journal, the old one goes on: EIO');
  await expect.poll(() => log).toEqual([noNewOne]);
  expect(disk.openHandles).toBe(handles);
  // The old one goes on, and is torn by a kill: the empty one after it must not look like its end.
  disk.fail('sync folder');
  await store.put('vm-2', '{"still":"in the old one"}');
  await expect.poll(() => log).toEqual([noNewOne, noNewOne]);
  disk.cutAt(disk.operations + 1);
  void store.put('vm-3', long('c'));
  await expect.poll(() => disk.isCut).toBe(true);
  const killed = disk.afterKill();
  const files = filesOn(killed);
  expect(await files.read('registry.sqlite.journal-2')).toHaveLength(0);
  const torn = await files.append('registry.sqlite.journal-1');
  await torn.write(Buffer.from('half a li'));
  await torn.close();
  const again = await storeOn(killed);
  expect(await again.get('vm-1')).toBe(long('a'));
  expect(await again.get('vm-2')).toBe('{"still":"in the old one"}');
  await again.put('vm-4', long('d'));
  await again.close();
  expect(await (await storeOn(killed)).get('vm-4')).toBe(long('d'));
});

test('what a process left that was killed while it replaced a file or looked for room goes', async () => {
  const disk = powerCutDisk();
  await (await storeOn(disk)).close();
  const files = filesOn(disk);
  for (const left of [`${name}.tmp`, `${name}.probe`]) {
    await (await files.append(left)).write(Buffer.from('x'));
  }
  await (await storeOn(disk)).close();
  expect(await files.list()).toEqual(['registry.sqlite.journal-1', name]);
});
