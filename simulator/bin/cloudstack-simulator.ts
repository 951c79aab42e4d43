#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { listen, type Listening } from '../doors/express.js';
import { clockModeHint, parseClockMode } from '../kernel/clock.js';
import { eventLine, type Event } from '../kernel/event-log.js';
import type { Simulator } from '../simulator.js';
import { createSimulator, type SimulatorOptions } from '../simulator.js';
import { DEFAULT_PRESET, presets } from '../world/presets/index.js';
import type { WorldDescriptionInput } from '../world/world-description.js';

interface ServeFlags {
  readonly port: number;
  readonly host: string;
  readonly seed: number;
  readonly world: string;
  readonly clock: string;
  readonly events?: string;
  readonly readyFile?: string;
  readonly loose?: boolean;
}

/** Exit codes of all programs: 1 failed, 2 wrong usage, 3 environment. */
const EXIT = { failed: 1, usage: 2, environment: 3 } as const;

const program = new Command('cloudstack-simulator')
  .description('A CloudStack zone in one process: its API, its jobs, its storage, its time.')
  .option('--port <number>', 'port of the API and of control; 0 picks a free one', port, 8080)
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--seed <number>', 'decides every id, key and address that is drawn', whole, 1)
  .option('--world <file|preset>', `a JSON file, or ${presetNames()}`, DEFAULT_PRESET)
  .option('--clock <mode>', `how time moves: ${clockModeHint}`, clock, 'real')
  .option('--events <file>', 'append every change of the world to this file, one JSON line each')
  .option('--ready-file <file>', 'write endpoint and credentials here once requests are answered')
  .option('--loose', 'ignore parameters that are not simulated instead of refusing them')
  .addHelpText(
    'after',
    `
Examples:
  cloudstack-simulator --port 0 --ready-file ready.json
      the default world on a free port; ready.json tells endpoint and keys
  cloudstack-simulator --clock on-poll --seed 42
      time moves only as far as each poll needs: fast, and the same again with the same seed
  cloudstack-simulator exec -- ./my-test.sh
      starts a simulator for one command, with CLOUDSTACK_ENDPOINT, _KEY and _SECRET set

Control: GET /_sim/health, GET and POST /_sim/clock, GET /_sim/events, POST /_sim/reset,
GET /_sim/invariants`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT.usage))
  .enablePositionalOptions();

program.action((flags: ServeFlags) => serve(flags));
program
  .command('exec')
  .description('run a command against a simulator that lives as long as the command')
  .option('--admin', "give it the root admin's keys instead of the ordinary user's")
  .argument('<command...>', 'the command and its arguments, after --')
  .passThroughOptions()
  .action((command: string[], flags: { admin?: boolean }) =>
    execute(command, flags.admin === true, program.opts<ServeFlags>()),
  );

await program.parseAsync();

async function serve(flags: ServeFlags): Promise<void> {
  // A file that an earlier run left must not pass for this run's.
  if (flags.readyFile !== undefined) rmSync(flags.readyFile, { force: true });
  const { simulator, listening } = await open(flags, flags.port);
  const stop = (): void => void listening.close().then(() => process.exit(0));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const ready = { endpoint: `${listening.origin}/client/api`, console: `${listening.origin}/` };
  if (flags.readyFile !== undefined) {
    writeReadyFile(flags.readyFile, {
      ...ready,
      control: `${listening.origin}/_sim`,
      pid: process.pid,
      admin: keysOf(simulator, 'Admin'),
      user: keysOf(simulator, 'User'),
    });
  }
  process.stdout.write(`CloudStack API  ${ready.endpoint}\nConsole         ${ready.console}\n`);
}

/** Whoever waits for the file never reads half of it. */
function writeReadyFile(file: string, content: object): void {
  try {
    writeFileSync(`${file}.part`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.part`, file);
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
    env: {
      ...process.env,
      CLOUDSTACK_ENDPOINT: endpoint,
      CLOUDSTACK_KEY: keys.apiKey,
      CLOUDSTACK_SECRET: keys.secretKey,
      CLOUDSTACK_API_URL: endpoint,
      CLOUDSTACK_API_KEY: keys.apiKey,
      CLOUDSTACK_SECRET_KEY: keys.secretKey,
    },
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

async function open(
  flags: ServeFlags,
  portNumber: number,
): Promise<{ simulator: Simulator; listening: Listening }> {
  let simulator: Simulator;
  try {
    simulator = createSimulator(optionsOf(flags));
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
    return fail(`cannot listen on ${flags.host}:${portNumber}: ${messageOf(error)}`);
  }
}

function recordEvents(simulator: Simulator, file: string): void {
  const record = (event: Event): void => {
    try {
      appendFileSync(file, eventLine(event));
    } catch (error) {
      fail(`the event file cannot be written: ${messageOf(error)}`);
    }
  };
  for (const event of simulator.kernel.log.after(0)) record(event);
  simulator.subscribe(record);
}

function optionsOf(flags: ServeFlags): SimulatorOptions {
  return {
    seed: flags.seed,
    world: Object.hasOwn(presets, flags.world) ? flags.world : readWorld(flags.world),
    clock: flags.clock,
    loose: flags.loose ?? false,
    onFault: (error) => {
      process.stderr.write(`cloudstack-simulator: ${stackOf(error)}\n`);
    },
  };
}

function readWorld(file: string): WorldDescriptionInput {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new Error(`${file} is neither a preset (${presetNames()}) nor a file that can be read`);
  }
  try {
    return JSON.parse(text) as WorldDescriptionInput;
  } catch (error) {
    throw new Error(`${file} is not JSON: ${messageOf(error)}`, { cause: error });
  }
}

function keysOf(
  simulator: Simulator,
  role: 'Admin' | 'User',
): { apiKey: string; secretKey: string } | undefined {
  if (!simulator.world.accounts.all().some((account) => account.role === role)) return undefined;
  const { apiKey, secretKey } = simulator.userWithRole(role);
  return { apiKey, secretKey };
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

function clock(text: string): string {
  if (parseClockMode(text) !== undefined) return text;
  throw new InvalidArgumentError(`There are: ${clockModeHint}.`);
}

function presetNames(): string {
  return Object.keys(presets).join(', ');
}

function fail(message: string, code: number = EXIT.environment): never {
  process.stderr.write(`cloudstack-simulator: ${message}\n`);
  process.exit(code);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
