// `npm run kills -- --kills 200 --seed N`: the built CPI as processes of their own, killed at drawn
// moments. Progress on stderr, a summary on stdout; ends with 1 if anything is left, is there
// twice, or was touched.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { fileToWrite } from '../support/file-to-write.js';
import { numberFromOne, wholeNumber } from '../support/whole-number.js';
import { runKills, summaryOf } from './run.js';

interface Options {
  readonly kills: number;
  readonly seed: number;
  readonly json?: string;
  readonly plant?: boolean;
}

const {
  kills,
  seed,
  json,
  plant = false,
} = new Command('npm run kills --')
  .description(
    'Makes the calls of a Director over HTTP with the built CPI, kills many of them (SIGKILL) at drawn ' +
      'moments and makes them again, and looks whether anything is left or was touched.',
  )
  .option('--kills <n>', 'life after life, until so many calls were killed', numberFromOne, 200)
  .option('--seed <n>', 'that of the first life', wholeNumber, Math.floor(Math.random() * 2 ** 31))
  .option(
    '--plant',
    'plant a bug, which is to be found: gc tells of what killed calls left, and deletes nothing',
  )
  .option('--json <file>', 'write the report there, too', fileToWrite)
  .allowExcessArguments(false)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse(process.argv)
  .opts<Options>();

const folder = mkdtempSync(join(tmpdir(), 'kills-'));
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});
const image = join(folder, 'image');
writeFileSync(image, await stemcellImage());
process.stderr.write(`seed ${seed}\n`);
const progress = (text: string): void => void process.stderr.write(`${text}\n`);
const report = await runKills({ kills, seed, image, progress, isGcIdle: plant });
process.stdout.write(summaryOf(report));
if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
process.exitCode = report.problems.length === 0 ? 0 : 1;
