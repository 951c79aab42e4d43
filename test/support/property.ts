// Properties over random inputs: a failure names the seed and the command that repeats the run.
import { relative } from 'node:path';
import { test } from '@playwright/test';
import fc from 'fast-check';
import { unobserved } from './observing/test-in-progress.js';

const LONGEST_SEARCH_MS = 40_000;

/** Checks a property `runs` times with the seed in `SEED`, or a fresh one. */
export async function assertProperty(
  property: fc.IRawProperty<unknown>,
  runs: number,
): Promise<void> {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  const details = await unobserved(async () =>
    fc.check(property, {
      seed,
      numRuns: runs,
      // Looking for the smallest input that fails must end before the test's time does.
      interruptAfterTimeLimit: LONGEST_SEARCH_MS,
    }),
  );
  if (!details.failed) return;
  const file = relative(process.cwd(), test.info().file);
  const { message } = details.errorInstance as Error;
  throw new Error(
    `${message}\n\n${await fc.asyncDefaultReportMessage(details)}\n` +
      `Replay: SEED=${seed} npx playwright test -c test/playwright.config.ts ${file}`,
  );
}
