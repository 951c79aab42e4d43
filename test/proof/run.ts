// Case after case, until the time is over; each failure is made as small as it gets, and tells how it is
// seen again.
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { drawnBy, everyCase, live, type KeptCase } from './case.js';
import type { Conditions } from './conditions.js';
import type { Stage, StageOptions } from './stage.js';
import { Tally, type Report } from './report/tally.js';
import type { Turn } from './turn.js';

export interface RunOptions extends StageOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly cases?: number | undefined;
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
  readonly seed: number;
  readonly what: string;
  /** The command that shows it again. */
  readonly replay: string;
  /** What was done, in lines. */
  readonly trace: readonly string[];
  /** The smallest case that breaks it. */
  readonly case: KeptCase;
}

/** How many times as many cases there are at most where those that were asked for are not enough. */
const patience = 4;
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
  for (let number = 0; isToGoOn(number) && performance.now() < endMs; number += 1) {
    const failure = await tryCase(options, options.seed + number, tally);
    if (failure !== undefined) {
      tally.addFailure(failure);
      options.onFailure?.(failure);
    }
    onProgress(() => reportNow(true));
    // Signals are heard only between turns of the event loop.
    await setImmediate();
    if (options.signal?.aborted === true || tally.failures.length >= mostFailures) break;
  }
  return reportNow(false);
}

async function tryCase(
  { path, replayPath, image, registry, plant, narrowingMs = usualNarrowingMs }: RunOptions,
  seed: number,
  tally: Tally,
): Promise<Failure | undefined> {
  const stageOptions = {
    ...(image !== undefined && { image }),
    ...(registry && { registry }),
    ...(plant && { plant }),
  };
  let lives = 0;
  const property = everyCase(
    {
      ...stageOptions,
      onEnd: (stage) => {
        // The others only make a failing case smaller.
        if (lives === 0) tally.add(stage);
        lives += 1;
      },
    },
    replayPath,
  );
  const details = await fc.check(property, {
    ...drawnBy(seed),
    ...(path !== undefined && { path }),
    endOnFailure: path !== undefined || narrowingMs === 0,
    ...(narrowingMs > 0 && { skipAllAfterTimeLimit: narrowingMs }),
  });
  if (!details.failed || details.counterexample === null) return undefined;
  const [given, told] = details.counterexample as [Conditions, Told];
  const what = messageOf(details.errorInstance);
  const replay = [
    `npm run proof -- --cases 1 --seed ${seed} --path ${details.counterexamplePath}`,
    `--replay-path ${/"(.*)"/.exec(told.metadataForReplay())?.[1] ?? ''}`,
  ].join(' ');
  const { trace, turns } = await livedAgain(given, told, stageOptions);
  return { seed, what, replay, trace, case: { found: what, conditions: given, turns } };
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

export function messageOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
