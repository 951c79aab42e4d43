// What the fuzz run is told on its command line.
import { Command, Option } from 'commander';
import { fileToWrite } from '../support/file-to-write.js';
import { numberFromOne, wholeNumber } from '../support/whole-number.js';
import { subjects } from './inputs/subjects.js';

/** The simulator's API, in zones that live on from request to request. */
export const API = 'simulator';

export interface Options {
  /** What is fuzzed: the simulator's API, or one of the other inputs. */
  readonly of: string;
  readonly requests: number;
  readonly seed: number;
  /** Only this one. */
  readonly chapter?: number;
  /** Only these of its steps. */
  readonly steps?: readonly number[];
  /** Of another input than the API, only this one. */
  readonly input?: number;
  readonly json?: string;
}

/** Reads the options; ends the program for --help (exit 0) and wrong usage (exit 2). */
export function readOptions(args: readonly string[], freshSeed: number): Options {
  const program = new Command('npm run fuzz --')
    .description(
      'Sends generated requests, right and wrong in every way, to zones in this process and over ' +
        'sockets; each must end in a success or a documented error. Or damages what other programs ' +
        'read, which must take it or say what is wrong.',
    )
    .addOption(
      new Option('--of <what>', 'what is sent or read')
        .choices([API, ...Object.keys(subjects)])
        .default(API),
    )
    .option('--requests <n>', 'how many', numberFromOne, 100_000)
    .option('--seed <n>', 'decides everything; a fresh one unless given', wholeNumber, freshSeed)
    .option('--chapter <n>', 'only this chapter of the run', wholeNumber)
    .option('--steps <list>', 'only these of its steps, such as 3,17', (text) =>
      text.split(',').map(wholeNumber),
    )
    .option('--input <n>', 'not of the simulator: only this one of the run', wholeNumber)
    .option('--json <file>', 'write the report there, too', fileToWrite)
    .allowExcessArguments(false)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .parse(args, { from: 'user' });
  const options = program.opts<Options>();
  const { of, chapter, steps, input } = options;
  if (of === API && input !== undefined) program.error('error: --input is for another --of');
  if (of !== API && (chapter ?? steps) !== undefined) {
    program.error(`error: --chapter and --steps are for --of ${API}`);
  }
  if (steps !== undefined && chapter === undefined) {
    program.error('error: --steps are those of a --chapter');
  }
  return options;
}
