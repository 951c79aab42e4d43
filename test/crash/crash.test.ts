// Proves that a CPI which is killed, or whose request fails, at any point of any call leaves nothing
// that neither the same call, made again, nor `gc` clears away, neither in the cloud nor in the
// registry: exhaustively, for every request.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { scenarioRunsIn } from './scenario-runs.js';

const folder = mkdtempSync(join(tmpdir(), 'crash-'));
test.beforeAll(async () => {
  // A worker may come back to this file after it has ended it once.
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'image'), await stemcellImage());
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

for (const { title, run } of scenarioRunsIn(join(folder, 'image'))) {
  test(title, async () => {
    expect(await run()).toBeGreaterThan(0);
  });
}
