// What the benchmark is told on its command line.
import { Command, InvalidArgumentError } from 'commander';
import { fileToWrite } from '../support/file-to-write.js';
import type { Measurement } from './figure.js';

export interface Options {
  readonly chosen: readonly Measurement[];
  /** Where the JSON lines go, besides stdout. */
  readonly json: string | undefined;
  readonly isQuick: boolean;
}

/** Reads the options; ends the program for --help (exit 0) and wrong usage (exit 2). */
export function readOptions(args: readonly string[], all: readonly Measurement[]): Options {
  const names = all.map(({ name }) => name);
  const chosen: string[] = [];
  const program = new Command('npm run bench --')
    .description('Measures what the CPI and the simulator cost, each figure as a ratio.')
    .option('--only <name>', `one of ${names.join(', ')}; may be repeated`, (name) => {
      if (!names.includes(name)) throw new InvalidArgumentError(`There are: ${names.join(', ')}.`);
      chosen.push(name);
      return chosen;
    })
    .option('--json <file>', 'also write the figures there, one JSON object a line', fileToWrite)
    .option('--quick', 'tiny sizes: shows that all is measured, the figures mean nothing')
    .addHelpText('after', `\n${all.map(({ name, asks }) => `  ${name}: ${asks}`).join('\n')}`)
    .allowExcessArguments(false)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .parse(args, { from: 'user' });
  const { json, quick = false } = program.opts<{ json?: string; quick?: boolean }>();
  return {
    chosen: chosen.length === 0 ? all : all.filter(({ name }) => chosen.includes(name)),
    json,
    isQuick: quick,
  };
}
