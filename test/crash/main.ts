// `npm run crash-points`: interrupts every request of every method in every way, as the tests beside this
// do, and counts. Each run on stderr when it has ended, a table on stdout; ends with 1 if anything is left
// over, gone or made twice.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { Command } from 'commander';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { pattern } from '../support/pattern.js';
import type { CrashRun } from './crash-run.js';
import { lifeRunsIn } from './lives.js';
import { publicationRunsIn } from './publication-runs.js';
import { scenarioRunsIn } from './scenario-runs.js';

const { runs } = new Command('npm run crash-points --')
  .description('Interrupts every request of every method in every way, and counts.')
  .option('--runs <pattern>', 'only runs whose titles match', pattern, /^/)
  .allowExcessArguments(false)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse(process.argv)
  .opts<{ readonly runs: RegExp }>();

/** What was interrupted of a method. */
interface Count {
  situations: Set<string>;
  calls: number;
}

const counts = new Map<string, Count>();
const problems: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'crash-points-'));
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});
const image = join(folder, 'image');
writeFileSync(image, await stemcellImage());
const all = [...scenarioRunsIn(image), ...publicationRunsIn(image), ...lifeRunsIn(image)];
const chosen = all.filter(({ title }) => runs.test(title));
if (chosen.length === 0) {
  process.stderr.write(`no title of the ${all.length} runs matches ${runs.source}\n`);
  process.exit(2);
}
for (const [index, run] of chosen.entries()) await make(run, `${index + 1} of ${chosen.length}`);
process.stdout.write(summary());
process.exit(problems.length === 0 ? 0 : 1);

async function make({ subject, title, run }: CrashRun, place: string): Promise<void> {
  const count = counts.get(subject) ?? { situations: new Set(), calls: 0 };
  counts.set(subject, count);
  count.situations.add(title.split(': ')[0] ?? title);
  try {
    const calls = await run();
    count.calls += calls;
    process.stderr.write(`${place}: ${title}: ${calls}\n`);
  } catch (failure) {
    problems.push(
      `BROKEN: ${title}: ${failure instanceof Error ? failure.message : String(failure)}`,
    );
    process.stderr.write(`${problems.at(-1) ?? ''}\n`);
  }
}

function summary(): string {
  const table = new Table({
    head: ['', 'situations', 'interrupted calls'],
    style: { head: [], border: [] },
  });
  const all = [...counts].sort(([one], [other]) => (one < other ? -1 : 1));
  for (const [subject, { situations, calls }] of all) table.push([subject, situations.size, calls]);
  const situations = all.reduce((sum, [, count]) => sum + count.situations.size, 0);
  const calls = all.reduce((sum, [, count]) => sum + count.calls, 0);
  const found = problems.length === 0 ? 'nothing left over, gone or made twice' : 'broken';
  return [
    table.toString(),
    ...problems,
    `${calls} calls were interrupted in ${situations} situations: ${found}`,
    '',
  ].join('\n');
}
