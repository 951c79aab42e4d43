import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { Redactor } from '../protocol/redactor.js';
import { packageVersion } from './package-version.js';
import { createLogger, type Logger } from './program-log.js';
import { fileFailure, startFailure } from './start-failure.js';

/** What is special about a program that serves. */
export interface ServerProgram {
  readonly name: string;
  readonly description: string;
  readonly defaultConfigPath: string;
  /** What --help says after the options. */
  readonly teaching: string;
  /** What the ready file holds, as --help shows it. */
  readonly readyFile: string;
  readonly start: (surroundings: ServerSurroundings) => Promise<RunningServer>;
}

export interface ServerSurroundings {
  readonly configuration: ConfigurationFile;
  /** What --port says, where it says something. */
  readonly port: number | undefined;
  readonly redactor: Redactor;
  readonly log: Logger;
}

export interface ConfigurationFile {
  readonly text: string;
  readonly path: string;
}

export interface RunningServer {
  /** What the ready file tells besides the process's id. */
  readonly ready: { readonly endpoint: string };
  /** What the log tells besides that. */
  readonly facts?: object;
  /** Finishes what is under way; what takes longer is cut off. */
  readonly stop: (withinMs: number) => Promise<void>;
}

interface Flags {
  readonly config: string;
  readonly port?: string;
  readonly readyFile?: string;
}

/** bpm kills what has not ended 15 seconds after it was told to (stop.go, DefaultStopTimeout). */
export const stopWithinMs = 10_000;

const exit = { good: 0, usage: 2, environment: 3 } as const;

/** Runs a program that serves until it is told to stop; it ends when the rest is answered. */
export function runServerProgram(program: ServerProgram): void {
  const { name, description, defaultConfigPath, teaching, readyFile } = program;
  new Command(name)
    .description(description)
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .option('--config <file>', 'configuration file', defaultConfigPath)
    .option(
      '--port <number>',
      'port to listen on instead of the configured one; 0 picks a free one',
    )
    .option('--ready-file <file>', `write ${readyFile} there as soon as requests are served`)
    .allowExcessArguments(false)
    .addHelpText('after', teaching)
    .showHelpAfterError(`(${name} --help tells how to use it)`)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? exit.good : exit.usage))
    .action(async (flags: Flags) => {
      const redactor = new Redactor();
      const log = createLogger(redactor);
      logWarnings(log);
      try {
        await run(program, flags, redactor, log);
      } catch (failure) {
        log.error(startFailure(failure, flags.config));
        process.exitCode = exit.environment;
      }
    })
    .parse(process.argv);
}

/** What Node warns of, in the place of lines of its own that are no JSON. */
function logWarnings(log: Logger): void {
  // They are for who writes a program, not for who runs it.
  process.noDeprecation = true;
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message, code }: Error & { code?: string }) => {
    log.warn(message, { warning: name, code });
  });
}

async function run(
  { start, defaultConfigPath }: ServerProgram,
  flags: Flags,
  redactor: Redactor,
  log: Logger,
): Promise<void> {
  const port = flags.port === undefined ? undefined : portOf(flags.port);
  const configuration = readConfiguration(flags.config, defaultConfigPath);
  const server = await start({ configuration, port, redactor, log });
  const ready = { ...server.ready, pid: process.pid };
  log.info('serving', { ...ready, ...server.facts });
  const stop = (signal: NodeJS.Signals): void => {
    log.info('stopping', { signal });
    const stopped = server.stop(stopWithinMs);
    // Who reads it would find nobody there.
    if (flags.readyFile !== undefined) removeReadyFile(flags.readyFile, log);
    stopped.then(
      () => process.exit(exit.good),
      (failure: unknown) => {
        log.error(`could not stop as it should: ${(failure as Error).message}`);
        process.exit(exit.environment);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // Last: who reads it may tell the process to stop at once.
  try {
    if (flags.readyFile !== undefined) writeReadyFile(flags.readyFile, ready);
  } catch (failure) {
    await server.stop(stopWithinMs);
    throw failure;
  }
}

function readConfiguration(path: string, defaultPath: string): ConfigurationFile {
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch (failure) {
    if (path !== defaultPath) {
      throw fileFailure('--config names a file that cannot be read:', path, failure);
    }
    const { message } = fileFailure('the default configuration cannot be read:', path, failure);
    throw new Error(`${message}; name another with --config`, { cause: failure });
  }
}

function writeReadyFile(path: string, ready: object): void {
  try {
    writeFileSync(path, JSON.stringify(ready));
  } catch (failure) {
    throw fileFailure('--ready-file names a file that cannot be written:', path, failure);
  }
}

/** A server that stops does so, whatever has become of the file. */
function removeReadyFile(path: string, log: Logger): void {
  try {
    rmSync(path, { force: true });
  } catch (failure) {
    const { message } = failure as Error;
    log.warn(`the ready file could not be removed: ${message}; remove it by hand`);
  }
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Infinity;
  if (port <= 65_535) return port;
  process.stderr.write(`--port takes a number from 0 to 65535, got ${JSON.stringify(text)}\n`);
  return process.exit(exit.usage);
}
