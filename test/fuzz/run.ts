// A whole run: chapter after chapter, until so many requests were sent.
import { setImmediate } from 'node:timers/promises';
import { chapterOf, runChapter, type Chapter } from './chapter.js';
import { narrowed, withSteps } from './narrow.js';
import { brokenText } from './summary.js';
import { Tally, type Failure, type Report } from './tally.js';

export interface RunOptions {
  readonly requests: number;
  readonly seed: number;
  /** Only this one, and, where `steps` is given, only these of its steps. */
  readonly chapter?: number | undefined;
  readonly steps?: readonly number[] | undefined;
  readonly progress: (text: string) => void;
  /** Hears of each broken promise when it is found, which may be long before the report. */
  readonly onFailure?: (failure: Failure) => void;
  /** Ends the run after the chapter during which it is aborted. */
  readonly signal?: AbortSignal;
}

/** As many requests has a chapter. */
export const CHAPTER_REQUESTS = 400;
/** A run ends early when so many promises are broken. */
const MOST_FAILURES = 20;
const LOOKS_AT_MEMORY = 10;

export async function runFuzz(options: RunOptions): Promise<Report> {
  const { seed, progress } = options;
  const tally = new Tally();
  const numbers = chapterNumbers(options);
  const startedMs = performance.now();
  const lookEvery = Math.max(1, Math.floor(numbers.length / LOOKS_AT_MEMORY));
  let chapters = 0;
  for (const number of numbers) {
    const whole = chapterOf(seed, number, CHAPTER_REQUESTS);
    const isWhole = options.steps === undefined;
    const failure = await runOne(isWhole ? whole : withSteps(whole, options.steps), tally, isWhole);
    if (failure !== undefined) {
      tally.addFailure(failure);
      options.onFailure?.(failure);
    }
    chapters += 1;
    if (chapters % lookEvery === 0) tally.lookAtMemory();
    const seconds = (performance.now() - startedMs) / 1_000;
    progress(
      `${tally.requests} requests, ${Math.round(tally.requests / seconds)} a second, ` +
        brokenText(tally.failures),
    );
    // Signals are heard only between turns of the event loop.
    await setImmediate();
    if (options.signal?.aborted === true || tally.failures.length >= MOST_FAILURES) break;
  }
  return tally.report(seed, chapters, (performance.now() - startedMs) / 1_000);
}

function chapterNumbers({ requests, chapter }: RunOptions): readonly number[] {
  if (chapter !== undefined) return [chapter];
  return Array.from({ length: Math.ceil(requests / CHAPTER_REQUESTS) }, (_, number) => number);
}

async function runOne(
  chapter: Chapter,
  tally: Tally,
  isWhole: boolean,
): Promise<Failure | undefined> {
  let step = 0;
  const problem = await runChapter(chapter, (taken) => {
    tally.add(chapter.number, step, taken);
    step += 1;
  });
  if (problem === undefined) return undefined;
  const command = `npm run fuzz -- --seed ${chapter.seed} --chapter ${chapter.number}`;
  const steps = isWhole ? ` --steps ${(await narrowed(chapter, problem)).join()}` : '';
  return { ...problem, chapter: chapter.number, replay: `${command}${steps}` };
}
