import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { JsonObject } from '../json.js';
import { startServer, type RunningServer, type ServerOptions } from './server.js';

const readyFile = z.object({ endpoint: z.string() });

export interface RunningRegistry extends Omit<RunningServer<unknown>, 'ready' | 'log'> {
  readonly endpoint: string;
  /** The section `registry` of the CPI's cpi.json. */
  readonly section: JsonObject;
}

/** Starts the registry on a free port, with its files in the folder. */
export async function startRegistry(
  options: Omit<ServerOptions<unknown>, 'name' | 'args' | 'ready'> & {
    readonly credentials: { readonly username: string; readonly password: string };
  },
): Promise<RunningRegistry> {
  const { folder, credentials } = options;
  const config = join(folder, 'registry.json');
  const store = { type: 'file', path: join(folder, 'registry', 'registry.sqlite') };
  writeFileSync(config, JSON.stringify({ registry: { host: '127.0.0.1', ...credentials, store } }));
  const { ready, ended, stop } = await startServer({
    ...options,
    name: 'registry',
    args: ['--config', config, '--port', '0'],
    ready: readyFile,
  });
  const { endpoint } = ready;
  return { endpoint, section: { endpoint, ...credentials }, ended, stop };
}
