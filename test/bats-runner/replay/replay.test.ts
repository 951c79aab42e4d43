// What a real Director and a real bosh CLI asked, in every version, is asked of the CPI by an ordinary
// user who may not expunge, and once by the root admin; after each scenario the cloud holds exactly
// what the calls made and did not delete. All of it runs in this process; one whole version runs
// through the executable in replay-executable.test.ts.
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { replaySets, type ReplaySet } from '../../../bats-runner/replay/replay-sets.js';
import { isGood } from '../../../bats-runner/replay/report.js';
import { paths, recordedWorld, test } from '../support.js';
import { replayInProcess } from './in-process.js';
import { problemReport } from './problem-report.js';

/** The recorded world, in which the networks belong to the account that the CPI uses. */
function worldOf(account: 'User' | 'Admin'): object {
  const text = readFileSync(recordedWorld, 'utf8');
  const owned =
    account === 'User' ? text : text.replaceAll('"account": "bosh"', '"account": "admin"');
  return JSON.parse(owned) as object;
}

async function replaysWell(
  { recordings }: ReplaySet,
  account: 'User' | 'Admin',
  folder: string,
): Promise<void> {
  const world = worldOf(account);
  const result = await replayInProcess({ recordings, account, world: world as never, folder });
  expect(problemReport(result)).toBe('');
  expect(result.scenarios.map(({ scenario }) => scenario)).toEqual(
    recordings.map(({ scenario }) => scenario),
  );
  const sent = result.calls.filter(({ number }) => number !== undefined).length;
  const leftOut = result.scenarios.reduce((sum, item) => sum + item.leftOut, 0);
  expect(sent + leftOut).toBe(recordings.flatMap(({ calls }) => calls).length);
  expect(isGood(result)).toBe(true);
}

for (const set of replaySets({ folder: paths.recordings, scenarios: [], apiVersions: [1, 2, 3] })) {
  const { caller, apiVersion } = set;
  test(`${caller}, version ${apiVersion}: every call is answered and nothing leaks`, async ({
    folder,
  }) => {
    test.setTimeout(180_000);
    await replaysWell(set, 'User', folder);
  });

  if (apiVersion !== 2) continue;
  test(`${caller}, version ${apiVersion}, for the root admin`, async ({ folder }) => {
    test.setTimeout(180_000);
    await replaysWell(set, 'Admin', folder);
  });
}
