import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const keys = z.object({ apiKey: z.string(), secretKey: z.string() });

const readyFile = z.object({
  endpoint: z.string(),
  console: z.string(),
  control: z.string(),
  admin: keys,
  user: keys,
});

export interface SimulatorOptions {
  /** Path of the simulator's program. */
  readonly program: string;
  /** The Node that runs it. */
  readonly nodePath: string;
  /** An existing folder for the ready file. */
  readonly folder: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly clock: string;
  /** A preset or a file; the simulator's default unless given. */
  readonly world?: string;
  /** Settings of the zone, laid over the world. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  readonly environment: NodeJS.ProcessEnv;
  /** Waits between two looks for the ready file. */
  readonly pause: (ms: number) => Promise<unknown>;
}

/** A running simulator: where its parts are, the keys of its accounts, and how to end it. */
export interface RunningSimulator extends z.output<typeof readyFile> {
  /** Fulfilled when it has ended, whoever ended it. */
  readonly ended: Promise<unknown>;
  /** Number of requests that it has answered since it was started. */
  readonly requests: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** The simulator could not be started. */
export class SimulatorStartError extends Error {
  constructor(reason: string) {
    super(`the simulator did not start: ${reason}`);
    this.name = 'SimulatorStartError';
  }
}

const LOOK_EVERY_MS = 20;

/** Starts the simulator as a process of its own and waits until it answers requests. */
export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const { program, nodePath, folder, port, clock, world, settings = {}, environment } = options;
  const file = join(folder, 'simulator-ready.json');
  const args = ['--port', String(port), '--clock', clock, '--ready-file', file];
  if (world !== undefined) args.push('--world', world);
  for (const [name, value] of Object.entries(settings)) args.push('--setting', `${name}=${value}`);
  const child = spawn(nodePath, [program, ...args], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl-C on the terminal is for us; we end the simulator when we no longer need it.
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
  while (!existsSync(file)) {
    if (hasEnded(child)) throw new SimulatorStartError(stderr.trim() || 'it ended at once');
    await options.pause(LOOK_EVERY_MS);
  }
  const ready = readyFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  return {
    ...ready,
    ended,
    requests: () => countRequests(ready.control),
    stop: () => stop(child, ended),
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (hasEnded(child)) return;
  child.kill('SIGTERM');
  await ended;
}

async function countRequests(control: string): Promise<number> {
  const response = await fetch(`${control}/health`);
  const { requests } = z.object({ requests: z.number() }).parse(await response.json());
  return requests;
}
