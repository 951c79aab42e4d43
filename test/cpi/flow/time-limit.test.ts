// Proves that a time limit strikes when its time is over, and never once it is stopped.
import { expect, test } from '@playwright/test';
import { startTimeLimit } from '../../../cpi/flow/time-limit.js';
import { patientClock, virtualClock } from '../support/virtual-clock.js';

const reason = new Error('too late');

test('when the time is over the signal is aborted with the reason', async () => {
  const clock = virtualClock();
  const { signal, stop } = startTimeLimit(clock, 500, reason);
  expect(signal.aborted).toBe(false);
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  expect(signal.reason).toBe(reason);
  expect(clock.sleptMs).toEqual([500]);
  await stop();
});

test('a limit that is stopped strikes no more', async () => {
  const { signal, stop } = startTimeLimit(patientClock(), 500, reason);
  await stop();
  expect(signal.aborted).toBe(false);
});
