import type { Clock } from '../../../cpi/flow/clock.js';
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
