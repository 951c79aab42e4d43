import { z } from 'zod';
import { startServer } from './server.js';

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

/** Starts the simulator as a process of its own and waits until it answers requests. */
export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const { port, clock, world, settings = {} } = options;
  const args = ['--port', String(port), '--clock', clock];
  if (world !== undefined) args.push('--world', world);
  for (const [name, value] of Object.entries(settings)) args.push('--setting', `${name}=${value}`);
  const { ready, ended, stop } = await startServer({
    ...options,
    name: 'simulator',
    args,
    ready: readyFile,
  });
  return { ...ready, ended, stop, requests: () => countRequests(ready.control) };
}

async function countRequests(control: string): Promise<number> {
  const response = await fetch(`${control}/health`);
  const { requests } = z.object({ requests: z.number() }).parse(await response.json());
  return requests;
}
