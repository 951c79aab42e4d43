import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '../flow/clock.js';
import { assertKeyPair, cannotListen, type KeyPair } from './cannot-serve.js';
import { holdBack } from './expectation.js';
import { inTurn } from './in-turn.js';
import { endUnreadBody } from './unread-body.js';

export interface ListenOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Without it plain HTTP is served. */
  readonly tls?: KeyPair | undefined;
  /** How long a client may take to send its request; where bodies are long, only its header. */
  readonly requestTimeoutMs: number;
  /**
   * For requests or answers that are long: how long nothing may move on a connection. Then no
   * limit is set to a whole request.
   */
  readonly idleTimeoutMs?: number;
  readonly clock: Clock;
  /** Told of connections that could not be taken; the server goes on. */
  readonly onFailure: (failure: unknown) => void;
}

export interface Serving {
  /** Where it is reached: `http://127.0.0.1:25777`. */
  readonly endpoint: string;
  /** Takes no more requests; resolves when those under way are answered, or the time is over. */
  readonly stop: (withinMs: number) => Promise<void>;
}

/**
 * Opens a port. The requests of a connection come to the listener one after the other; a client
 * that asks whether to send its body (`Expect: 100-continue`) is told to by whoever reads it, and a
 * body that goes on after the answer is given up.
 *
 * @throws CannotServe if it is taken or may not be opened, or `tls` is of no use.
 */
export async function serve(listener: RequestListener, options: ListenOptions): Promise<Serving> {
  const { host, port, tls, idleTimeoutMs, clock, onFailure } = options;
  const silent = new SilentConnections();
  const underWay = new Set<ServerResponse>();
  const unmet = new WeakSet<IncomingMessage>();
  let isStopping = false;
  // Only what has begun is sure to end: what waits on a connection that is cut is never heard of.
  const handle = inTurn((request, response) => {
    underWay.add(response);
    response.once('close', () => {
      underWay.delete(response);
      if (isStopping) endUnlessBusy(request.socket, underWay);
    });
    if (isStopping) response.setHeader('Connection', 'close');
    endUnreadBody(request, response, clock);
    if (unmet.has(request)) response.writeHead(417, { Connection: 'close' }).end();
    else if (isTarget(request.url)) listener(request, response);
    else response.writeHead(400, { Connection: 'close' }).end();
  });
  const take: RequestListener = (request, response) => {
    silent.delete(request.socket);
    handle(request, response);
  };
  const server = createFor(options, take);
  server.on('connection', (socket) => {
    silent.add(socket);
  });
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    holdBack(request);
    take(request, response);
  });
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    // It may come with another request where its body would be.
    unmet.add(request);
    take(request, response);
  });
  if (idleTimeoutMs !== undefined) server.setTimeout(idleTimeoutMs);
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (failure) {
    throw cannotListen(failure, host, port);
  }
  server.on('error', onFailure);
  const address = server.address();
  const boundPort = typeof address === 'object' && address !== null ? address.port : port;
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return {
    endpoint: `${tls === undefined ? 'http' : 'https'}://${shownHost}:${boundPort}`,
    stop: async (withinMs) => {
      const closed = once(server, 'close');
      isStopping = true;
      server.close();
      silent.destroy();
      // Whoever is answered from now on need not wait for the end of its connection.
      for (const response of underWay) {
        if (!response.headersSent) response.setHeader('Connection', 'close');
      }
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

/** The last of an answer may still be on its way to a client that reads slowly. */
function endUnlessBusy(socket: Socket, underWay: ReadonlySet<ServerResponse>): void {
  if (![...underWay].some(({ req }) => req.socket === socket)) socket.destroySoon();
}

/** Of one that is no URL express finds no path: it would answer in our place, with a page. */
function isTarget(url = ''): boolean {
  return url.startsWith('/') || URL.canParse(url, 'http://localhost');
}

function createFor(options: ListenOptions, listener: RequestListener): Server {
  const { tls, requestTimeoutMs, idleTimeoutMs } = options;
  const timeouts = {
    requestTimeout: idleTimeoutMs === undefined ? requestTimeoutMs : 0,
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: requestTimeoutMs,
  };
  if (tls === undefined) return createServer(timeouts, listener);
  assertKeyPair(tls);
  const { certificate: cert, private_key: key } = tls;
  return createTlsServer({ ...timeouts, handshakeTimeout: requestTimeoutMs, cert, key }, listener);
}

/**
 * Connections on which no request has come yet. Node counts them among those with a request under
 * way, or, before their TLS is set up, does not know them at all: a stop would wait for them.
 */
class SilentConnections {
  readonly #sockets = new Map<string, Socket>();

  add(socket: Socket): void {
    const key = otherEnd(socket);
    this.#sockets.set(key, socket);
    socket.once('close', () => {
      if (this.#sockets.get(key) === socket) this.#sockets.delete(key);
    });
  }

  /** Of TLS, another object than was added has the request. */
  delete(socket: Socket): void {
    this.#sockets.delete(otherEnd(socket));
  }

  destroy(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
  }
}

function otherEnd({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
