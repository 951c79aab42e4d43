// Proves that undoing takes back every registered step in reverse, whatever fails on the way, and
// that it runs although the work itself was interrupted. Steps here only write down that they ran.
import { getEventListeners } from 'node:events';
import { expect, test } from '@playwright/test';
import type { Clock } from '../../../cpi/flow/clock.js';
import { Aborted, MustStay } from '../../../cpi/flow/errors.js';
import { Saga, type UndoFailure } from '../../../cpi/flow/saga.js';
import { handMovedClock, patientClock, virtualClock } from '../support/virtual-clock.js';

function saga(clock: Clock = patientClock()): Saga {
  return new Saga({ clock, undoWithinMs: 20_000 });
}

test('undoes in reverse order', async () => {
  const undone: string[] = [];
  const work = saga();
  for (const name of ['deploy', 'attach', 'start']) {
    work.step({ name, undo: () => Promise.resolve(void undone.push(name)) });
  }
  expect(await work.undoAll()).toEqual([]);
  expect(undone).toEqual(['start', 'attach', 'deploy']);
});

test('what may not answer is undone when all others are', async () => {
  const undone: string[] = [];
  const work = saga();
  for (const [name, order] of [
    ['deploy', {}],
    ['register', { isUndoneLast: true }],
    ['announce', { isUndoneLast: true }],
    ['start', { isUndoneLast: false }],
  ] as const) {
    work.step({ name, ...order, undo: () => Promise.resolve(void undone.push(name)) });
  }
  await work.undoAll();
  expect(undone).toEqual(['start', 'deploy', 'announce', 'register']);
});

for (const when of ['before', 'meanwhile'] as const) {
  test(`an interruption ${when} leaves less time, and what is left is named by then`, async () => {
    const clock = handMovedClock(0);
    const caller = new AbortController();
    const interruption = { signal: caller.signal, undoWithinMs: 18_000 };
    const work = new Saga({ clock, undoWithinMs: 600_000, interruption });
    const aborted: boolean[] = [];
    work.step({
      name: 'stuck',
      undo: async ({ signal }) => {
        if (when === 'meanwhile') caller.abort();
        clock.advance(17_999);
        await Promise.resolve();
        aborted.push(signal.aborted);
        clock.advance(1);
        await Promise.resolve();
        await Promise.resolve();
        aborted.push(signal.aborted);
        await new Promise(() => undefined);
      },
    });
    if (when === 'before') caller.abort();
    expect((await work.undoAll()).map(({ name }) => name)).toEqual(['stuck']);
    expect(aborted).toEqual([false, true]);
  });
}

test('a step is undone although what it announced was never answered', async () => {
  const undone: string[] = [];
  const work = saga();
  const create = (): Promise<void> => {
    work.step({ name: 'create', undo: () => Promise.resolve(void undone.push('create')) });
    return Promise.reject(new Error('answer lost'));
  };
  await expect(create()).rejects.toThrow('answer lost');
  await work.undoAll();
  expect(undone).toEqual(['create']);
});

test('a failing undo stops nothing and is reported with its name', async () => {
  const undone: string[] = [];
  const work = saga();
  const failure = new Error('still attached');
  work.step({ name: 'first', undo: () => Promise.resolve(void undone.push('first')) });
  work.step({ name: 'second', undo: () => Promise.reject(failure) });
  work.step({
    name: 'third',
    undo: () => {
      throw failure;
    },
  });
  expect(await work.undoAll()).toEqual([
    { name: 'third', cause: failure },
    { name: 'second', cause: failure },
  ]);
  expect(undone).toEqual(['first']);
});

test('what is left of a step is what its undo says, else what the step says', async () => {
  const work = saga();
  const ifLeft = 'gc finds it';
  const mustStay = new MustStay('it is in use');
  const failure = new Error('away');
  work.step({ name: 'template', ifLeft, undo: () => Promise.reject(mustStay) });
  work.step({ name: 'vm', ifLeft, undo: () => Promise.reject(failure) });
  expect(await work.undoAll()).toEqual([
    { name: 'vm', ifLeft, cause: failure },
    { name: 'template', ifLeft: 'it is in use', cause: mustStay },
  ]);
});

test('that an undo found nothing is known', () => {
  const work = saga();
  expect(work.isAllTold).toBe(true);
  work.tellOfNothing();
  expect(work.isAllTold).toBe(false);
});

/** A clock whose pauses are noted and cost nothing; a limit of minutes strikes never. */
function pausingClock(): { readonly clock: Clock; readonly pausesMs: number[] } {
  const pausesMs: number[] = [];
  const patient = patientClock();
  const sleep: Clock['sleep'] = (ms, signal) => {
    if (ms >= 18_000) return patient.sleep(ms, signal);
    pausesMs.push(ms);
    return signal?.aborted === true ? Promise.reject(new Aborted()) : Promise.resolve();
  };
  return { clock: { nowMs: () => 0, sleep }, pausesMs };
}

test('what failed is undone again in the same order, after growing pauses, while it may pass', async () => {
  const tries: string[] = [];
  const { clock, pausesMs } = pausingClock();
  const mayPass = (failures: readonly UndoFailure[]): boolean =>
    failures.some(({ cause }) => cause === 'away');
  const work = new Saga({ clock, undoWithinMs: 600_000, mayPass });
  const failing = (name: string, times: number, cause: string): void => {
    let left = times;
    const undo = (): Promise<void> => {
      tries.push(name);
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      return (left -= 1) >= 0 ? Promise.reject(cause) : Promise.resolve();
    };
    work.step({ name, undo });
  };
  failing('group', 9, 'in use');
  failing('address', 0, '');
  failing('vm', 5, 'away');
  expect(await work.undoAll()).toEqual([{ name: 'group', cause: 'in use' }]);
  const again = Array.from({ length: 5 }, () => ['vm', 'group']).flat();
  expect(tries).toEqual(['vm', 'address', 'group', ...again]);
  expect(pausesMs).toEqual([1_000, 2_000, 4_000, 8_000, 8_000]);
});

test('what is undone is not undone again, whatever may pass', async () => {
  const { clock, pausesMs } = pausingClock();
  const work = new Saga({ clock, undoWithinMs: 600_000, mayPass: () => true });
  let undone = 0;
  work.step({ name: 'vm', undo: () => Promise.resolve(void (undone += 1)) });
  expect(await work.undoAll()).toEqual([]);
  expect([undone, pausesMs]).toEqual([1, []]);
});

test('what fails for good is told after two minutes of pauses, not at the end of the time', async () => {
  const { clock, pausesMs } = pausingClock();
  const work = new Saga({ clock, undoWithinMs: 1_200_000, mayPass: () => true });
  work.step({ name: 'vm', undo: () => Promise.reject(new Error('away')) });
  expect(await work.undoAll()).toEqual([{ name: 'vm', cause: new Error('away') }]);
  const sleptMs = pausesMs.reduce((sum, ms) => sum + ms, 0);
  expect(sleptMs).toBeGreaterThan(110_000);
  expect(sleptMs).toBeLessThan(130_000);
});

test('told to end while it pauses, undoing is tried again within the time that is left', async () => {
  const clock = handMovedClock(0);
  const caller = new AbortController();
  const interruption = { signal: caller.signal, undoWithinMs: 18_000 };
  const work = new Saga({ clock, undoWithinMs: 600_000, interruption, mayPass: () => true });
  const triedAtMs: number[] = [];
  work.step({
    name: 'vm',
    undo: () => {
      triedAtMs.push(clock.nowMs());
      return Promise.reject(new Error('away'));
    },
  });
  let left: readonly UndoFailure[] | undefined;
  const undoing = work.undoAll().then((failures) => (left = failures));
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(1_000);
    }
  };
  await pass(100);
  expect(left).toBeUndefined();
  const triesBefore = triedAtMs.length;
  caller.abort();
  await pass(19);
  await undoing;
  expect(triedAtMs.length - triesBefore).toBe(2);
  expect(left).toEqual([{ name: 'vm', cause: new Error('away') }]);
});

for (const isInterrupted of [true, false]) {
  const whether = isInterrupted ? 'after an interruption' : 'without an interruption';
  test(`undoing that is over leaves no limit running and no listener, ${whether}`, async () => {
    const asleep = new Set<AbortSignal>();
    const patient = patientClock();
    const sleep: Clock['sleep'] = (ms, signal) => {
      asleep.add(signal!);
      return patient.sleep(ms, signal).finally(() => asleep.delete(signal!));
    };
    const caller = new AbortController();
    const interruption = { signal: caller.signal, undoWithinMs: 18_000 };
    const work = new Saga({
      clock: { nowMs: () => 0, sleep },
      undoWithinMs: 600_000,
      interruption,
    });
    const seen: [limits: number, signal: AbortSignal][] = [];
    work.step({
      name: 'vm',
      undo: ({ signal }) => {
        if (isInterrupted) caller.abort();
        seen.push([asleep.size, signal]);
        return Promise.resolve();
      },
    });
    await work.undoAll();
    const [[limits, signal]] = seen as [(typeof seen)[number]];
    expect([limits, asleep.size]).toEqual([isInterrupted ? 2 : 1, 0]);
    expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
}

test('nothing is undone after commit, nor twice, nor what was forgotten', async () => {
  const undone: string[] = [];
  const note = (name: string) => ({
    name,
    undo: () => Promise.resolve(void undone.push(name)),
  });
  const committed = saga();
  committed.step(note('committed'));
  committed.commit();
  expect(await committed.undoAll()).toEqual([]);
  const twice = saga();
  twice.step(note('kept'));
  twice.step(note('forgotten')).forget();
  await twice.undoAll();
  await twice.undoAll();
  expect(undone).toEqual(['kept']);
});

test('when the time for undoing is over, the rest is reported, even behind a stuck undo', async () => {
  const work = saga(virtualClock());
  const untouched = { name: 'deploy', undo: () => Promise.resolve() };
  work.step(untouched);
  work.step({ name: 'stuck', undo: () => new Promise<void>(() => undefined) });
  const failures = await work.undoAll();
  expect(failures.map(({ name }) => name)).toEqual(['stuck', 'deploy']);
  expect(failures.every(({ cause }) => cause instanceof Aborted)).toBe(true);
});

test('an undo gets a signal of its own', async () => {
  const work = saga();
  let aborted: boolean | undefined;
  work.step({
    name: 'deploy',
    undo: ({ signal }) => {
      aborted = signal.aborted;
      return Promise.resolve();
    },
  });
  await work.undoAll();
  expect(aborted).toBe(false);
});
