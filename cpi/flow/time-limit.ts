import type { Clock } from './clock.js';

/** An end that comes by itself, unless what it is for has ended before. */
export interface TimeLimit {
  /** Aborted when the time is over. */
  readonly signal: AbortSignal;
  /** Resolves when the limit can strike no more. */
  readonly stop: () => Promise<void>;
}

/** A limit `limitMs` from now; `reason` is what aborts the signal. */
export function startTimeLimit(clock: Clock, limitMs: number, reason: Error): TimeLimit {
  const timeIsUp = new AbortController();
  const stopped = new AbortController();
  const timer = clock.sleep(limitMs, stopped.signal).then(
    () => {
      timeIsUp.abort(reason);
    },
    () => undefined,
  );
  return {
    signal: timeIsUp.signal,
    stop: () => {
      stopped.abort();
      return timer;
    },
  };
}
