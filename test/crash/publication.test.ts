// Proves that a create_stemcell which CloudStack downloads for, and which is killed, or whose request
// fails, at any point leaves nothing that neither the same call, made again, nor `gc`, nor the sweep of
// the stemcell server clears away: no template, no tag, no image, no server of the CPI's own. Exhaustively,
// for every request to the cloud and to the server.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { publicationRunsIn } from './publication-runs.js';

const folder = mkdtempSync(join(tmpdir(), 'crash-publication-'));
test.beforeAll(async () => {
  // A worker may come back to this file after it has ended it once.
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'image'), await stemcellImage());
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

for (const { title, run } of publicationRunsIn(join(folder, 'image'))) {
  test(title, async () => {
    expect(await run()).toBeGreaterThan(0);
  });
}
