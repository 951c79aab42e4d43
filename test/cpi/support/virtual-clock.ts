import { setImmediate } from 'node:timers/promises';
import { realClock, type Clock } from '../../../cpi/flow/clock.js';
import { Aborted } from '../../../cpi/flow/errors.js';

/** A clock on which sleeping takes no time: it moves the clock. */
export interface VirtualClock extends Clock {
  /** How long each sleep was, in order. */
  readonly sleptMs: number[];
  advance(ms: number): void;
}

export function virtualClock(startMs = Date.parse('2026-01-01T00:00:00Z')): VirtualClock {
  let nowMs = startMs;
  const sleptMs: number[] = [];
  return {
    sleptMs,
    advance: (ms) => {
      nowMs += ms;
    },
    nowMs: () => nowMs,
    sleep: async (ms, signal) => {
      if (signal?.aborted) throw new Aborted(signal.reason);
      sleptMs.push(ms);
      nowMs += ms;
      await Promise.resolve();
      if (signal?.aborted) throw new Aborted(signal.reason);
    },
  };
}

/** On which waiting for the next look takes no time; limits of whole undertakings never strike. */
export function hurriedClock(): Clock {
  return withoutPauses(virtualClock(realClock.nowMs()), realClock);
}

/** A clock on which no sleep ends by itself: for time limits that must not strike. */
export function patientClock(): Clock {
  return {
    nowMs: () => 0,
    sleep: (_ms, signal) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(new Aborted(signal.reason)));
      }),
  };
}

/** A clock that a test moves: sleeps end when it has come to their end. */
export interface HandMovedClock extends Clock {
  advance(ms: number): void;
}

export function handMovedClock(startMs: number): HandMovedClock {
  let nowMs = startMs;
  const sleepers = new Set<{ readonly untilMs: number; readonly wake: () => void }>();
  return {
    nowMs: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
      for (const sleeper of sleepers) {
        if (sleeper.untilMs > nowMs) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const wake = (): void => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        };
        const sleeper = { untilMs: nowMs + ms, wake };
        sleepers.add(sleeper);
        const onAbort = (): void => {
          sleepers.delete(sleeper);
          reject(new Aborted(signal?.reason));
        };
        if (signal?.aborted) onAbort();
        else if (ms <= 0) resolve();
        else signal?.addEventListener('abort', onAbort);
      }),
  };
}

/** On which waiting for the next look takes no time, and limits strike when the looks have come to them. */
export function strikingClock(): Clock {
  const clock = handMovedClock(realClock.nowMs());
  return withoutPauses(clock, clock);
}

/** A pause moves the clock on; what is longer than any pause is a limit, of which `limits` knows the end. */
function withoutPauses(clock: HandMovedClock, limits: Clock): Clock {
  return {
    nowMs: () => clock.nowMs(),
    sleep: async (ms, signal) => {
      if (ms > 10_000) return limits.sleep(ms, signal);
      clock.advance(ms);
      await setImmediate();
      if (signal?.aborted) throw new Aborted(signal.reason);
    },
  };
}
