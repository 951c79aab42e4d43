// The crash run as a program, bundled with one undo step missing or with probes in all: makes runs, and
// tells of each on stdout, one line of JSON. `--matching PATTERN` makes those whose titles match;
// `--titles FILE` makes those that stand there, and ends with the first that finds something.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stemcellImage } from '../../../bats-runner/stemcell/stemcell-image.js';
import type { CrashRun } from '../crash-run.js';
import { publicationRunsIn } from '../publication-runs.js';
import { scenarioRunsIn } from '../scenario-runs.js';

/** What is told of a run. */
export interface Told {
  readonly title: string;
  readonly ms: number;
  /** The numbers of the undo steps that were taken, as far as there are probes. */
  readonly taken: readonly number[];
  /** What it found; undefined if all is well. */
  readonly problem?: string;
}

/** As long as a test of the crash run may take. */
const longestRunMs = 120_000;

const taken = new Set<number>();
Object.assign(globalThis, { undoStep: (number: number) => taken.add(number) });

const [, , option, value = ''] = process.argv;
const folder = mkdtempSync(join(tmpdir(), 'undo-steps-'));
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});
const image = join(folder, 'image');
writeFileSync(image, await stemcellImage());
const all = [...scenarioRunsIn(image), ...publicationRunsIn(image)];
for (const run of wanted(all)) {
  const told = await tell(run);
  process.stdout.write(`${JSON.stringify(told)}\n`);
  if (told.problem !== undefined && option === '--titles') break;
}
process.exit(0);

/** Those of a file in its order. */
function wanted(runs: readonly CrashRun[]): readonly CrashRun[] {
  if (option !== '--titles') return runs.filter(({ title }) => new RegExp(value).test(title));
  const titles = JSON.parse(readFileSync(value, 'utf8')) as string[];
  return titles.flatMap((title) => runs.find((run) => run.title === title) ?? []);
}

async function tell({ title, run }: CrashRun): Promise<Told> {
  taken.clear();
  const startMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`it does not end within ${longestRunMs} ms`));
    }, longestRunMs);
  });
  let problem: string | undefined;
  try {
    await Promise.race([run(), tooLong]);
  } catch (failure) {
    problem = failure instanceof Error ? failure.message : String(failure);
  }
  clearTimeout(timer);
  const ms = Math.round(performance.now() - startMs);
  return { title, ms, taken: [...taken], ...(problem !== undefined && { problem }) };
}
