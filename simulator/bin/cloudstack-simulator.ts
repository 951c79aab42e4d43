#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { controlPath, controlRoutes } from '../control/control-routes.js';
import { listen, type Listening } from '../doors/listen.js';
import { keysOf, readyFile, type ReadyFile } from '../control/ready-file.js';
import {
  clockModeHint,
  clockModeText,
  parseClockMode,
  type ClockModeText,
} from '../kernel/clock.js';
import { eventLine, type Event } from '../kernel/event-log.js';
import type { Simulator } from '../simulator.js';
import { createSimulator, type SimulatorOptions } from '../simulator.js';
import { DEFAULT_PRESET, presets } from '../world/presets/index.js';
import { WorldDescriptionError } from '../world/description/parse-world-description.js';
import { parseSetting, type SettingValues } from '../world/settings/parse-setting.js';
import { whyCommand } from './why-command.js';
import { readFaultPlan, readSnapshot, readWorld } from './input-files.js';

interface ServeFlags {
  readonly port: number;
  readonly host: string;
  readonly seed: number;
  readonly world: string;
  readonly setting?: SettingValues;
  readonly clock: ClockModeText;
  readonly faults?: string;
  readonly load?: string;
  readonly events?: string;
  readonly readyFile?: string;
  readonly loose?: boolean;
}

/** Exit codes of all programs: 1 failed, 2 wrong usage, 3 environment. */
const EXIT = { failed: 1, usage: 2, environment: 3 } as const;

const HELP_HINT = '(cloudstack-simulator --help tells how to use it)';

/** What `exec` adds to the command's environment: two names each, as clients differ. */
const VARIABLES = {
  endpoint: ['CLOUDSTACK_ENDPOINT', 'CLOUDSTACK_API_URL'],
  apiKey: ['CLOUDSTACK_KEY', 'CLOUDSTACK_API_KEY'],
  secretKey: ['CLOUDSTACK_SECRET', 'CLOUDSTACK_SECRET_KEY'],
} as const;

/** More names than this of commands that are not simulated are not told. */
const MAX_TOLD = 1_000;

const program = new Command('cloudstack-simulator')
  .description('A CloudStack zone in one process: its API, its jobs, its storage, its time.')
  .version(packageVersion(), '--version', 'print the version')
  .option('--port <number>', 'port of the API and of control; 0 picks a free one', port, 8080)
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--seed <number>', 'decides every id, key and address that is drawn', whole, 1)
  .option('--world <file|preset>', `a JSON file, or ${presetNames()}`, DEFAULT_PRESET)
  .option(
    '--setting <name=value>',
    'a setting of the zone, laid over the world; repeatable',
    setting,
  )
  .option('--clock <mode>', `how time moves: ${clockModeHint}`, clock, 'real')
  .option('--faults <file>', 'what goes wrong, and when: a JSON file, see docs/simulator/faults.md')
  .option('--load <file>', 'go on from a world that GET /_sim/snapshot saved')
  .option('--events <file>', 'append every change of the world to this file, one JSON line each')
  .option('--ready-file <file>', 'write endpoint and credentials here once requests are answered')
  .option('--loose', 'ignore parameters that are not simulated instead of refusing them')
  .addHelpText(
    'after',
    `
Examples:
  cloudstack-simulator --port 0 --ready-file ready.json
      the default world on a free port; ready.json tells endpoint and keys, and exists as long
      as requests are answered
  cloudstack-simulator --clock on-poll --seed 42
      time moves only as far as each poll needs: fast, and the same again with the same seed
  cloudstack-simulator exec -- ./my-test.sh
      starts a simulator for one command, whose environment then has
${variableLines()}
  cloudstack-simulator --clock on-poll exec --admin -- ./my-test.sh
      options of the simulator stand before exec, those of exec behind it
  cloudstack-simulator why address 10.203.6.10
      why a running simulator still holds it: by which VM, until when, and what led there

The keys: without --ready-file they are printed; with it they are in the file.

Control:
${controlRoutes.map((route) => `  ${route.method.padEnd(8)}${controlPath(route)}`).join('\n')}

Exit status: 0 it was ended, 1 why found nothing, 2 wrong usage, 3 the environment does not allow it;
exec ends with the status of its command.`,
  )
  .showHelpAfterError(HELP_HINT)
  .configureOutput({
    outputError: (text, write) => write(text.replace(/^error: /, 'cloudstack-simulator: ')),
  })
  // What is no command of ours may have options of its own: the name is what is wrong.
  .allowExcessArguments()
  .passThroughOptions()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT.usage))
  .enablePositionalOptions();

program.action((flags: ServeFlags, { args }: Command) => {
  const [unknown] = args;
  if (unknown === undefined) return serve(flags);
  fail(`there is no command ${unknown}; there are exec and why`, EXIT.usage);
});
program
  .command('exec')
  .description('run a command against a simulator that lives as long as the command')
  .option('--admin', "give it the root admin's keys instead of the ordinary user's")
  .argument('<command...>', 'the command and its arguments, after --')
  .passThroughOptions()
  .showHelpAfterError(`(options of the simulator stand before exec)\n${HELP_HINT}`)
  .addHelpText(
    'after',
    '\nOptions of the simulator stand before exec: see cloudstack-simulator --help.',
  )
  .action((command: string[], flags: { admin?: boolean }) =>
    execute(command, flags.admin === true, program.opts<ServeFlags>()),
  );
program.addCommand(
  whyCommand({
    endpoint: process.env[VARIABLES.endpoint[0]],
    print: (text) => void process.stdout.write(text),
    unknown: (message) => fail(message, EXIT.failed),
    wrongUsage: (message) => fail(message, EXIT.usage),
    unreachable: (message) => fail(message),
  }).copyInheritedSettings(program),
);

// A reader that has seen enough (`| head -1`) is no reason to end.
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code !== 'EPIPE') fail(`stdout cannot be written: ${message}`);
});

await program.parseAsync();

async function serve(flags: ServeFlags): Promise<void> {
  // A file that an earlier run left must not pass for this run's.
  if (flags.readyFile !== undefined) removeFile(flags.readyFile);
  const { simulator, listening } = await open(flags, flags.port);
  const stop = (): void => void listening.close().then(() => process.exit(0));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const ready = readyFile(simulator, listening.origin, process.pid);
  if (flags.readyFile !== undefined) writeReadyFile(flags.readyFile, ready);
  process.stdout.write(greeting(ready, flags.readyFile));
}

/** Keys that stand in a file for their reader only are not printed as well. */
function greeting({ endpoint, console, admin, user }: ReadyFile, file: string | undefined): string {
  const keys = [
    ['API key', user?.apiKey],
    ['Secret key', user?.secretKey],
    ['Admin API key', admin?.apiKey],
    ['Admin secret', admin?.secretKey],
  ] as const;
  const rows = [
    ['CloudStack API', endpoint],
    ['Console', console],
    ...(file === undefined ? keys : ([['Keys', file]] as const)),
  ];
  const lines = rows.flatMap(([name, value]) =>
    value === undefined ? [] : `${name.padEnd(16)}${value}`,
  );
  return `${[...lines, 'Ctrl-C ends it.'].join('\n')}\n`;
}

function removeFile(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (error) {
    fail(`the ready file cannot be replaced: ${messageOf(error)}`);
  }
}

/** Whoever waits for the file never reads half of it. */
function writeReadyFile(file: string, content: ReadyFile): void {
  try {
    writeFileSync(`${file}.part`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.part`, file);
    // However the program ends: nobody must find what does not answer any more.
    process.once('exit', () => rmSync(file, { force: true }));
  } catch (error) {
    fail(`the ready file cannot be written: ${messageOf(error)}`);
  }
}

async function execute(command: string[], admin: boolean, flags: ServeFlags): Promise<void> {
  const { simulator, listening } = await open(flags, 0);
  const endpoint = `${listening.origin}/client/api`;
  const keys = keysOf(simulator, admin ? 'Admin' : 'User');
  if (keys === undefined) return fail('the world has no ordinary user: add --admin', EXIT.usage);
  const [file = '', ...args] = command;
  const child = spawn(file, args, {
    stdio: 'inherit',
    env: { ...process.env, ...variablesOf({ endpoint, ...keys }) },
  });
  // The simulator lives as long as the command: a signal is the command's to answer.
  process.on('SIGINT', () => child.kill('SIGINT')).on('SIGTERM', () => child.kill('SIGTERM'));
  child.once('error', (error) => fail(`${file} cannot be started: ${error.message}`));
  child.once('exit', (code, signal) => {
    // As a shell tells it: 128 and the number of the signal.
    const status = code ?? (signal === null ? EXIT.failed : 128 + constants.signals[signal]);
    void listening.close().then(() => process.exit(status));
  });
}

function variablesOf(values: Readonly<Record<keyof typeof VARIABLES, string>>): NodeJS.ProcessEnv {
  return Object.fromEntries([
    ...VARIABLES.endpoint.map((name) => [name, values.endpoint]),
    ...VARIABLES.apiKey.map((name) => [name, values.apiKey]),
    ...VARIABLES.secretKey.map((name) => [name, values.secretKey]),
  ]) as NodeJS.ProcessEnv;
}

function variableLines(): string {
  return Object.values(VARIABLES)
    .map((names) => `      ${names.join(' and ')}`)
    .join('\n');
}

async function open(
  flags: ServeFlags,
  portNumber: number,
): Promise<{ simulator: Simulator; listening: Listening }> {
  let simulator: Simulator;
  try {
    simulator = createFrom(flags);
    if (flags.load !== undefined) load(simulator, flags.load, flags);
  } catch (error) {
    return fail(messageOf(error), EXIT.usage);
  }
  if (flags.events !== undefined) recordEvents(simulator, flags.events);
  try {
    return {
      simulator,
      listening: await listen(simulator, { port: portNumber, host: flags.host }),
    };
  } catch (error) {
    const hint = portNumber === 0 ? '' : ' (--port 0 picks a free one)';
    return fail(`cannot listen on ${flags.host}:${portNumber}: ${messageOf(error)}${hint}`);
  }
}

/** What is wrong with a world is told of its file, whether it shows when that is read or only in the making. */
function createFrom(flags: ServeFlags): Simulator {
  try {
    return createSimulator(optionsOf(flags));
  } catch (error) {
    if (!(error instanceof WorldDescriptionError)) throw error;
    throw new WorldDescriptionError(flags.world, error.problems);
  }
}

/** A saved world brings its own seed and its own clock; what is given beside it must not be lost. */
function load(simulator: Simulator, file: string, flags: ServeFlags): void {
  const given = (name: string): boolean => program.getOptionValueSource(name) === 'cli';
  const strange = ['seed', 'world', 'setting'].filter(given).map((name) => `--${name}`);
  if (strange.length > 0) throw new Error(`${strange.join(' and ')} cannot be given with --load`);
  simulator.load(readSnapshot(file), file);
  const mode = given('clock') ? parseClockMode(flags.clock) : undefined;
  if (mode !== undefined) simulator.setClockMode(mode);
  if (flags.faults !== undefined) simulator.setFaults(readFaultPlan(flags.faults));
}

function recordEvents(simulator: Simulator, file: string): void {
  const record = (event: Event): void => void writeSync(descriptor, eventLine(event));
  let descriptor: number;
  try {
    descriptor = openSync(file, 'a');
    for (const event of simulator.kernel.log.after(0)) record(event);
  } catch (error) {
    return fail(`the event file cannot be written: ${messageOf(error)}`);
  }
  simulator.subscribe((event) => {
    try {
      record(event);
    } catch (error) {
      fail(`the event file cannot be written: ${messageOf(error)}`);
    }
  });
}

/** Says each thing once, so that a client that polls does not fill the terminal. */
function tellOnce(textOf: (told: string) => string): (told: string) => void {
  const before = new Set<string>();
  return (told) => {
    if (before.has(told) || before.size >= MAX_TOLD) return;
    before.add(told);
    process.stderr.write(`cloudstack-simulator: ${textOf(told)}\n`);
  };
}

/** The name came from a client: nothing in it may steer a terminal. */
function unsimulatedText(name: string): string {
  const shown = name.replace(/[^\w.-]/g, '?').slice(0, 100);
  return `${shown} is not simulated; answered 401, as CloudStack does for a command that it does not know`;
}

function optionsOf(flags: ServeFlags): SimulatorOptions {
  return {
    seed: flags.seed,
    world: Object.hasOwn(presets, flags.world) ? flags.world : readWorld(flags.world),
    settings: flags.setting ?? {},
    clock: flags.clock,
    faults: flags.faults === undefined ? [] : readFaultPlan(flags.faults),
    loose: flags.loose ?? false,
    onFault: (error) => {
      process.stderr.write(`cloudstack-simulator: ${stackOf(error)}\n`);
    },
    onUnsimulatedCommand: tellOnce(unsimulatedText),
    onHint: tellOnce((hint) => `a request was refused. ${hint}`),
  };
}

function setting(text: string, earlier: SettingValues = {}): SettingValues {
  try {
    return { ...earlier, ...parseSetting(text) };
  } catch (error) {
    throw new InvalidArgumentError(`${messageOf(error)}.`);
  }
}

function port(text: string): number {
  const number = whole(text);
  if (number <= 65_535) return number;
  throw new InvalidArgumentError('A port is at most 65535.');
}

function whole(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Not a whole number.');
}

function clock(text: string): ClockModeText {
  const mode = parseClockMode(text);
  if (mode !== undefined) return clockModeText(mode);
  throw new InvalidArgumentError(`There are: ${clockModeHint}.`);
}

/** The version of the package that this file is in, wherever the build has put it. */
function packageVersion(): string {
  const require = createRequire(import.meta.url);
  return (require('bosh-cloudstack-cpi/package.json') as { version: string }).version;
}

function presetNames(): string {
  return Object.keys(presets).join(', ');
}

function fail(message: string, code: number = EXIT.environment): never {
  const hint = code === EXIT.usage ? `${HELP_HINT}\n` : '';
  process.stderr.write(`cloudstack-simulator: ${message}\n${hint}`);
  process.exit(code);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
