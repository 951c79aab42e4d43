import type { WaitContext } from '../flow/waiter.js';

/**
 * How often to try, and how long to pause between: `firstMs`, then `factor` longer, to `capMs`.
 * Each pause lasts up to half as long again, so that calls that failed together come back one by
 * one.
 */
export interface Retry {
  readonly attempts: number;
  readonly firstMs: number;
  readonly factor: number;
  readonly capMs: number;
  /** No try begins when so much time has passed since the first one; when absent, any may. */
  readonly withinMs?: number;
}

/** After a failure: try again, after the usual pause or a longer one that the server asked for. */
export type Verdict =
  { readonly again: false } | { readonly again: true; readonly afterMs?: number };

export interface RetryContext extends WaitContext {
  /** A number from 0 up to, but not, 1. */
  readonly random: () => number;
}

/**
 * Does `work` until it succeeds, `judge` says that trying again cannot help or would do harm, or
 * the attempts are used up. Throws the last failure.
 */
export async function withRetry<T>(
  retry: Retry,
  context: RetryContext,
  work: () => Promise<T>,
  judge: (failure: unknown) => Verdict,
): Promise<T> {
  const startedAtMs = context.clock.nowMs();
  let pauseMs = retry.firstMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (failure) {
      const verdict = judge(failure);
      const isOver = context.clock.nowMs() - startedAtMs >= (retry.withinMs ?? Infinity);
      if (!verdict.again || attempt >= retry.attempts || isOver) throw failure;
      const askedMs = Math.min(verdict.afterMs ?? 0, serverPauseMsMax);
      const spreadMs = (context.random() * pauseMs) / 2;
      await context.clock.sleep(Math.max(pauseMs, askedMs) + spreadMs, context.signal);
      pauseMs = Math.min(pauseMs * retry.factor, retry.capMs);
    }
  }
}

/** A server may ask for patience, not for hours. */
const serverPauseMsMax = 60_000;
