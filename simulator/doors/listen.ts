import { once } from 'node:events';
import { createServer } from 'node:http';
import { hostTimer } from '../kernel/clock.js';
import type { Simulator } from '../simulator.js';
import { expressDoor } from './express.js';

export interface ListenOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly host: string;
}

/** A simulator that is reached over HTTP. */
export interface Listening {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** Opens a simulator for HTTP clients. */
export async function listen(simulator: Simulator, options: ListenOptions): Promise<Listening> {
  // Node ends requests after five minutes, which is too short for the upload of a large image.
  const server = createServer({ requestTimeout: 0 }, expressDoor(simulator));
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : options.port;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  const origin = `http://${host}:${port}`;
  simulator.openedAt(origin);
  const stopTime = keepTime(simulator);
  return {
    origin,
    close: async () => {
      stopTime();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** In the modes that follow the host's clock, carries tasks out when they are due. */
function keepTime(simulator: Simulator): () => void {
  let cancel: () => void = () => undefined;
  const tick = (): void => {
    simulator.kernel.catchUp();
    cancel = hostTimer(Math.min(simulator.kernel.nextTaskInHostMs ?? LOOK_MS, LOOK_MS), tick);
  };
  tick();
  return () => cancel();
}

/** A mode or a task may have come since: look again at least this often. */
const LOOK_MS = 250;
