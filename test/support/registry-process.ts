// The registry as a program of its own, as monit starts it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(
  new URL('../../dist/cpi/bin/cloudstack-registry.js', import.meta.url),
);

export const registryUser = { username: 'registry', password: 'canary-of-the-registry' };

export interface RegistryProcess {
  readonly child: ChildProcess;
  readonly endpoint: string;
  /** All that it has written so far. */
  readonly output: () => string;
  /** Resolves with the exit status, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** A folder for the files of a registry, gone with the test. */
export function registryFolder(): { path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'registry-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts a registry with a store in a file of the folder, and waits until it serves. */
export async function startRegistry(
  folder: string,
  properties: object = {},
  args: readonly string[] = [],
): Promise<RegistryProcess> {
  const started = spawnRegistry(folder, properties, args);
  const ready = join(folder, 'ready.json');
  await Promise.race([
    appears(folder, ready),
    started.ended.then((status) => {
      throw new Error(`the registry ended with ${status}: ${started.output()}`);
    }),
  ]);
  const { endpoint } = JSON.parse(readFileSync(ready, 'utf8')) as { endpoint: string };
  return { ...started, endpoint };
}

/** Starts a registry and does not wait. */
export function spawnRegistry(
  folder: string,
  properties: object = {},
  args: readonly string[] = [],
): Omit<RegistryProcess, 'endpoint'> {
  const ready = join(folder, 'ready.json');
  rmSync(ready, { force: true });
  const config = join(folder, 'registry.json');
  const store = { type: 'file', path: join(folder, 'registry.sqlite') };
  const registry = { host: '127.0.0.1', ...registryUser, store, ...properties };
  writeFileSync(config, JSON.stringify({ registry }));
  const child = spawn(
    process.execPath,
    [program, '--config', config, '--port', '0', '--ready-file', ready, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = once(child, 'close').then(
    ([status, signal]) => (status ?? signal) as number | NodeJS.Signals | null,
  );
  return { child, output: () => output, ended };
}

/** Sends a request with the registry's user. */
export function asUser(
  endpoint: string,
  instanceId: string,
  init: RequestInit = {},
): Promise<Response> {
  const { username, password } = registryUser;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return fetch(`${endpoint}/instances/${instanceId}/settings`, {
    ...init,
    headers: { authorization },
  });
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
