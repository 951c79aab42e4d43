// As many mutants as there is time for, in an order that the seed decides and in which each folder
// has its turn, and what the tests say to each.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomDraw } from '../support/random-draw.js';
import { testsFor } from './covering.js';
import { mutantsIn, withMutant, type Mutant } from './mutants.js';
import { copySources, filesBelow, type SourceCopy } from './source-copy.js';

export interface MutationOptions {
  readonly root: string;
  /** Folders, or beginnings of paths. */
  readonly of: readonly string[];
  readonly seed: number;
  readonly minutes: number;
  /** Only those in this line. */
  readonly line?: number | undefined;
  readonly progress: (text: string) => void;
  readonly signal?: AbortSignal;
}

export interface Tried {
  readonly mutant: Mutant;
  /** A test that does not end notices, too. */
  readonly status: 'killed' | 'does not end' | 'survived' | 'no time' | 'untested';
  readonly seconds: number;
}

export interface MutationReport {
  readonly seed: number;
  readonly of: readonly string[];
  /** How many mutants there are. */
  readonly mutants: number;
  readonly tried: readonly Tried[];
}

/** One group of tests may take so long; tests that pass without the mutant take less. */
const LIMIT_MS = 150_000;

export async function runMutation(options: MutationOptions): Promise<MutationReport> {
  const { root, of, seed, minutes, line, progress, signal } = options;
  using copy = copySources(root);
  const sources = new Set(
    ['cpi', 'simulator'].flatMap((folder) =>
      filesBelow(root, folder).filter((path) => path.endsWith('.ts')),
    ),
  );
  const queues = of.map((beginning) => {
    const paths = [...sources].filter((path) => path.startsWith(beginning));
    const mutants = paths.flatMap((path) =>
      mutantsIn(path, readFileSync(join(root, path), 'utf8')).filter(
        (mutant) => line === undefined || mutant.line === line,
      ),
    );
    return shuffled(mutants, seed);
  });
  const tried: Tried[] = [];
  const endMs = performance.now() + minutes * 60_000;
  for (const mutant of inTurn(queues)) {
    if (performance.now() > endMs || signal?.aborted === true) break;
    const one = await tryOne(copy, mutant, sources, endMs);
    tried.push(one);
    const survived = tried.filter(({ status }) => status === 'survived').length;
    progress(`${tried.length} tried, ${survived} survived; ${told(one)}`);
  }
  const mutants = queues.reduce((sum, queue) => sum + queue.length, 0);
  return { seed, of, mutants, tried };
}

async function tryOne(
  copy: SourceCopy,
  mutant: Mutant,
  sources: ReadonlySet<string>,
  endMs: number,
): Promise<Tried> {
  const { path } = mutant;
  const text = readFileSync(join(copy.root, path), 'utf8');
  const groups = testsFor(copy.root, path, sources);
  const beganMs = performance.now();
  let status: Tried['status'] = groups.length === 0 ? 'untested' : 'survived';
  copy.write(path, withMutant(mutant, text));
  for (const tests of groups) {
    const limitMs = Math.min(LIMIT_MS, endMs + LIMIT_MS - performance.now());
    const verdict = await copy.test(tests, limitMs);
    if (verdict === 'passes') continue;
    status = verdict === 'fails' ? 'killed' : limitMs < LIMIT_MS ? 'no time' : 'does not end';
    break;
  }
  copy.write(path, text);
  return { mutant, status, seconds: Math.round((performance.now() - beganMs) / 1_000) };
}

export function told({ mutant, status, seconds }: Tried): string {
  const { path, line, operator, what } = mutant;
  return `${status} (${seconds} s): ${path}:${line} ${operator}: ${what}`;
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
