import type { Clock } from './clock.js';
import { Aborted, MustStay } from './errors.js';
import { startTimeLimit, type TimeLimit } from './time-limit.js';

/** What an undo may use: a signal of its own, because the one of the work may be aborted. */
export interface UndoScope {
  /** Aborted when the time for undoing is over. */
  readonly signal: AbortSignal;
}

/** One step of the work, and how to take it back. */
export interface SagaStep {
  /** For people, in messages: `deploy the VM vm-…`. */
  readonly name: string;
  /**
   * Whether to take it back only when all others are: what it takes may not answer, and the others
   * must not wait for that.
   */
  readonly isUndoneLast?: boolean;
  /** What becomes of it when it cannot be taken back, for people; when absent, `gc` finds it. */
  readonly ifLeft?: string;
  /**
   * Takes the step back. It must cope with a step that never took effect ("sent, answer lost"), and
   * with being repeated: look first, and treat "gone" as done. `MustStay` tells why it does not.
   */
  readonly undo: (scope: UndoScope) => Promise<void>;
}

/** A step that could not be taken back, and why. */
export interface UndoFailure {
  readonly name: string;
  readonly ifLeft?: string | undefined;
  readonly cause: unknown;
}

/** What leaves less time for undoing. */
interface Interruption {
  readonly signal: AbortSignal;
  /** How long undoing may still take from then on, in ms. */
  readonly undoWithinMs: number;
}

interface SagaOptions {
  readonly clock: Clock;
  readonly undoWithinMs: number;
  readonly interruption?: Interruption;
  /** Whether undoing these again, a moment later, may end better; when absent: never. */
  readonly mayPass?: (failures: readonly UndoFailure[]) => boolean;
}

/**
 * Between rounds of undoing. An interruption in one still leaves time for another try. In two
 * minutes of pauses a failover is over; what fails then, fails for good, and people are to know.
 */
const roundPoll = { firstMs: 1_000, factor: 2, capMs: 8_000, limitMs: 120_000 };

/** A registered step. */
export interface RegisteredStep {
  /** Takes the step off the list: it certainly had no effect, or somebody else took it back. */
  forget(): void;
}

/**
 * Work in steps that leaves nothing behind when one of them fails. A step is registered before it
 * is sent, so that "sent, answer lost" is undone as well.
 */
export class Saga {
  readonly #options: SagaOptions;
  #steps: SagaStep[] = [];
  #isAllTold = true;

  constructor(options: SagaOptions) {
    this.#options = options;
  }

  /** Registers how to undo what is about to be sent. */
  step(step: SagaStep): RegisteredStep {
    this.#steps.push(step);
    return {
      forget: () => {
        this.#steps = this.#steps.filter((other) => other !== step);
      },
    };
  }

  /** An undo looked in vain for what a request without an answer may still make. */
  tellOfNothing(): void {
    this.#isAllTold = false;
  }

  /** Whether every undo found what it was to take back, or knew that there was nothing. */
  get isAllTold(): boolean {
    return this.#isAllTold;
  }

  /** The work is done: nothing is to be undone any more. */
  commit(): void {
    this.#steps = [];
  }

  /**
   * Undoes every step, last first, within `undoWithinMs` from now; an interruption, before or
   * meanwhile, leaves less. A failure does not stop the rest. As long as there is time and the
   * failures may pass, those steps are undone again, after a pause, for two minutes. What could not
   * be undone is returned. Steps are forgotten, so a second call does nothing.
   */
  async undoAll(): Promise<UndoFailure[]> {
    const steps = inOrderOfUndoing(this.#steps);
    this.#steps = [];
    if (steps.length === 0) return [];
    const { signal, stop } = startUndoLimit(this.#options);
    const failed = await this.#undoInRounds(steps, signal);
    await stop();
    return failed.map(asUndoFailure);
  }

  async #undoInRounds(steps: readonly SagaStep[], signal: AbortSignal): Promise<FailedStep[]> {
    const { clock, mayPass } = this.#options;
    let pauseMs = roundPoll.firstMs;
    let sleptMs = 0;
    let failed = await undoEach(steps, signal);
    const isWorthIt = (): boolean =>
      sleptMs < roundPoll.limitMs && mayPass?.(failed.map(asUndoFailure)) === true;
    while (failed.length > 0 && isWorthIt() && (await hasSlept(clock, pauseMs, signal))) {
      sleptMs += pauseMs;
      pauseMs = Math.min(pauseMs * roundPoll.factor, roundPoll.capMs);
      const again = failed.map(({ step }) => step);
      failed = await undoEach(again, signal);
    }
    return failed;
  }
}

interface FailedStep {
  readonly step: SagaStep;
  readonly cause: unknown;
}

function asUndoFailure({ step: { name, ifLeft }, cause }: FailedStep): UndoFailure {
  return { name, ifLeft: cause instanceof MustStay ? cause.ifLeft : ifLeft, cause };
}

async function undoEach(steps: readonly SagaStep[], signal: AbortSignal): Promise<FailedStep[]> {
  const failed: FailedStep[] = [];
  for (const step of steps) {
    try {
      await unlessAborted(signal, () => step.undo({ signal }));
    } catch (cause) {
      failed.push({ step, cause });
    }
  }
  return failed;
}

/** Whether the pause was not cut short. */
async function hasSlept(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(ms, signal);
    return true;
  } catch (failure) {
    if (failure instanceof Aborted) return false;
    throw failure;
  }
}

function inOrderOfUndoing(steps: readonly SagaStep[]): SagaStep[] {
  const lastFirst = [...steps].reverse();
  const isLast = ({ isUndoneLast = false }: SagaStep): boolean => isUndoneLast;
  return [...lastFirst.filter((step) => !isLast(step)), ...lastFirst.filter(isLast)];
}

function startUndoLimit({ clock, undoWithinMs, interruption }: SagaOptions): TimeLimit {
  const usual = startLimit(clock, undoWithinMs);
  if (interruption === undefined) return usual;
  const tooLong = new AbortController();
  let afterInterruption: TimeLimit | undefined;
  const hurry = (): void => {
    const { signal, stop } = startLimit(clock, interruption.undoWithinMs);
    signal.addEventListener('abort', () => tooLong.abort(signal.reason), { once: true });
    afterInterruption = { signal, stop };
  };
  if (interruption.signal.aborted) hurry();
  else interruption.signal.addEventListener('abort', hurry, { once: true });
  return {
    signal: AbortSignal.any([usual.signal, tooLong.signal]),
    stop: async () => {
      interruption.signal.removeEventListener('abort', hurry);
      await afterInterruption?.stop();
      await usual.stop();
    },
  };
}

function startLimit(clock: Clock, withinMs: number): TimeLimit {
  return startTimeLimit(clock, withinMs, new Error(`no time left to undo (${withinMs} ms)`));
}

/** Settles as `work` does, or rejects when `signal` aborts first, even if `work` ignores it. */
async function unlessAborted(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  if (signal.aborted) throw new Aborted(signal.reason);
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      reject(new Aborted(signal.reason));
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
