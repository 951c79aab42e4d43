// `npm run mutation -- --minutes 30 --of cpi/flow --seed N`: makes the sources wrong in one place
// at a time and tells which of these mutants no test notices. First it sees which tests come to which;
// the minutes begin after that. Progress on stderr, a table on stdout. What survives is to be looked at
// by people: it wants a test, or means the same.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { fileToWrite } from '../support/file-to-write.js';
import { wholeNumber } from '../support/whole-number.js';
import { runMutation } from './run.js';
import { mutationSummaryOf } from './summary.js';

interface Options {
  readonly minutes: number;
  readonly of: readonly string[];
  readonly tests?: readonly string[];
  readonly seed: number;
  readonly line?: number;
  readonly json?: string;
}

const usual = ['cpi/flow', 'cpi/methods', 'simulator/world'];

/** Those that are in need of nothing but the sources. */
const usualTests = {
  cpi: ['flow', 'methods', 'cloudstack', 'config', 'agent', 'gc', 'stemcells'],
  simulator: [
    'world',
    'kernel',
    'declare',
    'commands',
    'faults',
    'ssvm',
    'guest',
    'why',
    'control',
  ],
};

const { json, tests, ...options } = new Command('npm run mutation --')
  .description('Makes the sources wrong in one place at a time and looks whether a test notices.')
  .option(
    '--minutes <n>',
    'for how long, once it is seen which tests come to which mutants',
    minutes,
    30,
  )
  .option('--of <path...>', 'folders, or beginnings of paths', usual)
  .option(
    '--tests <path...>',
    'folders or files of tests that are asked, and first run once (default: near ones)',
  )
  .option('--seed <n>', 'which come first', wholeNumber, 1)
  .option('--line <n>', 'only those in this line', wholeNumber)
  .option('--json <file>', 'write the report there, too', fileToWrite)
  .allowExcessArguments(false)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse(process.argv)
  .opts<Options>();

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupted.abort();
  });
}
const report = await runMutation({
  ...options,
  tests: tests ?? nearTests(options.of),
  root: fileURLToPath(new URL('../..', import.meta.url)),
  progress: (text) => void process.stderr.write(`${text}\n`),
  signal: interrupted.signal,
});
process.stdout.write(mutationSummaryOf(report));
if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);

function nearTests(of: readonly string[]): string[] {
  const isOfCpi = (path: string): boolean => path.startsWith('cpi');
  return [
    ...(of.some(isOfCpi)
      ? [...usualTests.cpi.map((name) => `test/cpi/${name}`), 'test/crash']
      : []),
    ...(of.every(isOfCpi) ? [] : usualTests.simulator.map((name) => `test/simulator/${name}`)),
  ];
}

function minutes(text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new InvalidArgumentError('It must be a number above 0.');
}
