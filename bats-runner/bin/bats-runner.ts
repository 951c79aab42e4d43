#!/usr/bin/env node
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { nodeCommand } from '../director/cpi-process.js';
import { Interrupted } from '../interrupted.js';
import { paintWith } from '../paint.js';
import { ReplayProgress } from '../replay/progress.js';
import { allScenarios, replaySets, type ReplaySet } from '../replay/replay-sets.js';
import { closingLines, isGood } from '../replay/report.js';
import { runReplay } from '../replay/run-replay.js';
import { packagePaths, packageVersion } from '../target/programs.js';
import { runTour } from '../tour/tour.js';
import { UsageError } from '../usage-error.js';
import { addContractCommands, hintAt } from './contract-commands.js';
import { addRecordingCommands } from './recording-commands.js';
import { addUpstreamCommand } from './upstream-command.js';

/** Exit codes of all programs: 1 failed, 2 wrong usage, 3 environment. */
const EXIT = { good: 0, failed: 1, usage: 2, environment: 3, interrupted: 130 } as const;

const paths = packagePaths(import.meta.url);
interface TourFlags {
  readonly once?: boolean;
  readonly port?: number;
}

interface ReplayFlags {
  readonly apiVersion: '1' | '2' | '3' | 'all';
  readonly calls?: boolean;
  readonly cpi: string;
  readonly recordings: string;
  readonly world?: string;
}

const program = new Command('bats-runner')
  .description('Runs the CPI as a BOSH Director and the bosh CLI do, and looks at the cloud.')
  .version(packageVersion(import.meta.url), '--version', 'print the version')
  .addHelpText(
    'after',
    `
Examples:
  bats-runner tour
      boots a CloudStack simulator, leads a Director's VM and a deployment from
      their creation to their deletion by the CPI, and stays up
  bats-runner replay
      replays what a real Director and a real bosh CLI asked of a CPI
  bats-runner replay cck-missing-vm --api-version 2 --calls
      one scenario with those that it builds on, and a line for each call
  bats-runner replay delete-env --cpi '/path/to/cpi --config {config}'
      the same with another CPI
  bats-runner contract
      tries the contract between BOSH and a CPI, case by case
  bats-runner contract --case ENV VM-09
      all cases about the envelope, and the one that VM-09 is
  bats-runner contract --case FLOW
      what Director and CLI do in one go, from a deployment to a cloud check
  bats-runner contract --target cloud --config cloud.json
      the contract on a cloud that the file tells of (docs/bats-runner/cloud.md)
  bats-runner sweep --target cloud --config cloud.json
      lists what interrupted runs have left there; --delete deletes it
  bats-runner record --target cloud --config cloud.json --recording ours
      the contract again, keeping what CPI and cloud say to each other
  bats-runner compare ours
      in what the cloud's answers differ from those of a simulator
  bats-runner upstream --config cloud.json --bats bosh-acceptance-tests --stemcell stemcell.tgz
      the BOSH acceptance tests, on the Director that BOSH_ENVIRONMENT leads to

Exit status: 0 all went well, 1 something failed, 2 wrong usage,
3 the environment does not allow it, 130 interrupted before the end.`,
  )
  .showHelpAfterError(hintAt('bats-runner'))
  .configureOutput({
    outputError: (text, write) => write(text.replace(/^error: /, 'bats-runner: ')),
  })
  // What is no command of ours may have options of its own: the name is what is wrong.
  .allowExcessArguments()
  .passThroughOptions()
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.good : EXIT.usage))
  .enablePositionalOptions()
  .action((_flags: object, { args: [unknown] }: Command) => {
    const names = program.commands.map((command) => command.name());
    const problem =
      unknown === undefined ? 'a command is missing' : `there is no command ${unknown}`;
    program.error(
      `error: ${problem}; there are ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`,
    );
  });

program
  .command('tour')
  .showHelpAfterError(hintAt('bats-runner tour'))
  .description("a Director's VM and a deployment, from creation to deletion; with live progress")
  .option('--once', 'end after the lifecycle instead of staying up')
  .option(
    '--port <number>',
    'port of the simulator; without it 8080, or any if that is taken',
    port,
  )
  .action((flags: TourFlags) => tour(flags));

program
  .command('replay')
  .showHelpAfterError(hintAt('bats-runner replay'))
  .description('recorded calls of a real Director and a real bosh CLI, against fresh simulators')
  .argument('[scenario...]', `which, with those that they build on; all without it`, scenario)
  .addOption(
    new Option('--api-version <number>', 'CPI API version of the recordings')
      .choices(['1', '2', '3', 'all'])
      .default('all'),
  )
  .option('--calls', 'a line for each call, not only for those with a problem')
  .addOption(new Option('--target <target>', 'what to run against').choices(['simulator']))
  .option(
    '--cpi <command>',
    'shell command that runs the CPI; {config} becomes the path of its cpi.json',
    nodeCommand(process.execPath, paths.cpi),
  )
  .option('--recordings <folder>', 'folder of the recordings', paths.recordings)
  .option('--world <file|preset>', "the simulator's world; without it the recordings' world.json")
  .action((chosen: string[], flags: ReplayFlags) => replayScenarios(chosen, flags));

addContractCommands(program, { paths, interruption, end });
addRecordingCommands(program, { paths, interruption, end });
addUpstreamCommand(program, { paths, interruption, end });

// A reader that has seen enough (`| head -1`) is no reason to fail; on a full disk the run goes on to
// its end, because it clears away what it has made.
let unwritten: string | undefined;
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code !== 'EPIPE') unwritten ??= message;
});
process.once('exit', () => {
  if (unwritten === undefined) return;
  process.stderr.write(`bats-runner: stdout cannot be written: ${unwritten}\n`);
  process.exitCode = EXIT.environment;
});

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`bats-runner: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return EXIT.interrupted;
  return error instanceof UsageError ? EXIT.usage : EXIT.environment;
}

async function tour(flags: TourFlags): Promise<void> {
  const signal = interruption();
  const isGoodTour = await runTour({
    paths,
    nodePath: process.execPath,
    environment: process.env,
    port: flags.port,
    once: flags.once ?? false,
    progress: {
      stream: process.stderr,
      isLive: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
      paint: paintFor(process.stderr),
      isInterrupted: () => signal.aborted,
    },
    writeResult: (text) => process.stdout.write(text),
    resultPaint: paintFor(process.stdout),
    clock: { nowMs: () => performance.now(), nowIso: () => new Date().toISOString(), pause },
    newId: randomUUID,
    signal,
  });
  process.exitCode = exitCode(isGoodTour, signal);
}

async function replayScenarios(chosen: readonly string[], flags: ReplayFlags): Promise<void> {
  const signal = interruption();
  const progress = new ReplayProgress({
    write: (text) => process.stdout.write(text),
    isLive: process.stdout.isTTY && process.env['TERM'] !== 'dumb',
    columns: process.stdout.columns,
    paint: paintFor(process.stdout),
    everyCall: flags.calls ?? false,
    nowMs: () => performance.now(),
  });
  const results = [];
  for (const set of setsFor(chosen, flags)) {
    if (signal.aborted) break;
    progress.begin(set);
    const result = await runReplay({
      recordings: set.recordings,
      cpiCommand: flags.cpi,
      simulatorProgram: paths.simulator,
      world: flags.world ?? join(flags.recordings, 'world.json'),
      account: 'user',
      nodePath: process.execPath,
      environment: process.env,
      nowMs: () => performance.now(),
      pause,
      signal,
      onCall: (call) => progress.call(call),
      onScenario: (done) => progress.scenario(done),
    });
    progress.end(result);
    results.push(result);
  }
  process.stdout.write(`${closingLines(results, paintFor(process.stdout))}\n`);
  const isComplete = !signal.aborted && results.every(isGood);
  process.exitCode = exitCode(isComplete, signal);
}

function end(isGoodEnd: boolean, signal: AbortSignal): void {
  process.exitCode = exitCode(isGoodEnd, signal);
}

function exitCode(isGoodEnd: boolean, signal: AbortSignal): number {
  if (isGoodEnd) return EXIT.good;
  return signal.aborted ? EXIT.interrupted : EXIT.failed;
}

function setsFor(chosen: readonly string[], flags: ReplayFlags): ReplaySet[] {
  const { recordings: folder, apiVersion } = flags;
  if (!existsSync(folder)) {
    throw new Error(
      `there are no recordings at ${folder}. They are in test/vectors/director of the ` +
        "project's repository, not in the npm package: give --recordings FOLDER, and --world FILE " +
        'if there is no world.json in that folder',
    );
  }
  const apiVersions = apiVersion === 'all' ? [1, 2, 3] : [Number(apiVersion)];
  const sets = replaySets({ folder, scenarios: chosen, apiVersions });
  if (sets.length > 0) return sets;
  throw new Error(`${folder} holds no recording of ${chosen.join(', ')} in that API version`);
}

function scenario(name: string, earlier: readonly string[] = []): string[] {
  if (allScenarios.includes(name)) return [...earlier, name];
  throw new InvalidArgumentError(
    `There are:\n${[...allScenarios]
      .sort()
      .map((known) => `  ${known}`)
      .join('\n')}`,
  );
}

function port(text: string): number {
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}

function paintFor(stream: NodeJS.WriteStream): ReturnType<typeof paintWith> {
  return paintWith(stream.isTTY && (process.env['NO_COLOR'] ?? '') === '');
}

/** Aborted by Ctrl-C and SIGTERM. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  process.on('SIGINT', abort).on('SIGTERM', abort);
  return controller.signal;
}
