// Proves that a wait ends exactly when it should: scripted looks on a clock where sleeping costs
// nothing, for what is gone meanwhile, failing looks, deadlines and interruptions.
import { expect, test } from '@playwright/test';
import {
  Aborted,
  DeadlineExceeded,
  LookingFailed,
  UnexpectedState,
  WaitedForMissing,
} from '../../../cpi/flow/errors.js';
import { lookAgain } from '../../../cpi/flow/again.js';
import {
  jobPoll,
  latePoll,
  momentPoll,
  templatePoll,
  waitFor,
  type Wait,
} from '../../../cpi/flow/waiter.js';
import { virtualClock } from '../support/virtual-clock.js';

type Look = string | undefined | Error;

function waitOn(looks: Look[]): Wait<string> & { readonly seen: () => number } {
  let seen = 0;
  return {
    what: 'the volume',
    id: 'v1',
    look: () => {
      const look = looks[Math.min(seen, looks.length - 1)];
      seen += 1;
      return look instanceof Error ? Promise.reject(look) : Promise.resolve(look);
    },
    stateOf: (state) => state,
    targets: ['Ready'],
    pending: ['Creating'],
    deadlineMs: 10_000,
    poll: jobPoll,
    seen: () => seen,
  };
}

test('waits through pending states, looking after 100 ms and then ever later', async () => {
  const clock = virtualClock();
  const wait = waitOn(['Creating', 'Creating', 'Ready']);
  expect(await waitFor(wait, { clock })).toBe('Ready');
  expect(clock.sleptMs.map(Math.round)).toEqual([100, 100, 101]);
});

test('ends of jobs are seen soon, with few looks', async () => {
  for (const [jobMs, meanLatenessMs, meanLooks] of [
    [1_500, 60, 16],
    [6_000, 75, 54],
    [60_000, 210, 279],
  ] as const) {
    const jobs = Array.from({ length: 200 }, (_, index) => jobMs * (0.8 + 0.002 * index));
    let [latenessMs, looks] = [0, 0];
    for (const durationMs of jobs) {
      const clock = virtualClock(0);
      const look = (): Promise<string> => {
        looks += 1;
        return Promise.resolve(clock.nowMs() >= durationMs ? 'Ready' : 'Creating');
      };
      const wait = { ...waitOn([]), look, deadlineMs: 600_000 };
      await waitFor(wait, { clock });
      latenessMs += clock.nowMs() - durationMs;
    }
    expect(latenessMs / jobs.length).toBeLessThan(meanLatenessMs);
    expect(looks / jobs.length).toBeLessThan(meanLooks);
  }
});

for (const [what, poll, firstMs, lastMs] of [
  ['what is done in a moment is looked at in it', momentPoll, [10, 15, 23, 34, 51], 1_000],
  ['templates are looked at ever less often', templatePoll, [250, 300, 360, 432, 518], 5_000],
] as const) {
  test(what, async () => {
    const clock = virtualClock();
    const wait = waitOn([...Array<string>(25).fill('Creating'), 'Ready']);
    await waitFor({ ...wait, poll, deadlineMs: 600_000 }, { clock });
    expect(clock.sleptMs.slice(0, 5).map(Math.round)).toEqual(firstMs);
    expect(clock.sleptMs.at(-1)).toBe(lastMs);
  });
}

test('eleven looks for what may come late take six seconds', async () => {
  const clock = virtualClock();
  const patience = { looksMax: 11, poll: latePoll };
  await lookAgain(
    { clock },
    patience,
    () => Promise.resolve(0),
    () => false,
  );
  const sleptMs = clock.sleptMs.reduce((sum, ms) => sum + ms);
  expect(Math.round(sleptMs / 1_000)).toBe(6);
});

test('the delay between looks stops growing at its cap', async () => {
  const clock = virtualClock();
  const wait = waitOn([...Array<string>(500).fill('Creating'), 'Ready']);
  await waitFor({ ...wait, deadlineMs: 600_000 }, { clock });
  expect(Math.max(...clock.sleptMs)).toBe(1000);
});

test('a state that is neither target nor pending ends the wait at once', async () => {
  const wait = waitOn(['Creating', 'Destroy', 'Ready']);
  const ended = waitFor(wait, { clock: virtualClock() });
  await expect(ended).rejects.toThrow(UnexpectedState);
  await expect(ended).rejects.toThrow(/the volume \(v1\) ended as "Destroy" instead of "Ready"/);
  expect(wait.seen()).toBe(2);
});

test('what is not there any more ends the wait, however it was before', async () => {
  const wait = waitOn(['Creating', undefined, 'Ready']);
  const missing = waitFor(wait, { clock: virtualClock() });
  await expect(missing).rejects.toThrow(WaitedForMissing);
  expect(wait.seen()).toBe(2);
});

test('a failed look is not a failed wait, if it may pass', async () => {
  const clock = virtualClock();
  const looks = [new Error('reset'), 'Creating', new Error('reset'), 'Ready'];
  expect(await waitFor(waitOn(looks), { clock })).toBe('Ready');
  const isPassing = (failure: unknown): boolean => (failure as Error).message === 'reset';
  const wait = { ...waitOn(looks), isPassing };
  expect(await waitFor(wait, { clock })).toBe('Ready');
});

for (const [deadlineMs, blindMs] of [
  [1_200_000, 120_000],
  [60_000, 30_000],
] as const) {
  test(`of ${deadlineMs} ms, looks may fail for ${blindMs} ms, at growing distances`, async () => {
    const clock = virtualClock(0);
    const poll = { firstMs: 150, factor: 1.02, capMs: 1_000 };
    const wait = { ...waitOn(['Creating', new Error('reset')]), poll, deadlineMs };
    const ended = waitFor(wait, { clock });
    await expect(ended).rejects.toThrow(LookingFailed);
    await expect(ended).rejects.toThrow(/, for [0-9.]+ s, last with: reset$/);
    await expect(ended).rejects.toThrow(`looking failed ${wait.seen() - 1} times in a row`);
    const failedMs = clock.nowMs() - 300;
    expect(failedMs).toBeGreaterThanOrEqual(blindMs);
    expect(failedMs).toBeLessThan(blindMs + 5_100);
    expect(clock.sleptMs.slice(0, 5).map(Math.round)).toEqual([150, 153, 230, 344, 516]);
    expect(Math.max(...clock.sleptMs)).toBe(5_000);
    expect(wait.seen()).toBeLessThan(40);
  });
}

test('a cloud that is away for a minute, twice, ends no wait, and is then asked as before', async () => {
  const clock = virtualClock(0);
  const isAway = (): boolean =>
    [100_000, 200_000].some((ms) => clock.nowMs() >= ms && clock.nowMs() < ms + 60_000);
  const wait = { ...waitOn([]), deadlineMs: 1_200_000 };
  const look = (): Promise<string> =>
    isAway()
      ? Promise.reject(new Error('530'))
      : Promise.resolve(clock.nowMs() >= 300_000 ? 'Ready' : 'Creating');
  expect(await waitFor({ ...wait, look }, { clock })).toBe('Ready');
  expect(clock.nowMs()).toBeLessThan(301_000);
});

test('a failure that will not pass ends the wait as it is', async () => {
  const wait = { ...waitOn([new Error('wrong key')]), isPassing: () => false };
  const ended = waitFor(wait, { clock: virtualClock() });
  await expect(ended).rejects.toThrow(/^wrong key$/);
  expect(wait.seen()).toBe(1);
});

test('the deadline names what, which id, after how long and what was last seen', async () => {
  const clock = virtualClock();
  const startMs = clock.nowMs();
  const ended = waitFor(waitOn(['Creating']), { clock });
  await expect(ended).rejects.toThrow(DeadlineExceeded);
  await expect(ended).rejects.toThrow(
    'the volume (v1) was not finished after 10 s, last seen: Creating',
  );
  expect(clock.nowMs() - startMs).toBe(10_000);
});

test('a look that failed last is told with the deadline, and why it failed', async () => {
  const reset = new Error('reset');
  const wait = { ...waitOn(['Creating', reset]), deadlineMs: 400 };
  const ended = waitFor(wait, { clock: virtualClock() });
  await expect(ended).rejects.toThrow(/after 0.4 s, last seen: a failed look$/);
  await expect(ended).rejects.toMatchObject({ cause: reset });
});

test('what arrives exactly at the deadline counts', async () => {
  const wait = { ...waitOn(['Ready']), deadlineMs: 100 };
  expect(await waitFor(wait, { clock: virtualClock() })).toBe('Ready');
});

test('an aborted signal stops the wait', async () => {
  const controller = new AbortController();
  const wait = waitOn(['Creating']);
  const look = (): Promise<string | undefined> => {
    if (wait.seen() === 2) controller.abort();
    return wait.look();
  };
  const context = { clock: virtualClock(), signal: controller.signal };
  await expect(waitFor({ ...wait, look }, context)).rejects.toThrow(Aborted);
  expect(wait.seen()).toBe(3);
});
