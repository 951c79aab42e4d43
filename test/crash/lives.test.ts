// Proves that a CPI which is killed, or whose request fails, at any request of a whole life of a Director's
// things harms nothing of what comes later, and leaves nothing: the call is made again, the life goes on to
// its end, and all is as before. Exhaustively, for every request.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { diskScript } from '../kills/script.js';
import { interruptEach, lifeRunsIn } from './lives.js';

const folder = mkdtempSync(join(tmpdir(), 'lives-'));
test.beforeAll(async () => {
  // A worker may come back to this file after it has ended it once.
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'image'), await stemcellImage());
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

for (const { title, run } of lifeRunsIn(join(folder, 'image'))) {
  test(title, async () => {
    expect(await run()).toBeGreaterThan(20);
  });
}

test('where gc deletes nothing, a disk of a killed call is found', async () => {
  const how = 'dies before its answer';
  const lives = { script: diskScript, how, settings: {} } as const;
  expect(await interruptEach(lives)).toBeGreaterThan(2);
  await expect(interruptEach({ ...lives, isGcIdle: true })).rejects.toThrow(
    /^create_disk: createVolume \(\d\) dies before its answer\n[^]*left over: volume disk-/,
  );
});
