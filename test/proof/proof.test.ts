// Proves, over drawn cases, that the CPI loses nothing and leaks nothing, whatever Directors ask for at the
// same time and whatever goes wrong meanwhile: each case is a cloud of some kind, deployments at work
// on it, faults and killed calls, and in the end a cloud that is as it was. There are as many cases as it
// takes until each deed and each way to interrupt a call has come. Cases that ever failed come first.
// SEED repeats a run; the long run is `npm run proof`.
import { expect, test } from '@playwright/test';
import { unobserved } from '../support/observing/test-in-progress.js';
import { firstDifference, lifeOf, liveAgain } from './case.js';
import { deeds as allDeeds } from './deeds/index.js';
import { keptCases } from './kept-cases.js';
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

for (const one of keptCases) {
  test(`a case that failed once: ${one.found}`, async () => {
    await unobserved(() => liveAgain(one, means));
  });
}

test('no drawn case breaks a promise', async () => {
  // Seldom does it take some hundred cases until each deed has come.
  test.setTimeout(900_000);
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
    expect(firstDifference(one, other), at).toBeUndefined();
  }
});

test('what differs first is told', () => {
  const life = { requests: ['a', 'b'], events: ['x\n'] };
  expect(firstDifference(life, life)).toBeUndefined();
  const otherRequest = { requests: ['a', 'c'], events: ['y\n'] };
  expect(firstDifference(life, otherRequest)).toBe('request 2 was b, and is then c');
  const otherEvent = { ...life, events: ['y\n'] };
  expect(firstDifference(life, otherEvent)).toBe('event 1 was x, and is then y');
  const longer = { ...life, events: ['x\n', 'y\n'] };
  expect(firstDifference(life, longer)).toBe('event 2 was none, and is then y');
});
