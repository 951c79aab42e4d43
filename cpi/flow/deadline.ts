import type { Clock } from './clock.js';

/** A point in time by which something has to be done, and how far away it is. */
export interface Deadline {
  /** Milliseconds left, never negative. */
  remainingMs(): number;
  /** Milliseconds since the deadline was set. */
  elapsedMs(): number;
  hasPassed(): boolean;
}

/** A deadline `durationMs` from now by `clock`. */
export function startDeadline(clock: Clock, durationMs: number): Deadline {
  const startedAtMs = clock.nowMs();
  const elapsedMs = (): number => clock.nowMs() - startedAtMs;
  return {
    elapsedMs,
    remainingMs: () => Math.max(0, durationMs - elapsedMs()),
    hasPassed: () => elapsedMs() >= durationMs,
  };
}
