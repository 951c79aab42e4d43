// A server as a program of its own, as monit starts it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measuring, unmeasured } from './coverage.js';
import { mustNotTell, secretsOf } from './secrets-kept.js';

export interface ServerProcess {
  readonly child: ChildProcess;
  /** All that it has written so far. */
  readonly output: () => string;
  /**
   * Resolves with the exit status, or the signal that ended it; rejects if the server told a secret
   * of its configuration meanwhile.
   */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

export interface Start {
  /** Its name without what they all begin with: `registry`. */
  readonly name: string;
  /** Where its configuration and its ready file go. */
  readonly folder: string;
  readonly configuration: object;
  readonly args?: readonly string[];
  /** A command that runs the one that follows it, in an environment of its own. */
  readonly within?: readonly string[];
}

/**
 * Starts a server and does not wait: the bundle, which is what users run, or the compiled files where
 * coverage is measured.
 */
export function spawnServer({
  name,
  folder,
  configuration,
  args = [],
  within = [],
}: Start): ServerProcess {
  const folderOfPrograms = measuring === undefined ? 'bundle' : 'cpi/bin';
  const program = fileURLToPath(
    new URL(`../../dist/${folderOfPrograms}/cloudstack-${name}.js`, import.meta.url),
  );
  const ready = readyFile(folder);
  rmSync(ready, { force: true });
  const config = join(folder, `${name}.json`);
  writeFileSync(config, JSON.stringify(configuration));
  const options = ['--config', config, '--port', '0', '--ready-file', ready, ...args];
  const node = [process.execPath, ...(measuring?.options ?? [])];
  const [command = '', ...rest] = [...within, ...node, program, ...options];
  const child = spawn(command, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: measuring?.environment ?? unmeasured,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = once(child, 'close').then(([status, signal]) => {
    mustNotTell(output, secretsOf(configuration, 'server'), name);
    return (status ?? signal) as number | NodeJS.Signals | null;
  });
  return { child, output: () => output, ended };
}

/** Waits until a server serves; answers what its ready file says. */
export async function untilReady(
  { ended, output }: ServerProcess,
  folder: string,
): Promise<Readonly<Record<string, string>>> {
  await Promise.race([
    appears(folder, readyFile(folder)),
    ended.then((status) => {
      throw new Error(`the server ended with ${status}: ${output()}`);
    }),
  ]);
  return JSON.parse(readFileSync(readyFile(folder), 'utf8')) as Record<string, string>;
}

function readyFile(folder: string): string {
  return join(folder, 'ready.json');
}

function appears(folder: string, path: string): Promise<void> {
  return new Promise((resolve) => {
    const isWhole = (): boolean => existsSync(path) && readFileSync(path, 'utf8').endsWith('}');
    const watcher = watch(folder, () => {
      if (!isWhole()) return;
      watcher.close();
      resolve();
    });
    if (!isWhole()) return;
    watcher.close();
    resolve();
  });
}
