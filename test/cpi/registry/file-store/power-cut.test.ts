// What the file store has acknowledged or told survives power cuts and kills at any operation, also
// while it starts, recovers or compacts, where the disk keeps a part of what was not synced, or
// noise, and where it fails to sync; and it starts after each of them. Bounded here: `npm run
// durability` runs as many as one likes.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import { randomDraw } from '../../../support/random-draw.js';
import { powerCutDisk, type Draw } from './power-cut-disk.js';
import { killedThenCut, livesWithPowerCuts } from './power-cut-run.js';
import { filesOn, storeOn } from './store-on-disk.js';

test('no acknowledged change is lost in a power cut, and every start succeeds', async () => {
  const first = Number(process.env.SEED ?? 1);
  let [acknowledged, failedSyncs] = [0, 0];
  for (let seed = first; seed < first + 60; seed += 1) {
    const run = await livesWithPowerCuts(randomDraw(seed));
    assert.deepEqual(run.problems, [], `seed ${seed}: npm run durability -- --seed ${seed}`);
    acknowledged += run.acknowledged;
    failedSyncs += run.failedSyncs;
  }
  expect(acknowledged).toBeGreaterThan(500);
  expect(failedSyncs).toBeGreaterThan(10);
});

test('a kill at any operation, and a power cut at any of the next start, lose nothing', async () => {
  const never = { killedAt: Infinity, cutAt: Infinity };
  const [all] = (await killedThenCut(never, () => 0)).operations;
  let seed = Number(process.env.SEED ?? 1);
  for (let killedAt = 1; killedAt <= all; killedAt += 1) {
    const lose = async (cutAt: number, draw: Draw): Promise<boolean> => {
      const { problems, operations } = await killedThenCut({ killedAt, cutAt }, draw);
      assert.deepEqual(problems, [], `killed at ${killedAt}, cut at ${cutAt}, seed ${seed}`);
      return operations[1] >= cutAt;
    };
    // Of what is not durable all stays, or nothing.
    await lose(Infinity, () => 0);
    await lose(Infinity, (limit) => limit - 1);
    for (let cutAt = 1; await lose(cutAt, randomDraw((seed += 1)));) cutAt += 1;
  }
  expect(all).toBeGreaterThan(30);
});

test('a store whose acknowledged changes were damaged does not start, and says what to do', async () => {
  const disk = powerCutDisk();
  const store = await storeOn(disk, { journalBytesMax: 1_000_000 });
  for (const id of ['vm-1', 'vm-2', 'vm-3']) await store.put(id, '{"of":"an agent"}');
  await store.close();
  const files = filesOn(disk);
  const bytes = Buffer.from((await files.read('registry.sqlite.journal-1')) ?? []);
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  await files.replace('registry.sqlite.journal-1', bytes);
  await expect(storeOn(disk)).rejects.toThrow(
    /damaged: in registry\.sqlite\.journal-1: change 1, which was acknowledged, cannot be read at byte 0.*Put back a backup/,
  );
});
