// World time for calls that run at once. It passes only when each of them waits, and then to the first
// moment that one of them waits for; who comes first at one moment is who has waited longest. So a run
// takes as long as its computing, and the same waits end in the same order each time. A drawn order has
// messages overtake each other: whatever is on its way may be slower than it was meant to be.
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../cpi/flow/clock.js';
import { Aborted } from '../../cpi/flow/errors.js';

/** Whose time it is: that of a simulated zone. */
export interface World {
  readonly nowMs: number;
  advanceBy(ms: number): void;
}

/** One of the things that run at once, and its clock. */
export interface Lane extends Clock {
  /** Waits for a message that is on its way, which may take longer where others come first. */
  travel(ms: number, signal?: AbortSignal): Promise<void>;
  /** Does several things at once, each on a lane of its own; answers their results in their order. */
  beside<T>(works: readonly Work<T>[]): Promise<T[]>;
  /** Does what waits for something other than this clock, such as a file: no time passes meanwhile. */
  outside<T>(work: () => Promise<T>): Promise<T>;
}

/** What runs on a lane. */
export type Work<T> = (lane: Lane) => Promise<T>;

/** Nobody waits for longer than this because others come first. */
export const longestDelayMs = 10_000;

/**
 * Which of the messages that are on their way comes next, where there are several: each number decides
 * once, 0 for the one whose time has come. When the numbers are used up, it is always that one.
 */
export class DrawnOrder {
  readonly #numbers: readonly number[];
  #decisions = 0;
  /** How often another message came first. */
  overtakings = 0;

  constructor(numbers: readonly number[] = []) {
    this.#numbers = numbers;
  }

  choose<T>(first: T, others: readonly T[]): T {
    if (others.length === 0) return first;
    const number = this.#numbers[this.#decisions] ?? 0;
    this.#decisions += 1;
    const chosen = [first, ...others][number % (others.length + 1)] ?? first;
    if (chosen !== first) this.overtakings += 1;
    return chosen;
  }
}

/** Runs all of them to their ends; answers their results in their order. */
export async function runTogether<T>(
  world: World,
  works: readonly Work<T>[],
  order = new DrawnOrder(),
): Promise<T[]> {
  const timetable = new Timetable(world, order);
  const results = timetable.run(works);
  // What fails early is thrown at the end, when the others have ended, too.
  results.catch(() => undefined);
  for (;;) {
    await setImmediate();
    if (timetable.isOver) return results;
    if (!timetable.isAnyAtWork) timetable.wakeNext();
  }
}

async function ended<T>(work: Work<T>, lane: TimedLane): Promise<T> {
  try {
    return await work(lane);
  } finally {
    lane.end();
  }
}

interface Sleeper {
  readonly untilMs: number;
  readonly isTravelling: boolean;
  readonly lane: TimedLane;
  readonly wake: () => void;
}

class Timetable {
  readonly #world: World;
  readonly #order: DrawnOrder;
  readonly #lanes: TimedLane[] = [];
  #sleepers: Sleeper[] = [];

  constructor(world: World, order: DrawnOrder) {
    this.#world = world;
    this.#order = order;
  }

  get nowMs(): number {
    return this.#world.nowMs;
  }

  get isOver(): boolean {
    return this.#lanes.every((lane) => lane.hasEnded);
  }

  get isAnyAtWork(): boolean {
    return this.#lanes.some((lane) => lane.isAtWork);
  }

  run<T>(works: readonly Work<T>[]): Promise<T[]> {
    const first = this.#lanes.length;
    const lanes = works.map((_, index) => new TimedLane(this, first + index));
    this.#lanes.push(...lanes);
    return Promise.all(works.map((work, number) => ended(work, lanes[number]!)));
  }

  /** Which of two lanes is asked first does not depend on which came to it first. */
  add(sleeper: Sleeper): void {
    this.#sleepers.push(sleeper);
    this.#sleepers.sort((one, other) => one.lane.number - other.lane.number);
  }

  remove(isLeaving: (sleeper: Sleeper) => boolean): void {
    this.#sleepers = this.#sleepers.filter((sleeper) => !isLeaving(sleeper));
  }

  hasAny(lane: TimedLane): boolean {
    return this.#sleepers.some((sleeper) => sleeper.lane === lane);
  }

  wakeNext(): void {
    const next = this.#next();
    this.remove((sleeper) => sleeper === next);
    if (next.untilMs > this.nowMs) this.#world.advanceBy(next.untilMs - this.nowMs);
    next.wake();
  }

  #next(): Sleeper {
    const first = this.#sleepers.reduce((one, other) =>
      other.untilMs < one.untilMs ? other : one,
    );
    if (this.nowMs - first.untilMs >= longestDelayMs) return first;
    const others = this.#sleepers.filter(
      ({ isTravelling, lane, untilMs }) =>
        isTravelling && lane !== first.lane && untilMs < first.untilMs + longestDelayMs,
    );
    return this.#order.choose(first, others);
  }
}

class TimedLane implements Lane {
  readonly #timetable: Timetable;
  #outside = 0;
  #isWaitingForOthers = false;
  hasEnded = false;

  constructor(
    timetable: Timetable,
    readonly number: number,
  ) {
    this.#timetable = timetable;
  }

  get isAtWork(): boolean {
    if (this.hasEnded || this.#isWaitingForOthers) return false;
    return this.#outside > 0 || !this.#timetable.hasAny(this);
  }

  async beside<T>(works: readonly Work<T>[]): Promise<T[]> {
    this.#isWaitingForOthers = true;
    try {
      return await this.#timetable.run(works);
    } finally {
      this.#isWaitingForOthers = false;
    }
  }

  nowMs(): number {
    return this.#timetable.nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#wait(ms, signal, false);
  }

  travel(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#wait(ms, signal, true);
  }

  #wait(ms: number, signal: AbortSignal | undefined, isTravelling: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      // What ended goes on no more, whatever of it still sleeps.
      if (this.hasEnded) return;
      const onAbort = (): void => {
        this.#timetable.remove((other) => other === sleeper);
        reject(new Aborted(signal?.reason));
      };
      const sleeper: Sleeper = {
        untilMs: this.nowMs() + Math.max(0, Math.ceil(ms)),
        isTravelling,
        lane: this,
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      if (signal?.aborted === true) {
        reject(new Aborted(signal.reason));
        return;
      }
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#timetable.add(sleeper);
    });
  }

  async outside<T>(work: () => Promise<T>): Promise<T> {
    this.#outside += 1;
    try {
      return await work();
    } finally {
      this.#outside -= 1;
    }
  }

  end(): void {
    this.hasEnded = true;
    this.#timetable.remove(({ lane }) => lane === this);
  }
}
