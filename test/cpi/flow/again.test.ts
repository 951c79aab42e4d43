// Proves how work is tried again: as often as it is worth while, with the pauses that were asked for,
// until a deadline, and that what fails last is what comes out; on a clock that costs no time.
import { expect, test } from '@playwright/test';
import { lookAgain, tryAgain, tryUntil } from '../../../cpi/flow/again.js';
import { startDeadline } from '../../../cpi/flow/deadline.js';
import { Aborted } from '../../../cpi/flow/errors.js';
import { virtualClock } from '../support/virtual-clock.js';

/** Fails so often, then answers how often it was tried. */
function failing(times: number): { work: () => Promise<number>; tried: () => number } {
  let tries = 0;
  return {
    tried: () => tries,
    work: () => {
      tries += 1;
      const failure = new Error(`failure ${tries}`);
      return tries > times ? Promise.resolve(tries) : Promise.reject(failure);
    },
  };
}

test('what succeeds is done once', async () => {
  const { work } = failing(0);
  expect(await tryAgain(3, work, () => true)).toBe(1);
  const patience = { deadline: startDeadline(virtualClock(), 0), pauseMs: 5 };
  expect(await tryUntil({ clock: virtualClock() }, patience, failing(0).work, () => true)).toBe(1);
});

test('each try is numbered, and its failure is told with its number', async () => {
  const { work } = failing(2);
  const attempts: number[] = [];
  const told: unknown[] = [];
  const result = await tryAgain(
    3,
    (attempt) => {
      attempts.push(attempt);
      return work();
    },
    (failure, attempt) => told.push([(failure as Error).message, attempt]) > 0,
  );
  expect(result).toBe(3);
  expect(attempts).toEqual([1, 2, 3]);
  expect(told).toEqual([
    ['failure 1', 1],
    ['failure 2', 2],
  ]);
});

test('the last try fails as it is, and nobody is asked whether another would help', async () => {
  const { work, tried } = failing(5);
  let asked = 0;
  await expect(tryAgain(3, work, () => (asked += 1) > 0)).rejects.toThrow('failure 3');
  expect([tried(), asked]).toEqual([3, 2]);
});

test('what another try cannot mend fails at once', async () => {
  const { work, tried } = failing(5);
  await expect(tryAgain(3, work, () => Promise.resolve(false))).rejects.toThrow('failure 1');
  expect(tried()).toBe(1);
});

test('a deadline ends the tries, between which the clock goes on', async () => {
  const clock = virtualClock();
  const { work, tried } = failing(100);
  const patience = { deadline: startDeadline(clock, 25), pauseMs: 10 };
  await expect(tryUntil({ clock }, patience, work, () => true)).rejects.toThrow('failure 4');
  expect(clock.sleptMs).toEqual([10, 10, 10]);
  expect(tried()).toBe(4);
});

test('before the deadline what passes is waited for, and what does not fails', async () => {
  const clock = virtualClock();
  const patience = { deadline: startDeadline(clock, 1_000), pauseMs: 10 };
  expect(await tryUntil({ clock }, patience, failing(2).work, () => true)).toBe(3);
  const { work } = failing(5);
  const willPass = (failure: unknown): boolean => (failure as Error).message !== 'failure 2';
  await expect(tryUntil({ clock }, patience, work, willPass)).rejects.toThrow('failure 2');
});

test('an interruption ends the pauses', async () => {
  const clock = virtualClock();
  const signal = AbortSignal.abort();
  const patience = { deadline: startDeadline(clock, 1_000), pauseMs: 10 };
  const { work, tried } = failing(5);
  await expect(tryUntil({ clock, signal }, patience, work, () => true)).rejects.toThrow(Aborted);
  expect(tried()).toBe(1);
});

test('looks come with longer and longer pauses, and end with what was seen last', async () => {
  const clock = virtualClock();
  const patience = { looksMax: 5, poll: { firstMs: 10, factor: 2, capMs: 30 } };
  let looks = 0;
  const look = (): Promise<number> => Promise.resolve((looks += 1));
  expect(await lookAgain({ clock }, patience, look, (seen) => seen === 3)).toBe(3);
  expect(clock.sleptMs).toEqual([10, 20]);
  looks = 0;
  expect(await lookAgain({ clock }, patience, look, () => false)).toBe(5);
  expect(clock.sleptMs.slice(2)).toEqual([10, 20, 30, 30]);
});
