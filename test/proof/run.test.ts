// Proves what a run does beside living through drawn cases: a failure's command shows the same smallest
// case again; cases that failed once come first; a case that goes another way the second time is told
// with the first difference.
import { expect, test } from '@playwright/test';
import { unobserved } from '../support/observing/test-in-progress.js';
import type { CpiZone } from '../support/cpi-zone.js';
import type { KeptCase } from './case.js';
import { readOptions } from './options.js';
import { plants } from './plants/index.js';
import { summaryOf } from './report/summary.js';
import type { Report } from './report/tally.js';
import { runProof, type RunOptions } from './run.js';

const lazy = plants.find(({ about }) => about.startsWith('delete_vm says that it is done'))!;

function run(options: Partial<RunOptions>): Promise<Report> {
  return unobserved(() =>
    runProof({ seed: 1, cases: 1, minutes: Infinity, narrowingMs: 0, ...options }),
  );
}

test('the command of a failure shows the same smallest case again', async () => {
  const [found] = (await run({ plant: lazy, narrowingMs: 3_000 })).failures;
  const [npm, ...words] = found!.replay.split(' ');
  expect([npm, ...words.slice(0, 3)]).toEqual(['npm', 'run', 'proof', '--']);
  const { seed, cases, path, replayPath } = readOptions(words.slice(3), 0);
  const again = await run({ plant: lazy, seed, cases, path, replayPath });
  expect(again.failures).toHaveLength(1);
  const { conditions, turns } = found!.case;
  expect(again.failures[0]!.case).toMatchObject({ conditions, turns });
  expect(again.failures[0]!.what.split('\n')[0]).toBe(found!.what.split('\n')[0]);
  expect((await run({ seed, cases, path, replayPath })).failures).toEqual([]);
});

test('kept cases come first, and are told by their numbers', async () => {
  const { case: kept } = (await run({ plant: lazy })).failures[0]!;
  const harmless: KeptCase = { ...kept, turns: [] };
  const sound = await run({ kept: [harmless, kept], cases: 0 });
  expect(sound).toMatchObject({ keptCases: 2, cases: 0, failures: [] });
  const report = await run({ plant: lazy, kept: [kept], cases: 0 });
  expect(report.failures).toMatchObject([
    { seed: null, replay: 'npm run proof -- --kept 1', case: kept },
  ]);
  expect(report.failures[0]!.trace.length).toBeGreaterThan(0);
});

test('what is lived through twice goes the same way', async () => {
  const report = await run({ cases: 2, isTwice: true });
  expect(report).toMatchObject({ cases: 2, twice: 2, failures: [] });
  expect(summaryOf(report)).toContain('2 lived through twice');
  const { fingerprint } = report;
  expect(await run({ cases: 2 })).toMatchObject({ twice: 0, fingerprint });
  expect((await run({ cases: 2, seed: 2 })).fingerprint).not.toBe(fingerprint);
});

test('the first difference between two lives of a case is told', async () => {
  let lives = 0;
  const forgetful = {
    about: 'the first host of each second life has another name',
    world: ({ simulator: { world } }: CpiZone): void => {
      lives += 1;
      const [host] = world.hosts.all();
      if (lives === 2) world.hosts.change(host!, { name: 'another' });
    },
  };
  const report = await run({ plant: forgetful, isTwice: true });
  expect(report.failures).toHaveLength(1);
  const { what, replay, trace } = report.failures[0]!;
  expect(what).toMatch(
    /the second time the case goes another way: event \d+ was .*, and is then .*another/,
  );
  expect(replay).toBe('npm run proof -- --cases 1 --seed 1 --twice');
  expect(trace.length).toBeGreaterThan(0);
});
