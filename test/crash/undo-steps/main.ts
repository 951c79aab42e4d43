// `npm run undo-steps`: takes each undo step out of the CPI, one at a time, and tells whether the crash run
// notices. First it sees with all of them which runs come to which step: only those can miss it.
// Progress on stderr, the result on stdout; ends with 1 if a step can go without a run that fails, or
// if a run fails with all of them.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline/promises';
import Table from 'cli-table3';
import { Command } from 'commander';
import { pattern } from '../../support/pattern.js';
import { wholeNumber } from '../../support/whole-number.js';
import { openBundle, root } from './bundle.js';
import type { Told } from './runner.js';
import { undoStepsIn, without, withProbes, type UndoStep } from './steps.js';

interface Options {
  readonly only: string;
  readonly from: number;
  readonly runs: RegExp;
}

const {
  only,
  from,
  runs: wantedRuns,
} = new Command('npm run undo-steps --')
  .description('Takes each undo step out of the CPI in turn and makes the crash run without it.')
  .option('--only <text>', 'only steps with this text in path, line or what is taken out', '')
  .option('--from <n>', 'only steps of this number or a higher one', wholeNumber, 1)
  .option('--runs <pattern>', 'only runs whose titles match', pattern, /^/)
  .allowExcessArguments(false)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse(process.argv)
  .opts<Options>();

/** No run takes as long, unless it never ends. */
const silentMs = 300_000;

/** By their numbers, which stay the same as long as the sources do. */
const allSteps: ReadonlyMap<number, UndoStep> = new Map(
  sourcesOfCpi()
    .flatMap((path) => undoStepsIn(path))
    .map((step, index) => [index + 1, step]),
);
const chosen = [...allSteps].filter(
  ([number, step]) => number >= from && `${placeOf(step)}: ${step.what}`.includes(only),
);
if (chosen.length === 0) {
  process.stderr.write(`none of the ${allSteps.size} undo steps is meant by --only and --from\n`);
  process.exit(2);
}

await using bundle = await openBundle();
const titlesFile = `${bundle.file}.json`;
process.on('exit', () => {
  rmSync(titlesFile, { force: true });
});

process.stderr.write(`first the runs with all ${allSteps.size} steps: which run comes to which?\n`);
await bundle.build(probed());
const withAll = await crashRuns(
  ['--matching', wantedRuns.source],
  ({ title, ms, problem }, number) => {
    const found = problem === undefined ? '' : `: ${problem}`;
    process.stderr.write(`${number}: ${title}, ${ms} ms${found}\n`);
  },
);
const isGood = withAll.isWhole && withAll.told.every(({ problem }) => problem === undefined);
if (!isGood) process.stdout.write('The crash run fails although no undo step is missing.\n');
process.exitCode = isGood ? await takeOut() : 1;

/** Takes out one step after the other; answers the status to end with. */
async function takeOut(): Promise<number> {
  const table = new Table({
    head: ['', 'undo step', 'runs', 'missed by'],
    style: { head: [], border: [] },
  });
  let unnoticed = 0;
  for (const [index, [number, step]] of chosen.entries()) {
    const runs = withAll.told
      .filter(({ taken }) => taken.includes(number))
      .sort((one, other) => one.ms - other.ms);
    await bundle.build(new Map([[step.path, without(step, readFileSync(step.path, 'utf8'))]]));
    const startMs = performance.now();
    const missedBy = await firstThatMisses(runs.map(({ title }) => title));
    if (missedBy === undefined) unnoticed += 1;
    const place = `${placeOf(step)}: ${step.what}`;
    table.push([number, place, runs.length, missedBy ?? 'NOBODY']);
    const seconds = Math.round((performance.now() - startMs) / 1_000);
    const isReached = runs.length > 0;
    const told = missedBy !== undefined ? 'noticed' : isReached ? 'UNNOTICED' : 'NOT REACHED';
    process.stderr.write(
      `${index + 1} of ${chosen.length}, ${seconds} s, ${told}: without ${number}, ${place}\n`,
    );
  }
  process.stdout.write(`${table.toString()}\n`);
  process.stdout.write(`${chosen.length} undo steps, ${unnoticed} of them not missed\n`);
  return unnoticed === 0 ? 0 : 1;
}

/** The title of a run that finds something, or during which the program breaks off. */
async function firstThatMisses(titles: readonly string[]): Promise<string | undefined> {
  if (titles.length === 0) return undefined;
  writeFileSync(titlesFile, JSON.stringify(titles));
  const { told, isWhole } = await crashRuns(['--titles', titlesFile]);
  const found = told.find(({ problem }) => problem !== undefined);
  if (found !== undefined) return found.title;
  return isWhole ? undefined : `${titles[told.length] ?? ''} (breaks off)`;
}

interface CrashRuns {
  readonly told: readonly Told[];
  readonly isWhole: boolean;
}

/** Makes runs, as far as the options of the program say. What is silent for too long is ended. */
async function crashRuns(
  options: readonly string[],
  onTold: (told: Told, number: number) => void = () => undefined,
): Promise<CrashRuns> {
  const runner = spawn(process.execPath, [bundle.file, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(runner, 'close') as Promise<[number | null]>;
  const end = setTimeout(() => runner.kill('SIGKILL'), silentMs);
  const all: Told[] = [];
  for await (const line of createInterface({ input: runner.stdout })) {
    end.refresh();
    const told = JSON.parse(line) as Told;
    all.push(told);
    onTold(told, all.length);
  }
  const [status] = await closed;
  clearTimeout(end);
  return { told: all, isWhole: status === 0 };
}

/** The sources with steps, all of which tell when they are taken. */
function probed(): Map<string, string> {
  const texts = new Map<string, string>();
  for (const path of new Set([...allSteps.values()].map((step) => step.path))) {
    const steps = new Map([...allSteps].filter(([, step]) => step.path === path));
    texts.set(path, withProbes(steps, readFileSync(path, 'utf8')));
  }
  return texts;
}

function placeOf({ path, line }: UndoStep): string {
  return `${relative(root, path)}:${line}`;
}

function sourcesOfCpi(): string[] {
  return readdirSync(join(root, 'cpi'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => join(root, 'cpi', path));
}
