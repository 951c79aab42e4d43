// A run: so many documents are drawn, damaged and taken, each of which follows from the seed and
// its number alone.
import { setImmediate } from 'node:timers/promises';
import Table from 'cli-table3';
import { randomDraw } from '../../support/random-draw.js';
import type { OpenSubject, Subject } from './subject.js';

export interface InputsOptions {
  readonly of: string;
  readonly open: OpenSubject;
  readonly inputs: number;
  readonly seed: number;
  /** Only this one. */
  readonly input?: number | undefined;
  readonly progress?: (text: string) => void;
  readonly signal?: AbortSignal;
}

export interface InputFailure {
  readonly wrong: string;
  readonly how: string;
  readonly input: string;
  /** The command that shows it again. */
  readonly replay: string;
}

export interface InputsReport {
  readonly of: string;
  readonly seed: number;
  readonly inputs: number;
  readonly seconds: number;
  readonly slowest: { readonly input: number; readonly ms: number };
  readonly outcomes: Readonly<Record<string, number>>;
  readonly failures: readonly InputFailure[];
}

const MOST_FAILURES = 20;

export async function runInputs(options: InputsOptions): Promise<InputsReport> {
  const { of, open, inputs, seed, input, progress = () => undefined } = options;
  await using subject = await open();
  const outcomes = new Map<string, number>();
  const failures: InputFailure[] = [];
  const startedMs = performance.now();
  let taken = 0;
  let slowest = { input: 0, ms: 0 };
  const numbers = input === undefined ? Array.from({ length: inputs }).keys() : [input];
  for (const number of numbers) {
    const beganMs = performance.now();
    const { kind, failure } = await takeOne(subject, of, seed, number);
    const ms = Math.round(performance.now() - beganMs);
    if (ms > slowest.ms) slowest = { input: number, ms };
    outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
    if (failure !== undefined) failures.push(failure);
    taken += 1;
    if (taken % 250 === 0) {
      progress(`${of}: ${taken} inputs, ${failures.length} promises broken`);
      // Signals are heard only between turns of the event loop.
      await setImmediate();
    }
    if (options.signal?.aborted === true || failures.length >= MOST_FAILURES) break;
  }
  return {
    ...{ of, seed, inputs: taken, slowest, failures },
    seconds: Math.round((performance.now() - startedMs) / 1_000),
    outcomes: Object.fromEntries([...outcomes].sort(([, a], [, b]) => b - a)),
  };
}

async function takeOne(
  subject: Subject,
  of: string,
  seed: number,
  number: number,
): Promise<{ kind: string; failure?: InputFailure }> {
  const draw = randomDraw((seed * 1_000_003 + number) | 0);
  const { bytes, how } = subject.draw(draw);
  let outcome;
  try {
    outcome = await subject.take(bytes);
  } catch (error) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    outcome = { kind: 'thrown', wrong: told };
  }
  const { kind, wrong } = outcome;
  if (wrong === undefined) return { kind };
  const replay = `npm run fuzz -- --of ${of} --seed ${seed} --input ${number}`;
  return { kind, failure: { wrong, how, input: bytes.toString().slice(0, 1_500), replay } };
}

/** The report for people. */
export function inputsSummaryOf(report: InputsReport): string {
  const { of, inputs, seconds, seed, slowest, outcomes, failures } = report;
  const table = new Table({ head: ['outcome', 'inputs'], style: { head: [], border: [] } });
  for (const [name, number] of Object.entries(outcomes)) table.push([name, number]);
  const broken = failures.length === 0 ? 'no promise broken' : `${failures.length} PROMISES BROKEN`;
  return [
    `${of}: ${inputs} inputs, ${seconds} s, seed ${seed}: ${broken}; the slowest is input ` +
      `${slowest.input} with ${slowest.ms} ms`,
    table.toString(),
    ...failures.map(
      ({ wrong, how, input, replay }) =>
        `BROKEN: ${wrong}\n  ${how.slice(0, 300)}\n  ${input.slice(0, 600)}\n  ${replay}`,
    ),
    '',
  ].join('\n');
}
