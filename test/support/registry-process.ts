// The registry as a program of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnServer, untilReady, type ServerProcess } from './server-process.js';

export const registryUser = { username: 'registry', password: 'canary-of-the-registry' };

export interface RegistryProcess extends ServerProcess {
  readonly endpoint: string;
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
  const { endpoint = '' } = await untilReady(started, folder);
  return { ...started, endpoint };
}

/** Starts a registry and does not wait. */
export function spawnRegistry(
  folder: string,
  properties: object = {},
  args: readonly string[] = [],
  within: readonly string[] = [],
  sections: object = {},
): ServerProcess {
  const store = { type: 'file', path: join(folder, 'registry.sqlite') };
  const registry = { host: '127.0.0.1', ...registryUser, store, ...properties };
  const configuration = { registry, ...sections };
  return spawnServer({ name: 'registry', folder, configuration, args, within });
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
