// `npm run soak -- --hours 8`: a simulator lives through hours of its time with Directors at work in it.
// Progress on stderr, a summary on stdout; ends with 1 if a limit was not held or something was left.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { fileToWrite } from '../support/file-to-write.js';
import { numberFromOne, wholeNumber } from '../support/whole-number.js';
import { PROGRAM, runProbed } from './probed-program.js';
import { summaryOf } from './report.js';
import { runSoak } from './run.js';

interface Options {
  readonly hours: number;
  readonly speed: number;
  readonly seed: number;
  readonly json?: string;
}

const [, , first, ...rest] = process.argv;
if (first === PROGRAM) await runProbed(rest);
else await soak(readOptions());

function readOptions(): Options {
  return new Command('npm run soak --')
    .description(
      'Has a simulator live through hours of its time over HTTP, while Directors make, move and delete ' +
        'everything and somebody looks at everything, and measures its memory, its longest stall, and ' +
        'what is left.',
    )
    .option('--hours <n>', "of the simulator's time", numberFromOne, 8)
    .option('--speed <n>', 'how many times as fast as ours that passes', numberFromOne, 30)
    .option('--seed <n>', 'of the simulator', wholeNumber, Math.floor(Math.random() * 2 ** 31))
    .option('--json <file>', 'write the report there, too', fileToWrite)
    .allowExcessArguments(false)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .parse(process.argv)
    .opts<Options>();
}

async function soak({ json, ...options }: Options): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'soak-'));
  try {
    const image = join(folder, 'image');
    writeFileSync(image, await stemcellImage());
    process.stderr.write(`seed ${options.seed}\n`);
    const progress = (text: string): void => void process.stderr.write(`${text}\n`);
    const report = await runSoak({ ...options, image, folder, progress });
    process.stdout.write(summaryOf(report));
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
    process.exitCode = report.problems.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
