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
 * 65 ms late in the mean, with 53 looks; one of a minute is looked at 278 times.
 * What that costs is told in docs/cpi/requests.md.
 */
export const jobPoll: Poll = { firstMs: 100, factor: 1.005, capMs: 1000 };

/** For what a request may have begun whose answer is lost: eleven looks take six seconds. */
export const latePoll: Poll = { firstMs: 250, factor: 1.2, capMs: 1000 };

/** Jobs that only change CloudStack's database are done in a moment. */
export const momentPoll: Poll = { firstMs: 10, factor: 1.5, capMs: 1000 };

/** Templates take minutes. */
export const templatePoll: Poll = { firstMs: 250, factor: 1.2, capMs: 5000 };

/** What to wait for. States that are neither target nor pending end the wait with an error. */
export interface Wait<T> {
  /** For people, in messages: `deployment of the VM`. */
  readonly what: string;
  readonly id: string;
  /** Looks once. Undefined means that it is not there any more, which ends the wait. */
  readonly look: () => Promise<T | undefined>;
  readonly stateOf: (found: T) => string;
  readonly targets: readonly string[];
  readonly pending: readonly string[];
  readonly deadlineMs: number;
  readonly poll: Poll;
  /** Whether looking again can help after this failure; when absent: always. */
  readonly isPassing?: (failure: unknown) => boolean;
}

/** Where a wait runs: by which clock, and what interrupts it. */
export interface WaitContext {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/**
 * How long looks may fail in a row before the wait does: a database or a management server is
 * replaced in well under two minutes. A short wait keeps half of its time for what comes after.
 */
const blindMsMax = 120_000;

/** While looks fail: whatever is away comes back no sooner for being asked more often. */
const blindPoll = { factor: 1.5, capMs: 5_000 };

/**
 * Waits until the thing is in one of the target states and returns it as last seen.
 *
 * A failed look is not a failed wait: only those are that fail for two minutes, or for half of the
 * wait if that is less, with no good one between. Pauses between them grow.
 *
 * @throws DeadlineExceeded, UnexpectedState, WaitedForMissing, LookingFailed, Aborted, or the
 *   failure of a look that `isPassing` does not accept.
 */
export async function waitFor<T>(wait: Wait<T>, context: WaitContext): Promise<T> {
  const deadline = startDeadline(context.clock, wait.deadlineMs);
  let delayMs = wait.poll.firstMs;
  let blind: Blindness | undefined;
  for (;;) {
    const pauseMs = blind?.pauseMs ?? delayMs;
    await context.clock.sleep(Math.min(pauseMs, deadline.remainingMs()), context.signal);
    delayMs = Math.min(delayMs * wait.poll.factor, wait.poll.capMs);
    const seen = await lookOnce(wait);
    let lastState = 'a failed look';
    if (seen.kind === 'failed') {
      blind = stillBlind(wait, blind, pauseMs, deadline);
      giveUpOnFailure(wait, seen.failure, blind, deadline);
    } else {
      blind = undefined;
      const verdict = judge(wait, seen.found, deadline);
      if (verdict.kind === 'done') return verdict.found;
      lastState = verdict.state;
    }
    if (deadline.hasPassed()) {
      const cause = seen.kind === 'failed' ? seen.failure : undefined;
      throw new DeadlineExceeded(waitedFor(wait, deadline), lastState, cause);
    }
  }
}

/** Looks that failed in a row. */
interface Blindness {
  /** When the first of them had failed, in ms of the wait. */
  readonly sinceMs: number;
  readonly failures: number;
  /** How long to pause before the next look. */
  readonly pauseMs: number;
}

function stillBlind<T>(
  { poll }: Wait<T>,
  blind: Blindness | undefined,
  pausedMs: number,
  deadline: Deadline,
): Blindness {
  return {
    sinceMs: blind?.sinceMs ?? deadline.elapsedMs(),
    failures: (blind?.failures ?? 0) + 1,
    pauseMs: Math.min(pausedMs * blindPoll.factor, Math.max(blindPoll.capMs, poll.capMs)),
  };
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
  { sinceMs, failures }: Blindness,
  deadline: Deadline,
): void {
  if (failure instanceof Aborted) throw failure;
  if (wait.isPassing && !wait.isPassing(failure)) throw failure;
  const blindMs = deadline.elapsedMs() - sinceMs;
  if (blindMs < Math.min(blindMsMax, wait.deadlineMs / 2)) return;
  throw new LookingFailed(waitedFor(wait, deadline), { failures, blindMs }, failure);
}

type Verdict<T> = { kind: 'done'; found: T } | { kind: 'pending'; state: string };

function judge<T>(wait: Wait<T>, found: T | undefined, deadline: Deadline): Verdict<T> {
  if (found === undefined) throw new WaitedForMissing(waitedFor(wait, deadline));
  const state = wait.stateOf(found);
  if (wait.targets.includes(state)) return { kind: 'done', found };
  if (wait.pending.includes(state)) return { kind: 'pending', state };
  throw new UnexpectedState(waitedFor(wait, deadline), state, wait.targets);
}

function waitedFor<T>(wait: Wait<T>, deadline: Deadline): WaitedFor {
  return { what: wait.what, id: wait.id, afterMs: deadline.elapsedMs() };
}
