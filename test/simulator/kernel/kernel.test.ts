// World time in each of its modes: what moves it, how far, and which tasks run on the way. The
// host's time is a variable of the test.
import { expect, test } from '@playwright/test';
import { parseClockMode } from '../../../simulator/kernel/clock.js';
import { Kernel } from '../../../simulator/kernel/kernel.js';

const START_MS = 1_000_000;

interface Situation {
  readonly kernel: Kernel;
  /** What ran, and at which time counted from the start. */
  readonly ran: string[];
  readonly passHostTime: (ms: number) => void;
  readonly elapsed: () => number;
}

function situation(mode: string, startHostMs = 5_000_000): Situation {
  let hostMs = startHostMs;
  const kernel = new Kernel({
    seed: 1,
    startMs: START_MS,
    mode: parseClockMode(mode)!,
    hostNowMs: () => hostMs,
  });
  const ran: string[] = [];
  kernel.onTask((task) => ran.push(`${task.kind}@${kernel.nowMs - START_MS}`));
  return {
    kernel,
    ran,
    passHostTime: (ms) => void (hostMs += ms),
    elapsed: () => kernel.nowMs - START_MS,
  };
}

function schedule({ kernel }: Situation, kind: string, afterMs: number, item?: string): void {
  kernel.schedule({ kind, args: {}, afterMs, ...(item === undefined ? {} : { item }) });
}

test.describe('manual', () => {
  test('time stands still until it is told to move', () => {
    const s = situation('manual');
    schedule(s, 'a', 10, 'job:1');
    s.passHostTime(1_000);
    s.kernel.catchUp();
    s.kernel.settle();
    s.kernel.poll('job:1');
    expect([s.elapsed(), s.ran]).toEqual([0, []]);
    expect(s.kernel.nextTaskInHostMs).toBeUndefined();
  });

  test('a move runs what is due, each task at its own time, and ends where it should', () => {
    const s = situation('manual');
    schedule(s, 'b', 20);
    schedule(s, 'a', 10);
    schedule(s, 'c', 31);
    s.kernel.advanceBy(30);
    expect([s.elapsed(), s.ran]).toEqual([30, ['a@10', 'b@20']]);
    s.kernel.advanceBy(1);
    expect(s.ran).toEqual(['a@10', 'b@20', 'c@31']);
  });

  test('what a task schedules runs in the same move if it is due by then', () => {
    const s = situation('manual');
    s.kernel.onTask((task) => {
      s.ran.push(`${task.kind}@${s.elapsed()}`);
      if (task.kind === 'first') schedule(s, 'second', 5);
    });
    schedule(s, 'first', 10);
    s.kernel.advanceBy(14);
    expect(s.ran).toEqual(['first@10']);
    s.kernel.advanceBy(1);
    expect(s.ran).toEqual(['first@10', 'second@15']);
  });

  test('until idle means: until no item is under way, background work aside', () => {
    const s = situation('manual');
    schedule(s, 'step', 40, 'job:1');
    schedule(s, 'background', 30);
    schedule(s, 'later', 50);
    s.kernel.advanceUntilIdle();
    expect([s.elapsed(), s.ran]).toEqual([40, ['background@30', 'step@40']]);
    s.kernel.advanceUntilIdle();
    expect(s.elapsed()).toBe(40);
  });

  test('a task that schedules itself without delay is an error, not a hang', () => {
    const s = situation('manual');
    s.kernel.onTask(() => schedule(s, 'again', 0));
    schedule(s, 'again', 0);
    expect(() => s.kernel.advanceBy(1)).toThrow(/more than 1000000 tasks/);
  });

  test('a delay below zero counts as none', () => {
    const s = situation('manual');
    schedule(s, 'a', -5);
    s.kernel.advanceBy(0);
    expect(s.ran).toEqual(['a@0']);
  });
});

test.describe('auto', () => {
  test('time jumps to the end of what is under way when the world settles', () => {
    const s = situation('auto');
    schedule(s, 'step', 40, 'job:1');
    schedule(s, 'expunge', 86_400_000);
    s.kernel.settle();
    expect([s.elapsed(), s.ran]).toEqual([40, ['step@40']]);
  });

  test('nothing moves while somebody holds time, and the last one to let go moves it', () => {
    const s = situation('auto');
    schedule(s, 'step', 40, 'job:1');
    const release = s.kernel.hold('an upload');
    const releaseOther = s.kernel.hold('another');
    expect(s.kernel.holders).toEqual(['an upload', 'another']);
    s.kernel.settle();
    release();
    release();
    expect([s.elapsed(), s.kernel.holders]).toEqual([0, ['another']]);
    releaseOther();
    expect([s.elapsed(), s.kernel.holders]).toEqual([40, []]);
  });

  test('nobody holds time for longer than ten seconds of the host’s', () => {
    const s = situation('auto');
    schedule(s, 'step', 40, 'job:1');
    s.kernel.hold('a download that never ends');
    s.passHostTime(10_000);
    s.kernel.settle();
    expect(s.elapsed()).toBe(0);
    s.passHostTime(1);
    s.kernel.settle();
    expect([s.elapsed(), s.ran]).toEqual([40, ['step@40']]);
  });

  test('turning to auto settles the world', () => {
    const s = situation('manual');
    schedule(s, 'step', 40, 'job:1');
    s.kernel.setMode({ kind: 'auto' });
    expect(s.elapsed()).toBe(40);
  });
});

test.describe('on-poll', () => {
  test('polling an item moves time to its next step, and what is due before runs, too', () => {
    const s = situation('on-poll');
    schedule(s, 'other', 10, 'job:2');
    schedule(s, 'one', 20, 'job:1');
    schedule(s, 'two', 30, 'job:1');
    s.kernel.poll('job:1');
    expect([s.elapsed(), s.ran]).toEqual([20, ['other@10', 'one@20']]);
    s.kernel.poll('job:1');
    expect(s.elapsed()).toBe(30);
  });

  test('nothing else moves time: not other items, not settling, not the host', () => {
    const s = situation('on-poll');
    schedule(s, 'one', 20, 'job:1');
    schedule(s, 'expunge', 10);
    s.kernel.poll('job:2');
    s.kernel.settle();
    s.passHostTime(1_000);
    s.kernel.catchUp();
    expect([s.elapsed(), s.ran]).toEqual([0, []]);
  });
});

test.describe('scaled and real', () => {
  test('scaled time runs a number of times as fast as the host, from the start of the world', () => {
    const s = situation('scaled:60');
    schedule(s, 'a', 60_000);
    expect(s.kernel.nextTaskInHostMs).toBe(1_000);
    s.passHostTime(999);
    s.kernel.catchUp();
    expect([s.elapsed(), s.ran]).toEqual([59_940, []]);
    s.passHostTime(1);
    s.kernel.catchUp();
    expect([s.elapsed(), s.ran]).toEqual([60_000, ['a@60000']]);
    expect(s.kernel.nextTaskInHostMs).toBeUndefined();
  });

  test("real time is the host's", () => {
    const s = situation('real');
    expect(s.kernel.nowMs).toBe(5_000_000);
    schedule(s, 'a', 10);
    s.passHostTime(15);
    s.kernel.catchUp();
    expect(s.kernel.nowMs).toBe(5_000_015);
    expect(s.ran).toHaveLength(1);
  });

  test("a host clock that is set back does not take the world's with it", () => {
    const s = situation('real');
    s.passHostTime(-60_000);
    s.kernel.catchUp();
    expect(s.kernel.nowMs).toBe(5_000_000);
  });

  test('after a move by hand the host goes on from there', () => {
    const s = situation('scaled:10');
    s.kernel.advanceBy(1_000);
    s.passHostTime(5);
    s.kernel.catchUp();
    expect(s.elapsed()).toBe(1_050);
    schedule(s, 'step', 500, 'job:1');
    s.kernel.advanceUntilIdle();
    s.passHostTime(5);
    s.kernel.catchUp();
    expect(s.elapsed()).toBe(1_600);
  });

  test("turning to real takes the world to the host's time, unless it is past it", () => {
    const behind = situation('manual');
    behind.kernel.setMode({ kind: 'real' });
    expect(behind.kernel.nowMs).toBe(5_000_000);
    const ahead = situation('manual', 0);
    ahead.kernel.setMode({ kind: 'real' });
    ahead.passHostTime(7);
    ahead.kernel.catchUp();
    expect(ahead.elapsed()).toBe(7);
  });
});

test('a change is logged with the innermost cause, also after an error', () => {
  const { kernel } = situation('manual');
  expect(() =>
    kernel.because('request:1 x', () => {
      kernel.because('job:1 y', () => expect(kernel.cause).toBe('job:1 y'));
      expect(kernel.cause).toBe('request:1 x');
      throw new Error('an error');
    }),
  ).toThrow('an error');
  expect(kernel.cause).toBe('world');
});
