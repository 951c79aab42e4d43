// Proves, over drawn cases, that the CPI loses nothing and leaks nothing, whatever Directors ask for at the
// same time and whatever goes wrong meanwhile: each case is a cloud of some kind, deployments at work
// on it, faults and killed calls, and in the end a cloud that is as it was. There are as many cases as it
// takes until each deed and each way to interrupt a call has come. Cases that ever failed come first.
// SEED repeats a run; the long run is `npm run proof`.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { unobserved } from '../support/observing/test-in-progress.js';
import { lifeOf, liveAgain, type KeptCase } from './case.js';
import { deeds as allDeeds } from './deeds/index.js';
import { openMeans, type Means } from './means.js';
import { runProof } from './run.js';
import { summaryOf } from './report/summary.js';
import { sumOf, type Report } from './report/tally.js';
import { waysToInterrupt } from './turn-data.js';

const casesAtLeast = Number(process.env['PROOF_CASES'] ?? 25);
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

let means: Means;
test.beforeAll(async () => {
  means = await openMeans();
});
test.afterAll(() => means[Symbol.asyncDispose]());

const kept = JSON.parse(
  readFileSync(new URL('kept-cases.json', import.meta.url), 'utf8'),
) as KeptCase[];

for (const one of kept) {
  test(`a case that failed once: ${one.found}`, async () => {
    await unobserved(() => liveAgain(one, means));
  });
}

test('no drawn case breaks a promise', async () => {
  test.slow();
  const report = await unobserved(() =>
    runProof({
      seed,
      cases: casesAtLeast,
      isEnough: (soFar) => lackingIn(soFar).length === 0,
      minutes: Infinity,
      ...means,
    }),
  );
  expect(report.failures, summaryOf(report)).toEqual([]);
  expect(report.cases).toBeGreaterThanOrEqual(casesAtLeast);
  expect(lackingIn(report), `seed ${seed}, ${report.cases} cases`).toEqual([]);
});

/** What the cases have to have done to its end or suffered, be it only once, and has not. */
function lackingIn({ deeds, interruptions, faults, calmCases }: Report): string[] {
  return [
    ...Object.keys(allDeeds).filter((name) => !deeds[name]),
    ...waysToInterrupt.filter((how) => !interruptions[how]),
    ...(sumOf(faults) > 0 ? [] : ['a fault that comes']),
    ...(calmCases > 0 ? [] : ['a case in which nothing goes wrong']),
  ];
}

test('a seed decides every event and every request', async () => {
  test.slow();
  for (const number of [1, 2, 3, 5, 8]) {
    const one = await unobserved(() => lifeOf(seed + number, means));
    const other = await unobserved(() => lifeOf(seed + number, means));
    const at = `seed ${seed + number}`;
    expect(one.requests.length, at).toBeGreaterThan(0);
    expect(firstDifference(one.requests, other.requests), at).toBeUndefined();
    expect(firstDifference(one.events, other.events), at).toBeUndefined();
  }
});

test('what differs first is told', () => {
  expect(firstDifference(['a', 'b'], ['a', 'c'])).toBe('line 2: b, and then c');
  expect(firstDifference(['a'], ['a', 'b'])).toBe('line 2: the end, and then b');
  expect(firstDifference(['a'], ['a'])).toBeUndefined();
});

/** Undefined where there is none. */
function firstDifference(one: readonly string[], other: readonly string[]): string | undefined {
  const { length } = one.length > other.length ? one : other;
  for (let line = 0; line < length; line += 1) {
    if (one[line] === other[line]) continue;
    return `line ${line + 1}: ${one[line] ?? 'the end'}, and then ${other[line] ?? 'the end'}`;
  }
  return undefined;
}
