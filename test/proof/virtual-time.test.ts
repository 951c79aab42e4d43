// Proves that what runs at once shares one time, which passes only when all of it waits, that the same
// waits end in the same order, and that a drawn order lets messages overtake each other, but keeps none
// waiting for long.
import { expect, test } from '@playwright/test';
import { DrawnOrder, longestDelayMs, runTogether, type Lane } from './virtual-time.js';

function world(): { nowMs: number; advanceBy: (ms: number) => void } {
  return {
    nowMs: 0,
    advanceBy(ms) {
      this.nowMs += ms;
    },
  };
}

/** Sends three messages of 10 ms each, and notes when each arrives. */
function sender(name: string, notes: string[]): (lane: Lane) => Promise<void> {
  return async (lane) => {
    for (const number of [1, 2, 3]) {
      await lane.travel(10);
      notes.push(`${name}${number} at ${lane.nowMs()}`);
    }
  };
}

async function notesIn(order: readonly number[]): Promise<string[]> {
  const notes: string[] = [];
  await runTogether(world(), [sender('a', notes), sender('b', notes)], new DrawnOrder(order));
  return notes;
}

test('without an order each comes at its time, and the first first', async () => {
  expect(await notesIn([])).toEqual([
    'a1 at 10',
    'b1 at 10',
    'a2 at 20',
    'b2 at 20',
    'a3 at 30',
    'b3 at 30',
  ]);
});

test('an order has messages overtake each other', async () => {
  const notes = await notesIn([1, 1, 1]);
  expect(notes.map((note) => note.slice(0, 2))).toEqual(['b1', 'b2', 'b3', 'a1', 'a2', 'a3']);
  expect(await notesIn([1, 1, 1])).toEqual(notes);
});

test('an order delays nothing for longer than the longest delay', async () => {
  const time = world();
  let arrivedMs = 0;
  const slow = async (lane: Lane): Promise<void> => {
    await lane.travel(1);
    arrivedMs = lane.nowMs();
  };
  const busy = async (lane: Lane): Promise<void> => {
    for (let sent = 0; sent < 1_000; sent += 1) await lane.travel(100);
  };
  await runTogether(time, [slow, busy], new DrawnOrder(Array<number>(1_000).fill(1)));
  expect(time.nowMs).toBe(100_000);
  expect(arrivedMs).toBeGreaterThan(longestDelayMs / 2);
  expect(arrivedMs).toBeLessThan(longestDelayMs + 200);
});

test('what waits for its own clock is never overtaken by its own messages', async () => {
  const notes: string[] = [];
  const both = async (lane: Lane): Promise<void> => {
    await Promise.all([
      lane.sleep(5).then(() => notes.push('slept')),
      lane.travel(6).then(() => notes.push('travelled')),
    ]);
  };
  await runTogether(world(), [both], new DrawnOrder([1]));
  expect(notes).toEqual(['slept', 'travelled']);
});

test('time stands still while something waits for another thing than its clock', async () => {
  const time = world();
  const outside = (lane: Lane): Promise<number> =>
    lane.outside(async () => {
      await new Promise((resolve) => {
        setImmediate(() => {
          setImmediate(resolve);
        });
      });
      return time.nowMs;
    });
  const asleep = async (lane: Lane): Promise<number> => {
    await lane.sleep(50);
    return time.nowMs;
  };
  expect(await runTogether(time, [outside, asleep])).toEqual([0, 50]);
});

test('what a lane does beside each other has lanes of its own, and the lane waits for all of it', async () => {
  const time = world();
  const notes: string[] = [];
  const parent = async (lane: Lane): Promise<number[]> => {
    const ends = await lane.beside(
      [30, 10].map((ms) => async (own: Lane) => {
        await own.outside(() => Promise.resolve());
        await own.sleep(ms);
        notes.push(`child of ${ms} ms`);
        return own.nowMs();
      }),
    );
    await lane.sleep(5);
    notes.push('parent');
    return ends;
  };
  expect(await runTogether(time, [parent])).toEqual([[30, 10]]);
  expect(notes).toEqual(['child of 10 ms', 'child of 30 ms', 'parent']);
  expect(time.nowMs).toBe(35);
});
