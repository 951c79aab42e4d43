import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Swept } from '../cloud/sweep.js';
import { prepareRun, sweepCloud, type SweepWishes } from '../contract/contract-run.js';
import { assertKnownCases } from '../contract/known-cases.js';
import { runOf } from '../contract/marks.js';
import { runSuite } from '../contract/run-suite.js';
import { unlessInterrupted } from '../interrupted.js';
import type { SuiteSettings } from '../contract/suite-settings.js';
import { readCloudConfigFile } from '../target/cloud-target.js';
import { packageVersion, type PackagePaths } from '../target/programs.js';

export interface ContractFlags {
  readonly case?: readonly string[];
  readonly config?: string;
  readonly cpi?: string;
  readonly cpiConfig?: string;
  readonly output: string;
  readonly target: SuiteSettings['target'];
  readonly workers?: number;
}

interface SweepFlags {
  readonly config: string;
  readonly delete?: boolean;
  readonly output: string;
}

export interface ProgramParts {
  readonly paths: PackagePaths;
  /** Aborted when the user ends the program. */
  readonly interruption: () => AbortSignal;
  /** Sets the exit code. */
  readonly end: (isGoodEnd: boolean, signal: AbortSignal) => void;
}

export const outputFolder = 'bats-results';

/** Adds the commands about the contract. */
export function addContractCommands(program: Command, parts: ProgramParts): void {
  withContractOptions(
    program
      .command('contract')
      .showHelpAfterError(hintAt('bats-runner contract'))
      .description(
        'the cases of the contract between BOSH and a CPI, on fresh simulators or a cloud',
      ),
  ).action(async (flags: ContractFlags) => {
    const signal = parts.interruption();
    await assertKnownCases(flags.case ?? [], parts.paths.cases);
    parts.end(await contract(flags, parts), signal);
  });

  program
    .command('sweep')
    .showHelpAfterError(hintAt('bats-runner sweep'))
    .description('finds what interrupted runs have left on a cloud, and nothing else')
    .addOption(new Option('--target <target>', 'where').choices(['cloud']).default('cloud'))
    .requiredOption('--config <file>', 'the file that the runs were given')
    .option('--delete', 'deletes it; without it nothing is changed')
    .option('--output <folder>', 'where the reports of the runs are', outputFolder)
    .action((flags: SweepFlags) => sweep(flags, parts));
}

/** The options of a command that runs the cases of the contract. */
export function withContractOptions(command: Command): Command {
  return command
    .option('--case <id...>', 'which cases, or which kinds of them; all without it', caseId)
    .addOption(
      new Option('--target <target>', 'what to run on')
        .choices(['simulator', 'cloud'])
        .default('simulator'),
    )
    .option('--config <file>', 'what the cloud has, or a simulator that runs already')
    .option('--cpi <command>', 'shell command that runs the CPI, as for replay')
    .option('--cpi-config <file>', 'template of its cpi.json: {endpoint}, {api_key}, {secret}')
    .option('--workers <number>', 'how many simulators, with cases at once; 2 without it', workers)
    .option('--output <folder>', 'where the reports go', outputFolder);
}

interface RunManner {
  /** A folder in which to keep what CPI and cloud say to each other. */
  readonly recording?: string;
  readonly reportsOn?: typeof process.stdout | typeof process.stderr;
}

/** Runs cases; answers whether all went well and nothing is left of them. */
export async function contract(
  flags: ContractFlags,
  { paths, interruption }: Pick<ProgramParts, 'paths' | 'interruption'>,
  { recording, reportsOn = process.stdout }: RunManner = {},
): Promise<boolean> {
  const { case: cases = [], cpiConfig, target, output, config, cpi, workers: count } = flags;
  const wishes = { target, config, cpi, cpiTemplate: cpiConfig, workers: count, output, recording };
  const versions = { package: packageVersion(import.meta.url), node: process.versions.node };
  const signal = interruption();
  const nowMs = (): number => performance.now();
  const looking = { signal, tell, environment: process.env, nowMs };
  const settings = await unlessInterrupted(
    signal,
    'interrupted before the first case: nothing was changed',
    () => prepareRun(wishes, versions, runOf(randomUUID()), looking),
  );
  const isGoodEnd = await runSuite({
    configuration: paths.contract,
    cases,
    settings,
    nodePath: process.execPath,
    environment: process.env,
    reportsOn,
  });
  if (existsSync(output)) reportsOn.write(`\nreports: ${output}/receipt.md and beside it\n`);
  if (config === undefined) return isGoodEnd;
  // Only another Ctrl-C ends this: it is what is to be done after the first.
  return (await clean(settings, config, interruption())) && isGoodEnd;
}

/** Whatever has become of the run: what it left goes. */
async function clean(
  { output, run }: SuiteSettings,
  file: string,
  signal: AbortSignal,
): Promise<boolean> {
  const config = readCloudConfigFile(file);
  tell('looking for what the run has left');
  const swept = await unlessInterrupted(
    signal,
    'interrupted while it deleted what the run has left: `bats-runner sweep` lists the rest',
    () => sweepCloud({ config, output, run, isDryRun: false, ...endingWith(signal) }),
  );
  if (swept.deleted.length > 0)
    process.stdout.write(`\n${told(swept, 'deleted, left by the run')}`);
  return swept.problems.length === 0;
}

async function sweep(flags: SweepFlags, { interruption, end }: ProgramParts): Promise<void> {
  const signal = interruption();
  const isDryRun = flags.delete !== true;
  const config = readCloudConfigFile(flags.config);
  tell(`looking for what runs have left in the account at ${config.cloudstack.endpoint}`);
  const swept = await unlessInterrupted(
    signal,
    isDryRun
      ? 'interrupted: nothing was changed'
      : 'interrupted: some may be deleted; the same command goes on with the rest',
    () => sweepCloud({ config, output: flags.output, isDryRun, ...endingWith(signal) }),
  );
  const heading = isDryRun ? 'left by runs; --delete deletes it' : 'deleted, left by runs';
  process.stdout.write(
    swept.deleted.length === 0 ? 'nothing is left by runs\n' : told(swept, heading),
  );
  end(swept.problems.length === 0, signal);
}

/** Progress, which is no result. */
function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

function endingWith(signal: AbortSignal): Pick<SweepWishes, 'signal' | 'pause'> {
  return { signal, pause: (ms) => pause(ms, undefined, { signal }) };
}

function told({ deleted, problems }: Swept, heading: string): string {
  const lines = (heads: string, all: readonly string[]): string =>
    all.length === 0 ? '' : `${heads}:\n${all.map((line) => `  ${line}\n`).join('')}`;
  return lines(heading, deleted) + lines('still there', problems);
}

function caseId(text: string, earlier: readonly string[] = []): string[] {
  if (/^[A-Z]+(-\d+)?$/.test(text)) return [...earlier, text];
  throw new InvalidArgumentError('A case is named like ENV-01, all cases of its kind like ENV.');
}

function workers(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 1 to 99.');
}

/** Where to look for how a command is used. */
export function hintAt(command: string): string {
  return `(${command} --help tells how to use it)`;
}
