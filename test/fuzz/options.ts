// What the fuzz run is told on its command line.
import { Command, InvalidArgumentError } from 'commander';

export interface Options {
  readonly requests: number;
  readonly seed: number;
  /** Only this one. */
  readonly chapter?: number;
  /** Only these of its steps. */
  readonly steps?: readonly number[];
  readonly json?: string;
}

/** Reads the options; ends the program for --help (exit 0) and wrong usage (exit 2). */
export function readOptions(args: readonly string[], freshSeed: number): Options {
  const program = new Command('npm run fuzz --')
    .description(
      'Sends generated requests, right and wrong in every way, to zones in this process and over ' +
        'sockets; each must end in a success or a documented error.',
    )
    .option('--requests <n>', 'how many', whole, 100_000)
    .option('--seed <n>', 'decides everything; a fresh one unless given', whole, freshSeed)
    .option('--chapter <n>', 'only this chapter of the run', whole)
    .option('--steps <list>', 'only these of its steps, such as 3,17', (text) =>
      text.split(',').map(whole),
    )
    .option('--json <file>', 'write the report there, too')
    .allowExcessArguments(false)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .parse(args, { from: 'user' });
  return program.opts<Options>();
}

function whole(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
