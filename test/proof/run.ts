// Case after case, until the time is over, first those that failed once; each failure is made as small as
// it gets, and tells how it is seen again.
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import {
  drawnBy,
  everyCase,
  firstDifference,
  lifeIn,
  lifeOf,
  live,
  liveAgain,
  type KeptCase,
  type Life,
} from './case.js';
import type { Conditions } from './conditions.js';
import { BrokenPromise } from './promise.js';
import type { Stage, StageOptions } from './stage.js';
import { Tally, type Report } from './report/tally.js';
import type { Turn } from './turn.js';

export interface RunOptions extends StageOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly cases?: number | undefined;
  /** Cases that failed once, which come first. */
  readonly kept?: readonly KeptCase[];
  /** Whether each drawn case is lived through twice, and has to go the same way. */
  readonly isTwice?: boolean | undefined;
  /** Whether those cases did what they were to do: otherwise more are drawn, within bounds. */
  readonly isEnough?: (report: Report) => boolean;
  readonly path?: string | undefined;
  readonly replayPath?: string | undefined;
  /** For how long a failing case is made smaller at most; a minute unless given. */
  readonly narrowingMs?: number;
  /** Hears after each case how far it is. */
  readonly onProgress?: (report: () => Report) => void;
  /** Hears of each broken promise when it is found. */
  readonly onFailure?: (failure: Failure) => void;
  /** Ends the run after the case during which it is aborted. */
  readonly signal?: AbortSignal;
}

/** A promise that was broken. */
export interface Failure {
  /** Null of a case that was kept. */
  readonly seed: number | null;
  readonly what: string;
  /** The command that shows it again. */
  readonly replay: string;
  /** What was done, in lines. */
  readonly trace: readonly string[];
  /** The smallest case that breaks it. */
  readonly case: KeptCase;
}

/**
 * How many times as many cases there are at most where those that were asked for are not enough: what
 * comes in one case of forty has come then, but for one run in a hundred thousand.
 */
const patience = 20;
/** A run ends early when so many promises are broken. */
const mostFailures = 20;
const usualNarrowingMs = 60_000;

export async function runProof(options: RunOptions): Promise<Report> {
  const { minutes, cases = Infinity, isEnough, onProgress = () => undefined } = options;
  const tally = new Tally();
  const startedMs = performance.now();
  const endMs = startedMs + minutes * 60_000;
  const reportNow = (isUnderWay: boolean): Report =>
    tally.report(options.seed, (performance.now() - startedMs) / 1_000, isUnderWay);
  const isToGoOn = (number: number): boolean =>
    number < cases || (number < cases * patience && isEnough?.(reportNow(true)) === false);
  /** Whether that was enough. */
  const hasEnded = async (failure: Failure | undefined): Promise<boolean> => {
    if (failure !== undefined) {
      tally.addFailure(failure);
      options.onFailure?.(failure);
    }
    onProgress(() => reportNow(true));
    // Signals are heard only between turns of the event loop.
    await setImmediate();
    return options.signal?.aborted === true || tally.failures.length >= mostFailures;
  };
  for (const [index, one] of (options.kept ?? []).entries()) {
    const failure = await tryKept(options, one, index + 1);
    tally.addKept();
    if (await hasEnded(failure)) return reportNow(false);
  }
  for (let number = 0; isToGoOn(number) && performance.now() < endMs; number += 1) {
    if (await hasEnded(await tryCase(options, options.seed + number, tally))) break;
  }
  return reportNow(false);
}

async function tryKept(
  options: RunOptions,
  kept: KeptCase,
  number: number,
): Promise<Failure | undefined> {
  let trace: readonly string[] = [];
  const onEnd = (stage: Stage): void => void (trace = stage.trace);
  try {
    await liveAgain(kept, { ...stageOptionsOf(options), onEnd });
    return undefined;
  } catch (error) {
    const what = messageOf(error);
    return { seed: null, what, replay: `npm run proof -- --kept ${number}`, trace, case: kept };
  }
}

function stageOptionsOf({ image, registry, plant }: RunOptions): StageOptions {
  return {
    ...(image !== undefined && { image }),
    ...(registry && { registry }),
    ...(plant && { plant }),
  };
}

async function tryCase(
  options: RunOptions,
  seed: number,
  tally: Tally,
): Promise<Failure | undefined> {
  const { path, replayPath, narrowingMs = usualNarrowingMs, isTwice = false } = options;
  const stageOptions = stageOptionsOf(options);
  let lives = 0;
  let first: LivedThrough | undefined;
  const property = everyCase(
    {
      ...stageOptions,
      onEnd: (stage) => {
        // The others only make a failing case smaller.
        if (lives === 0) tally.add(stage);
        if (lives === 0 && isTwice) first = { stage, life: lifeIn(stage) };
        lives += 1;
      },
    },
    replayPath,
    () => path === undefined || lives === 0,
  );
  const details = await fc.check(property, {
    ...drawnBy(seed),
    ...(path !== undefined && { path }),
    endOnFailure: path !== undefined || narrowingMs === 0,
    ...(narrowingMs > 0 && { skipAllAfterTimeLimit: narrowingMs }),
  });
  if (!details.failed || details.counterexample === null) {
    return first && tryAgain(first, seed, stageOptions, tally);
  }
  const [given, told] = details.counterexample as [Conditions, Told];
  const what = messageOf(details.errorInstance);
  const replay = [
    `npm run proof -- --cases 1 --seed ${seed} --path ${details.counterexamplePath}`,
    `--replay-path ${/"(.*)"/.exec(told.metadataForReplay())?.[1] ?? ''}`,
  ].join(' ');
  const { trace, turns } = await livedAgain(given, told, stageOptions);
  return { seed, what, replay, trace, case: { found: what, conditions: given, turns } };
}

interface LivedThrough {
  readonly stage: Stage;
  readonly life: Life;
}

/** Lives through the case of a seed once more: nothing may be different. */
async function tryAgain(
  { stage: { conditions, trace, turns }, life }: LivedThrough,
  seed: number,
  options: StageOptions,
  tally: Tally,
): Promise<Failure | undefined> {
  const difference = firstDifference(life, await lifeOf(seed, options));
  tally.addTwice();
  if (difference === undefined) return undefined;
  const what = `the second time the case goes another way: ${difference}`;
  const replay = `npm run proof -- --cases 1 --seed ${seed} --twice`;
  return { seed, what, replay, trace, case: { found: what, conditions, turns } };
}

/** Turns as fast-check draws them. */
interface Told extends Iterable<Turn> {
  metadataForReplay(): string;
}

async function livedAgain(
  given: Conditions,
  told: Iterable<Turn>,
  options: StageOptions,
): Promise<Pick<Stage, 'trace' | 'turns'>> {
  let lived: Pick<Stage, 'trace' | 'turns'> = { trace: [], turns: [] };
  const onEnd = (stage: Stage): void => void (lived = stage);
  await live(given, told, { ...options, onEnd }).catch(() => undefined);
  return lived;
}

/** Where a promise is looked at tells nothing; where something else fails does. */
export function messageOf(error: unknown): string {
  if (error instanceof BrokenPromise) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
