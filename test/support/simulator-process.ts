// The simulator as a program of its own, as a user starts it: the bundle, or the compiled files where it
// is to be measured what of them the tests go through.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { measuring, unmeasured } from './coverage.js';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const bundle = `${dist}bundle/cloudstack-simulator.js`;
const compiled = `${dist}simulator/bin/cloudstack-simulator.js`;

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  /** Resolves when the program has ended and all that it wrote is here. */
  readonly ended: Promise<Ended>;
  /** Resolves when stdout holds `text`; rejects if the program ends before. */
  readonly says: (text: string) => Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

/** What it writes to a `stdout` of one's own is not read here. */
export function startProgram(
  args: readonly string[],
  env: Environment = {},
  stdout: 'pipe' | number = 'pipe',
): Started {
  return started([bundle, ...args], { ...unmeasured, ...env }, stdout);
}

/** The same for one that is looked at where coverage is measured: that takes five times as long. */
export function startMeasured(args: readonly string[], env: Environment = {}): Started {
  if (measuring === undefined) return startProgram(args, env);
  const { options, environment } = measuring;
  return started([...options, compiled, ...args], { ...environment, ...env });
}

function started(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  to: 'pipe' | number = 'pipe',
): Started {
  const child = spawn(process.execPath, args, { stdio: ['ignore', to, 'pipe'], env });
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(([status]): Ended => ({
    status: status as number | null,
    stdout,
    stderr,
  }));
  return { child, ended, says: (text) => untilSaid(child, text, () => stdout + stderr) };
}

export function runProgram(args: readonly string[], env: Environment = {}): Promise<Ended> {
  return startProgram(args, env).ended;
}

/** The same for one that is looked at where coverage is measured. */
export function runMeasured(args: readonly string[], env: Environment = {}): Promise<Ended> {
  return startMeasured(args, env).ended;
}

function untilSaid(child: ChildProcess, text: string, said: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (said().includes(text)) resolve();
    };
    child.stdout?.on('data', look);
    child.once('close', () => reject(new Error(`it ended without saying "${text}":\n${said()}`)));
    look();
  });
}
