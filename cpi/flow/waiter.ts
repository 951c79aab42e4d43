import type { Clock } from './clock.js';
import { startDeadline, type Deadline } from './deadline.js';
import {
  Aborted,
  DeadlineExceeded,
  LookingFailed,
  UnexpectedState,
  WaitedForMissing,
  type WaitedFor,
} from './errors.js';

/**
 * How often to look: first after `firstMs`, each further delay is `factor` longer, up to `capMs`.
 */
export interface Poll {
  readonly firstMs: number;
  readonly factor: number;
  readonly capMs: number;
}

/**
 * Jobs on VMs and volumes take seconds, up to a minute. A Director waits for one after the other,
 * so what is seen late adds up: looks at nearly even distances find the end of a job of six seconds
 * an eighth of a second late in the mean, with 30 looks; one of a minute is looked at 115 times.
 */
export const jobPoll: Poll = { firstMs: 150, factor: 1.02, capMs: 1000 };

/** For what a request may have begun whose answer is lost: eleven looks take six seconds. */
export const latePoll: Poll = { firstMs: 250, factor: 1.2, capMs: 1000 };

/** Jobs that only change CloudStack's database are done in a moment. */
export const momentPoll: Poll = { firstMs: 25, factor: 1.5, capMs: 1000 };

/** Templates take minutes. */
export const templatePoll: Poll = { firstMs: 250, factor: 1.2, capMs: 5000 };

/** What to wait for. States that are neither target nor pending end the wait with an error. */
export interface Wait<T> {
  /** For people, in messages: `deployment of the VM`. */
  readonly what: string;
  readonly id: string;
  /** Looks once. Undefined means "not found". */
  readonly look: () => Promise<T | undefined>;
  readonly stateOf: (found: T) => string;
  readonly targets: readonly string[];
  readonly pending: readonly string[];
  readonly deadlineMs: number;
  readonly poll: Poll;
  /** How many looks in a row may fail before the wait does. */
  readonly maxFailedLooks?: number;
  /** Whether looking again can help after this failure; when absent: always. */
  readonly isPassing?: (failure: unknown) => boolean;
}

/**
 * What "not found" means: just after creating it is not visible yet (`retry`), while deleting it
 * is what we want (`success`), otherwise something took it away (`error`).
 */
export type NotFound = 'retry' | 'success' | 'error';

/** Where a wait runs: by which clock, and what interrupts it. */
export interface WaitContext {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

const defaultMaxFailedLooks = 40;

/**
 * Waits until the thing is in one of the target states and returns it as last seen; undefined when
 * it is not found and `notFound` is `success`.
 *
 * A failed look is not a failed wait: only `maxFailedLooks` in a row are.
 *
 * @throws DeadlineExceeded, UnexpectedState, WaitedForMissing, LookingFailed, Aborted, or the
 *   failure of a look that `isPassing` does not accept.
 */
export async function waitFor<T>(
  wait: Wait<T> & { readonly notFound: 'success' },
  context: WaitContext,
): Promise<T | undefined>;
export async function waitFor<T>(
  wait: Wait<T> & { readonly notFound: 'retry' | 'error' },
  context: WaitContext,
): Promise<T>;
export async function waitFor<T>(
  wait: Wait<T> & { readonly notFound: NotFound },
  context: WaitContext,
): Promise<T | undefined> {
  const deadline = startDeadline(context.clock, wait.deadlineMs);
  let delayMs = wait.poll.firstMs;
  let failures = 0;
  let lastState: string | undefined;
  for (;;) {
    await context.clock.sleep(Math.min(delayMs, deadline.remainingMs()), context.signal);
    delayMs = Math.min(delayMs * wait.poll.factor, wait.poll.capMs);
    const seen = await lookOnce(wait);
    if (seen.kind === 'failed') {
      failures += 1;
      giveUpOnFailure(wait, seen.failure, failures, deadline);
      lastState = 'a failed look';
    } else {
      failures = 0;
      const verdict = judge(wait, seen.found, deadline);
      if (verdict.kind === 'done') return seen.found;
      lastState = verdict.state;
    }
    if (deadline.hasPassed()) {
      const cause = seen.kind === 'failed' ? seen.failure : undefined;
      throw new DeadlineExceeded(waitedFor(wait, deadline), lastState, cause);
    }
  }
}

type Seen<T> = { kind: 'seen'; found: T | undefined } | { kind: 'failed'; failure: unknown };

async function lookOnce<T>(wait: Wait<T>): Promise<Seen<T>> {
  try {
    return { kind: 'seen', found: await wait.look() };
  } catch (failure) {
    return { kind: 'failed', failure };
  }
}

function giveUpOnFailure<T>(
  wait: Wait<T>,
  failure: unknown,
  failures: number,
  deadline: Deadline,
): void {
  if (failure instanceof Aborted) throw failure;
  if (wait.isPassing && !wait.isPassing(failure)) throw failure;
  if (failures < (wait.maxFailedLooks ?? defaultMaxFailedLooks)) return;
  throw new LookingFailed(waitedFor(wait, deadline), failures, failure);
}

function judge<T>(
  wait: Wait<T> & { readonly notFound: NotFound },
  found: T | undefined,
  deadline: Deadline,
): { kind: 'done' } | { kind: 'pending'; state: string } {
  if (found === undefined) {
    if (wait.notFound === 'success') return { kind: 'done' };
    if (wait.notFound === 'error') throw new WaitedForMissing(waitedFor(wait, deadline));
    return { kind: 'pending', state: 'not found' };
  }
  const state = wait.stateOf(found);
  if (wait.targets.includes(state)) return { kind: 'done' };
  if (wait.pending.includes(state)) return { kind: 'pending', state };
  throw new UnexpectedState(waitedFor(wait, deadline), state, wait.targets);
}

function waitedFor<T>(wait: Wait<T>, deadline: Deadline): WaitedFor {
  return { what: wait.what, id: wait.id, afterMs: deadline.elapsedMs() };
}
