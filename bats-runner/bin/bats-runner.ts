#!/usr/bin/env node
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { nodeCommand } from '../director/cpi-process.js';
import { withPredecessors } from '../director/plan.js';
import { loadRecording, type Recording } from '../director/recording.js';
import { scenarios } from '../director/scenarios.js';
import { paintWith } from '../paint.js';
import { callLine, closingLines, isGood, scenarioLine } from '../replay/report.js';
import { runReplay } from '../replay/run-replay.js';
import { packagePaths, packageVersion } from '../target/programs.js';
import { runTour } from '../tour/tour.js';

/** Exit codes of all programs: 1 failed, 2 wrong usage, 3 environment. */
const EXIT = { good: 0, failed: 1, usage: 2, environment: 3 } as const;

const paths = packagePaths(import.meta.url, process.env['NODE_V8_COVERAGE'] !== undefined);
const replayable = scenarios['bosh-cli'];

interface TourFlags {
  readonly once?: boolean;
  readonly port?: number;
}

interface ReplayFlags {
  readonly apiVersion: '1' | '2' | '3';
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
      boots a CloudStack simulator, leads a Director's VM through create-env, a recreation and
      delete-env by the CPI, and stays up with the addresses
  bats-runner replay
      replays what a real bosh CLI asked of a CPI against a fresh simulator
  bats-runner replay delete-env --cpi '/path/to/other/cpi --config {config}'
      the same with another CPI, as far as delete-env needs

Exit status: 0 all went well, 1 something failed, 2 wrong usage, 3 the environment does not allow it.`,
  )
  .showHelpAfterError(hintAt('bats-runner'))
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.good : EXIT.usage));

program
  .command('tour')
  .showHelpAfterError(hintAt('bats-runner tour'))
  .description("a Director's VM: created, recreated, deleted; with live progress")
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
  .description('recorded calls of a real bosh CLI, against a fresh simulator')
  .argument('[scenario...]', `which, with those that they build on; all without it`, scenario)
  .addOption(
    new Option('--api-version <number>', 'CPI API version of the recordings')
      .choices(['1', '2', '3'])
      .default('2'),
  )
  .addOption(new Option('--target <target>', 'what to run against').choices(['simulator']))
  .option(
    '--cpi <command>',
    'shell command that runs the CPI; {config} becomes the path of its cpi.json',
    nodeCommand(process.execPath, paths.cpi),
  )
  .option('--recordings <folder>', 'folder of the recordings', paths.recordings)
  .option('--world <file|preset>', "the simulator's world; without it the recordings' world.json")
  .action((chosen: string[], flags: ReplayFlags) => replayScenarios(chosen, flags));

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`bats-runner: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = EXIT.environment;
}

async function tour(flags: TourFlags): Promise<void> {
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
    },
    writeResult: (text) => process.stdout.write(text),
    resultPaint: paintFor(process.stdout),
    clock: { nowMs: () => performance.now(), nowIso: () => new Date().toISOString(), pause },
    newId: randomUUID,
    signal: interruption(),
  });
  process.exitCode = isGoodTour ? EXIT.good : EXIT.failed;
}

async function replayScenarios(chosen: readonly string[], flags: ReplayFlags): Promise<void> {
  const paint = paintFor(process.stdout);
  const result = await runReplay({
    recordings: recordingsFor(chosen, flags),
    cpiCommand: flags.cpi,
    simulatorProgram: paths.simulator,
    world: flags.world ?? join(flags.recordings, 'world.json'),
    account: 'user',
    nodePath: process.execPath,
    environment: process.env,
    nowMs: () => performance.now(),
    pause,
    signal: interruption(),
    onCall: (call) => process.stdout.write(`${callLine(call, paint)}\n`),
    onScenario: (done) => process.stdout.write(`${scenarioLine(done, paint)}\n`),
  });
  process.stdout.write(`${closingLines(result, paint)}\n`);
  process.exitCode = isGood(result) ? EXIT.good : EXIT.failed;
}

function recordingsFor(chosen: readonly string[], flags: ReplayFlags): Recording[] {
  if (!existsSync(flags.recordings)) {
    throw new Error(
      `there are no recordings at ${flags.recordings}. They are in test/vectors/director of the ` +
        "project's repository, not in the npm package: give --recordings FOLDER, and --world FILE " +
        'if there is no world.json in that folder',
    );
  }
  const all = replayable.map((name) =>
    loadRecording(flags.recordings, name, Number(flags.apiVersion)),
  );
  return chosen.length === 0 ? all : withPredecessors(chosen, all);
}

function scenario(name: string, earlier: readonly string[] = []): string[] {
  if (replayable.includes(name)) return [...earlier, name];
  throw new InvalidArgumentError(`There are: ${replayable.join(', ')}.`);
}

function port(text: string): number {
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}

function hintAt(command: string): string {
  return `(${command} --help tells how to use it)`;
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
