import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Clock } from '../flow/clock.js';

export interface ListenOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Certificate and key in PEM form; without them plain HTTP is served. */
  readonly tls?: { readonly certificate: string; readonly private_key: string } | undefined;
  /** How long a client may take to send its request; where bodies are long, only its header. */
  readonly requestTimeoutMs: number;
  /**
   * For requests or answers that are long: how long nothing may move on a connection. Then no
   * limit is set to a whole request, and a client that asks (`Expect: 100-continue`) is told to go
   * on by whoever reads the body.
   */
  readonly idleTimeoutMs?: number;
  readonly clock: Clock;
}

export interface Serving {
  /** Where it is reached: `http://127.0.0.1:25777`. */
  readonly endpoint: string;
  /** Takes no more requests; resolves when those under way are answered, or the time is over. */
  readonly stop: (withinMs: number) => Promise<void>;
}

/** Opens a port. Rejects if it is taken or may not be opened. */
export async function serve(listener: RequestListener, options: ListenOptions): Promise<Serving> {
  const { host, port, tls, requestTimeoutMs, idleTimeoutMs, clock } = options;
  const timeouts = {
    requestTimeout: idleTimeoutMs === undefined ? requestTimeoutMs : 0,
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: requestTimeoutMs,
  };
  const server: Server =
    tls === undefined
      ? createServer(timeouts, listener)
      : createTlsServer({ ...timeouts, cert: tls.certificate, key: tls.private_key }, listener);
  if (idleTimeoutMs !== undefined) server.setTimeout(idleTimeoutMs).on('checkContinue', listener);
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  const boundPort = typeof address === 'object' && address !== null ? address.port : port;
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return {
    endpoint: `${tls === undefined ? 'http' : 'https'}://${shownHost}:${boundPort}`,
    stop: async (withinMs) => {
      const closed = once(server, 'close');
      server.close();
      const isOver = new AbortController();
      clock.sleep(withinMs, isOver.signal).then(
        () => {
          server.closeAllConnections();
        },
        () => undefined,
      );
      await closed;
      isOver.abort();
    },
  };
}
