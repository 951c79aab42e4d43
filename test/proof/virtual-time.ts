// World time for calls that run at once. It passes only when each of them waits, and then to the first
// moment that one of them waits for; who comes first at one moment is who has waited longest. So a run
// takes as long as its computing, and the same waits end in the same order each time.
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
  /** Does what waits for something other than this clock, such as a file: no time passes meanwhile. */
  outside<T>(work: () => Promise<T>): Promise<T>;
}

/** Runs all of them to their ends; answers their results in their order. */
export async function runTogether<T>(
  world: World,
  works: readonly ((lane: Lane) => Promise<T>)[],
): Promise<T[]> {
  const timetable = new Timetable(world);
  const lanes = works.map(() => new TimedLane(timetable));
  const results = Promise.all(works.map((work, number) => ended(work, lanes[number]!)));
  // What fails early is thrown at the end, when the others have ended, too.
  results.catch(() => undefined);
  for (;;) {
    await setImmediate();
    if (lanes.every((lane) => lane.hasEnded)) return results;
    if (!lanes.some((lane) => lane.isAtWork)) timetable.wakeNext();
  }
}

async function ended<T>(work: (lane: Lane) => Promise<T>, lane: TimedLane): Promise<T> {
  try {
    return await work(lane);
  } finally {
    lane.end();
  }
}

interface Sleeper {
  readonly untilMs: number;
  readonly lane: TimedLane;
  readonly wake: () => void;
}

class Timetable {
  readonly #world: World;
  #sleepers: Sleeper[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  get nowMs(): number {
    return this.#world.nowMs;
  }

  add(sleeper: Sleeper): void {
    this.#sleepers.push(sleeper);
  }

  remove(isLeaving: (sleeper: Sleeper) => boolean): void {
    this.#sleepers = this.#sleepers.filter((sleeper) => !isLeaving(sleeper));
  }

  hasAny(lane: TimedLane): boolean {
    return this.#sleepers.some((sleeper) => sleeper.lane === lane);
  }

  wakeNext(): void {
    const next = this.#sleepers.reduce((first, other) =>
      other.untilMs < first.untilMs ? other : first,
    );
    this.remove((sleeper) => sleeper === next);
    if (next.untilMs > this.nowMs) this.#world.advanceBy(next.untilMs - this.nowMs);
    next.wake();
  }
}

class TimedLane implements Lane {
  readonly #timetable: Timetable;
  #outside = 0;
  hasEnded = false;

  constructor(timetable: Timetable) {
    this.#timetable = timetable;
  }

  get isAtWork(): boolean {
    return !this.hasEnded && (this.#outside > 0 || !this.#timetable.hasAny(this));
  }

  nowMs(): number {
    return this.#timetable.nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      // What ended goes on no more, whatever of it still sleeps.
      if (this.hasEnded) return;
      const onAbort = (): void => {
        this.#timetable.remove((other) => other === sleeper);
        reject(new Aborted(signal?.reason));
      };
      const sleeper: Sleeper = {
        untilMs: this.nowMs() + Math.max(0, Math.ceil(ms)),
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
