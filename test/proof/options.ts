// What a proof is told on its command line.
import { Command, InvalidArgumentError } from 'commander';
import { fileToWrite } from '../support/file-to-write.js';
import { wholeNumber } from '../support/whole-number.js';

export interface Options {
  readonly minutes: number;
  /** At most so many cases; as many as there is time for unless given. */
  readonly cases?: number;
  /** That of the first case. */
  readonly seed: number;
  /** Where within the first case a smaller one is that fails, as a failure tells it. */
  readonly path?: string;
  readonly replayPath?: string;
  /** A file with a case, instead of drawn ones. */
  readonly case?: string;
  /** The number of a kept case, instead of drawn ones. */
  readonly kept?: number;
  /** Whether each case is lived through twice. */
  readonly twice?: boolean;
  readonly json?: string;
  readonly html?: string;
  /** Whether planted bugs are looked for, instead of others. */
  readonly plants?: boolean;
}

/** Reads the options; ends the program for --help (exit 0) and wrong usage (exit 2). */
export function readOptions(args: readonly string[], freshSeed: number): Options {
  const program = new Command('npm run proof --')
    .description(
      'Lives through drawn cases: Directors at work on clouds in which things go wrong. No promise of ' +
        'the CPI may be broken meanwhile, and afterwards nothing may be missing or left.',
    )
    .option('--minutes <n>', 'for how long', positive, 10)
    .option('--cases <n>', 'at most so many cases; none leaves those that failed once', wholeNumber)
    .option(
      '--seed <n>',
      'that of the first case; a fresh one unless given',
      wholeNumber,
      freshSeed,
    )
    .option('--path <path>', 'only the smaller case that a failure names', pathOfCase)
    .option('--replay-path <path>', 'which turns of it are left out, as the failure says')
    .option('--case <file>', 'only the case in this file')
    .option('--kept <n>', 'only this one of the cases that failed once', wholeNumber)
    .option('--twice', 'live through each case twice, and tell where the two differ first')
    .option(
      '--json <file>',
      'write the report there, too, and now and then while it runs',
      fileToWrite,
    )
    .option('--html <file>', 'the same as a page for browsers', fileToWrite)
    .option(
      '--plants',
      'look how many cases it takes to find each planted bug that no kept case finds',
    )
    .allowExcessArguments(false)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .parse(args, { from: 'user' });
  const options = program.opts<Options>();
  if (options.path !== undefined && program.getOptionValueSource('seed') === 'default') {
    program.error('error: --path is of the --seed that the failure names');
  }
  if (options.replayPath !== undefined && options.path === undefined) {
    program.error('error: --replay-path is of the --path that the failure names');
  }
  return options;
}

function pathOfCase(text: string): string {
  if (/^\d+(:\d+)*$/.test(text)) return text;
  throw new InvalidArgumentError('It must be numbers with colons between.');
}

function positive(text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new InvalidArgumentError('It must be a number above 0.');
}
