// Proves that the real clock can be interrupted and that a deadline counts by the clock it is
// given, and that waiting leaves no listener behind. Nothing here waits for time to pass.
import { getEventListeners } from 'node:events';
import { expect, test } from '@playwright/test';
import { realClock } from '../../../cpi/flow/clock.js';
import { startDeadline } from '../../../cpi/flow/deadline.js';
import { Aborted } from '../../../cpi/flow/errors.js';
import { handMovedClock, virtualClock } from '../support/virtual-clock.js';

test('an interrupted sleep ends at once', async () => {
  const controller = new AbortController();
  const sleeping = realClock.sleep(3_600_000, controller.signal);
  controller.abort();
  await expect(sleeping).rejects.toThrow(Aborted);
});

test('an interrupted sleep holds up no process: its timer is gone', async () => {
  const timers = (): number =>
    process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
  const controller = new AbortController();
  const before = timers();
  const sleeping = realClock.sleep(3_600_000, controller.signal);
  const meanwhile = timers();
  controller.abort();
  const after = timers();
  await expect(sleeping).rejects.toThrow(Aborted);
  expect([meanwhile - before, after - before]).toEqual([1, 0]);
});

test('a sleep under an aborted signal does not begin', async () => {
  await expect(realClock.sleep(3_600_000, AbortSignal.abort())).rejects.toThrow(Aborted);
});

test('a sleep ends by itself', async () => {
  await realClock.sleep(0);
  await realClock.sleep(0, new AbortController().signal);
});

test('sleeps that have ended leave nothing on their signal, by any clock', async () => {
  const { signal } = new AbortController();
  const moved = handMovedClock(0);
  for (let sleep = 1; sleep <= 20; sleep += 1) {
    await realClock.sleep(0, signal);
    await virtualClock().sleep(1, signal);
    const sleeping = moved.sleep(1, signal);
    moved.advance(1);
    await sleeping;
  }
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('a deadline knows what is left and when it has passed', () => {
  const clock = virtualClock();
  const deadline = startDeadline(clock, 1000);
  clock.advance(400);
  expect([deadline.elapsedMs(), deadline.remainingMs(), deadline.hasPassed()]).toEqual([
    400,
    600,
    false,
  ]);
  clock.advance(600);
  expect([deadline.remainingMs(), deadline.hasPassed()]).toEqual([0, true]);
  clock.advance(1000);
  expect(deadline.remainingMs()).toBe(0);
});
