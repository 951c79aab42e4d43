import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';

export interface ServerOptions<Ready> {
  /** What it is called in messages, and in the name of its ready file. */
  readonly name: string;
  /** Path of the program. */
  readonly program: string;
  /** The Node that runs it. */
  readonly nodePath: string;
  /** All but `--ready-file`. */
  readonly args: readonly string[];
  /** What the ready file says. */
  readonly ready: z.ZodType<Ready>;
  /** An existing folder for the ready file. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Waits between two looks for the ready file. */
  readonly pause: (ms: number) => Promise<unknown>;
}

/** A server of this package that runs as a process of its own. */
export interface RunningServer<Ready> {
  readonly ready: Ready;
  /** What it has written to stderr so far. */
  readonly log: () => string;
  /** Fulfilled when it has ended, whoever ended it. */
  readonly ended: Promise<unknown>;
  readonly stop: () => Promise<void>;
}

/** A server could not be started. */
export class ServerStartError extends Error {
  constructor(name: string, reason: string) {
    super(`the ${name} did not start: ${reason}`);
    this.name = 'ServerStartError';
  }
}

const LOOK_EVERY_MS = 20;

/** Starts a server and waits until it answers requests. Throws ServerStartError. */
export async function startServer<Ready>(
  options: ServerOptions<Ready>,
): Promise<RunningServer<Ready>> {
  const { name, program, nodePath, args, folder, environment, pause } = options;
  const file = join(folder, `${name.replaceAll(' ', '-')}-ready.json`);
  const child = spawn(nodePath, [program, ...args, '--ready-file', file], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl-C on the terminal is for us; we end the server when we no longer need it.
    detached: true,
  });
  // It must not outlive us, even if we crash.
  const kill = (): void => void child.kill('SIGTERM');
  process.once('exit', kill);
  const ended = new Promise((resolve) => child.once('exit', resolve)).finally(() =>
    process.off('exit', kill),
  );
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.on('error', (cause) => (stderr += cause.message));
  while (!isWhole(file)) {
    if (hasEnded(child)) throw new ServerStartError(name, stderr.trim() || 'it ended at once');
    await pause(LOOK_EVERY_MS);
  }
  const ready = options.ready.parse(JSON.parse(readFileSync(file, 'utf8')));
  return { ready, log: () => stderr, ended, stop: () => stop(child, ended) };
}

/** It may be looked at while it is being written. */
function isWhole(file: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8').trimEnd().endsWith('}');
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (hasEnded(child)) return;
  child.kill('SIGTERM');
  await ended;
}
