// Proves that the built CPI, killed (SIGKILL) at drawn moments of a Director's calls over HTTP,
// leaves nothing that neither the same call, made again, nor `gc` clears away, makes nothing twice,
// and touches nothing of others. Bounded here; `npm run kills` kills as often as one likes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { unobserved } from '../support/observing/test-in-progress.js';
import { runKills, summaryOf } from './run.js';
import { diskScript } from './script.js';

let folder: string;
let image: string;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kills-test-'));
  image = join(folder, 'image');
  writeFileSync(image, await stemcellImage());
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const progress = (): void => undefined;

test('a life in which calls are killed ends as one in which none is', async () => {
  test.slow();
  const report = await unobserved(() => runKills({ kills: 1, seed, image, progress }));
  expect(report.problems, summaryOf(report)).toEqual([]);
  expect(report.kills, summaryOf(report)).toBeGreaterThan(2);
});

test('where gc deletes nothing, a disk of a killed call is found', async () => {
  test.slow();
  const report = await unobserved(() =>
    runKills({ kills: manyKills, seed, image, progress, script: diskScript, isGcIdle: true }),
  );
  // By the moment at which it died, the disk has its tags already: these are left over, too.
  const problems = report.problems.join('\n');
  expect(problems, summaryOf(report)).toMatch(/^left over: volume disk-/m);
  expect(report.problems[0]).toContain(' --plant');
});

/** It ends with the first that is found. */
const manyKills = 1_000;
