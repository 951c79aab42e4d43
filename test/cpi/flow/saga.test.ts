// Proves that undoing takes back every registered step in reverse, whatever fails on the way, and
// that it runs although the work itself was interrupted. Steps here only write down that they ran.
import { expect, test } from '@playwright/test';
import type { Clock } from '../../../cpi/flow/clock.js';
import { Aborted } from '../../../cpi/flow/errors.js';
import { Saga } from '../../../cpi/flow/saga.js';
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
  for (const [name, isUndoneLast] of [
    ['deploy', false],
    ['register', true],
    ['announce', true],
    ['start', false],
  ] as const) {
    work.step({ name, isUndoneLast, undo: () => Promise.resolve(void undone.push(name)) });
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
