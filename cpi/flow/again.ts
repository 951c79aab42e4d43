import type { Deadline } from './deadline.js';
import type { Poll, WaitContext } from './waiter.js';

/**
 * Does `work`, at most `triesMax` times, until it succeeds, or fails in a way that `mayHelp` does
 * not expect another try to mend. `mayHelp` may do something about the failure before; it is not
 * asked after the last try.
 *
 * @throws the last failure of `work`; what `mayHelp` throws.
 */
export async function tryAgain<T>(
  triesMax: number,
  work: (attempt: number) => Promise<T>,
  mayHelp: (failure: unknown, attempt: number) => boolean | Promise<boolean>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (failure) {
      if (attempt >= triesMax || !(await mayHelp(failure, attempt))) throw failure;
    }
  }
}

/**
 * Does `work`, with pauses of `pauseMs`, until it succeeds, the deadline has passed, or it fails in
 * a way that will not pass.
 *
 * @throws the last failure of `work`; Aborted.
 */
export async function tryUntil<T>(
  { clock, signal }: WaitContext,
  { deadline, pauseMs }: { readonly deadline: Deadline; readonly pauseMs: number },
  work: () => Promise<T>,
  willPass: (failure: unknown) => boolean | Promise<boolean>,
): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (failure) {
      if (!(await willPass(failure)) || deadline.hasPassed()) throw failure;
    }
    await clock.sleep(pauseMs, signal);
  }
}

/**
 * Looks, at most `looksMax` times with the pauses of `poll`, until `isEnough` is content; answers
 * what was seen last.
 *
 * @throws what `look` throws; Aborted.
 */
export async function lookAgain<T>(
  { clock, signal }: WaitContext,
  { looksMax, poll }: { readonly looksMax: number; readonly poll: Poll },
  look: () => Promise<T>,
  isEnough: (seen: T) => boolean,
): Promise<T> {
  let pauseMs = poll.firstMs;
  for (let looks = 1; ; looks += 1) {
    const seen = await look();
    if (looks >= looksMax || isEnough(seen)) return seen;
    await clock.sleep(pauseMs, signal);
    pauseMs = Math.min(pauseMs * poll.factor, poll.capMs);
  }
}
