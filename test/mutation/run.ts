// As many mutants as there is time for, in an order that the seed decides and in which each folder
// has its turn, and what the tests say to each.
import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { randomDraw } from '../support/random-draw.js';
import { bundleTests } from './bundle.js';
import { learnTests } from './known-tests.js';
import type { Mutant } from './mutants.js';
import { Trials, type Verdict } from './trials.js';

export interface MutationOptions {
  readonly root: string;
  /** Folders, or beginnings of paths. */
  readonly of: readonly string[];
  /** Folders or files of the tests that are asked. */
  readonly tests: readonly string[];
  readonly seed: number;
  readonly minutes: number;
  /** Only those in this line. */
  readonly line?: number | undefined;
  readonly progress: (text: string) => void;
  readonly signal?: AbortSignal;
}

export interface Tried extends Verdict {
  readonly mutant: Mutant;
  readonly seconds: number;
}

export interface MutationReport {
  readonly seed: number;
  readonly of: readonly string[];
  /** How many mutants there are. */
  readonly mutants: number;
  readonly tried: readonly Tried[];
}

export async function runMutation(options: MutationOptions): Promise<MutationReport> {
  const { root, of, seed, minutes, line, progress, signal } = options;
  const sources = of.flatMap((beginning) =>
    filesBelow(root, beginning.split('/')[0]!).filter(
      (path) => path.startsWith(beginning) && path.endsWith('.ts'),
    ),
  );
  const files = options.tests.flatMap((path) => testFilesAt(root, path));
  progress(`bundling ${sources.length} sources and ${files.length} files of tests`);
  using bundle = await bundleTests(root, [...new Set(sources)], files);
  const known = await learnTests(bundle, files, progress);
  progress(`${bundle.mutants.length} mutants, ${known.tests.length} tests`);
  const queues = of.map((beginning) => {
    const wanted = bundle.mutants.filter(
      (mutant) => mutant.path.startsWith(beginning) && (line === undefined || mutant.line === line),
    );
    return shuffled(wanted, seed);
  });
  using trials = new Trials(bundle, known);
  const tried: Tried[] = [];
  const endMs = performance.now() + minutes * 60_000;
  for (const mutant of inTurn(queues)) {
    if (performance.now() > endMs || signal?.aborted === true) break;
    const startMs = performance.now();
    const verdict = await trials.verdictOn(mutant);
    const seconds = Math.round((performance.now() - startMs) / 100) / 10;
    const one = { mutant, ...verdict, seconds };
    tried.push(one);
    const survived = tried.filter(({ noticedBy }) => noticedBy === undefined).length;
    progress(`${tried.length} tried, ${survived} unnoticed; ${told(one)}`);
  }
  const mutants = queues.reduce((sum, queue) => sum + queue.length, 0);
  return { seed, of, mutants, tried };
}

export function told({ mutant, status, tests, seconds }: Tried): string {
  const { path, line, operator, what } = mutant;
  return `${status} (${tests} tests, ${seconds} s): ${path}:${line} ${operator}: ${what}`;
}

function testFilesAt(root: string, path: string): string[] {
  if (statSync(join(root, path)).isFile()) return [path];
  return filesBelow(root, path).filter((file) => file.endsWith('.test.ts'));
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const draw = randomDraw(seed);
  const rest = [...items];
  return items.map(() => rest.splice(draw(rest.length), 1)[0]!);
}

function* inTurn<T>(queues: readonly (readonly T[])[]): Generator<T> {
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  for (let at = 0; at < longest; at += 1) {
    for (const queue of queues) {
      if (at < queue.length) yield queue[at]!;
    }
  }
}
