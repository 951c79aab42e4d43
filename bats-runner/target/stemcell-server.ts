import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { JsonObject } from '../json.js';
import { startServer, type RunningServer, type ServerOptions } from './server.js';

const readyFile = z.object({ endpoint: z.string(), public_url: z.string() });

const accessLine = z.object({ method: z.string(), path: z.string(), status: z.number() });

/** A request that the server has answered. */
export type ImageRequest = z.output<typeof accessLine>;

export interface RunningStemcellServer extends Omit<RunningServer<unknown>, 'ready' | 'log'> {
  readonly endpoint: string;
  /** The sections of the CPI's cpi.json that have it publish stemcells here. */
  readonly sections: JsonObject;
  /** What its log has so far, the oldest first. */
  readonly requests: () => ImageRequest[];
}

/** Starts the stemcell server on a free port, with its images in the folder. */
export async function startStemcellServer(
  options: Omit<ServerOptions<unknown>, 'name' | 'args' | 'ready'> & {
    readonly credentials: { readonly username: string; readonly password: string };
  },
): Promise<RunningStemcellServer> {
  const { folder, credentials } = options;
  const config = join(folder, 'stemcell-server.json');
  const own = { host: '127.0.0.1', ...credentials, directory: join(folder, 'stemcells') };
  writeFileSync(config, JSON.stringify({ stemcell_server: own }));
  const { ready, log, ended, stop } = await startServer({
    ...options,
    name: 'stemcell server',
    args: ['--config', config, '--port', '0'],
    ready: readyFile,
  });
  const { endpoint, public_url } = ready;
  const sections = {
    stemcell: { publish: 'webdav' },
    stemcell_server: { url: endpoint, public_url, ...credentials },
  };
  return { endpoint, sections, requests: () => requestsIn(log()), ended, stop };
}

/** Its last line may not have come whole yet. */
function requestsIn(log: string): ImageRequest[] {
  return log
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => accessLine.safeParse(JSON.parse(line)).data ?? []);
}
