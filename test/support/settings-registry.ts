// A registry in this process, on a port of its own, for tests of what the CPI writes there and what
// agents find. Beside what it serves, it tells and puts back what it holds.
import express, { type Express } from 'express';
import { realClock } from '../../cpi/flow/clock.js';
import { createMemoryStore } from '../../cpi/registry/memory-store.js';
import { registryApp, type RegistryOptions } from '../../cpi/registry/registry-app.js';
import type { HttpRequest, HttpResponse } from '../../cpi/cloudstack/transport.js';
import { serve } from '../../cpi/serving/serve.js';
import { withoutSocket } from './without-socket.js';

export interface SettingsRegistry {
  readonly endpoint: string;
  /** The section `registry` of cpi.json. */
  readonly section: Readonly<Record<string, unknown>>;
  /** The settings by name of entry, as texts. */
  readonly entries: () => Promise<Readonly<Record<string, string>>>;
  /** Puts back what it held, and nothing else. */
  readonly restore: (entries: Readonly<Record<string, string>>) => Promise<void>;
  /** Carries a request to it out without a socket. */
  readonly send: (request: HttpRequest) => Promise<HttpResponse>;
  /** Requests so far: `PUT 200`. */
  readonly requests: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Signs that have a meaning in URLs, JSON or form bodies are among those of the password. */
export const registryCredentials = {
  username: 'registry-user',
  password: 'registry%2Fpass/w:rd&+"é',
};

/** @param tellsNames whether it tells the names of its entries, which the BOSH registry does not. */
export async function startSettingsRegistry({
  tellsNames = true,
  ...options
}: Partial<RegistryOptions> & { readonly tellsNames?: boolean } = {}): Promise<SettingsRegistry> {
  const store = options.store ?? createMemoryStore();
  const requests: string[] = [];
  const entries = async (): Promise<Record<string, string>> => {
    const ids = await store.instanceIds();
    const all = await Promise.all(
      ids.map(async (id) => [id, (await store.get(id)) ?? ''] as const),
    );
    return Object.fromEntries(all);
  };
  const registry = registryApp({
    users: [registryCredentials],
    settingsBytesMax: 1024 * 1024,
    nowMs: () => 0,
    onAccess: ({ method, status }) => requests.push(`${method} ${status}`),
    onFailure: () => undefined,
    ...options,
    store,
  });
  const app = tellsNames ? registry : withoutNames(registry);
  const { endpoint, stop } = await serve(app, {
    host: '127.0.0.1',
    port: 0,
    requestTimeoutMs: 10_000,
    clock: realClock,
    onFailure: (failure) => {
      throw failure;
    },
  });
  return {
    endpoint,
    section: { endpoint, ...registryCredentials },
    entries,
    restore: async (wanted) => {
      for (const name of Object.keys(await entries())) await store.remove(name);
      for (const [name, settings] of Object.entries(wanted)) await store.put(name, settings);
    },
    send: (request) => withoutSocket(app, request),
    requests,
    [Symbol.asyncDispose]: () => stop(0),
  };
}

/** Answers what the BOSH registry does where its entries are asked for. */
function withoutNames(registry: Express): Express {
  const app = express();
  app.get('/instances', (_, response) => {
    response.status(404).json({ status: 'not_found' });
  });
  return app.use(registry);
}
