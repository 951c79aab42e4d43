// The program as a shell starts it, and what it writes into a folder.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { batsRunner } from '../support.js';

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

export interface Running {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Hears what it prints there, as it comes. */
  readonly onStderr: (hear: (text: string) => void) => void;
}

/** Starts the program as a shell does, with a process group of its own. */
export function start(...args: readonly string[]): Running {
  return startIn({}, ...args);
}

/** The same, with more in its environment. */
export function startIn(more: NodeJS.ProcessEnv, ...args: readonly string[]): Running {
  const { command, environment } = batsRunner;
  const child = spawn(process.execPath, [...command, ...args], {
    env: { ...environment, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const ended = Promise.all([text(child.stdout), text(child.stderr), closed]).then(
    ([stdout, stderr, [exitCode]]) => ({ stdout, stderr, exitCode }),
  );
  const onStderr = (hear: (text: string) => void): void =>
    void child.stderr.on('data', (chunk: Buffer) => hear(String(chunk)));
  return { pid: child.pid ?? 0, ended, onStderr };
}

export function allFilesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
