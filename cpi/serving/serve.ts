import { once } from 'node:events';
import {
  createServer,
  IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '../flow/clock.js';
import { accessLog, type AccessLine, type UnreadableLine } from './access-log.js';
import { CannotServe, cannotListen } from './cannot-serve.js';
import { tell, type Denial } from './denial.js';
import { holdBack } from './expectation.js';
import { inTurn } from './in-turn.js';
import { problemOfKeyPair, type KeyPair } from './key-pair.js';
import { SilentConnections } from './silent-connections.js';
import { UnderWay } from './under-way.js';
import { endUnreadBody } from './unread-body.js';
import { endUnreadable } from './unreadable.js';

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
  /** Told of what is refused before the listener hears of it. */
  readonly onAccess?: ((line: AccessLine) => void) | undefined;
  readonly onUnreadable?: ((line: UnreadableLine) => void) | undefined;
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
 * body that goes on after the answer is given up. What no listener could answer is refused here.
 *
 * @throws CannotServe if it is taken or may not be opened, or `tls` is of no use.
 */
export async function serve(listener: RequestListener, options: ListenOptions): Promise<Serving> {
  const { host, port, tls, clock, onFailure } = options;
  const silent = new SilentConnections();
  const underWay = new UnderWay();
  const server = createFor(options, listener, { silent, underWay });
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
      server.close();
      silent.destroy();
      underWay.stop();
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

interface Connections {
  readonly silent: SilentConnections;
  readonly underWay: UnderWay;
}

function createFor(
  options: ListenOptions,
  listener: RequestListener,
  { silent, underWay }: Connections,
): Server {
  const { idleTimeoutMs, clock, onAccess = ignore, onUnreadable = ignore } = options;
  const unmet = new WeakSet<IncomingMessage>();
  /** The last request of each connection. */
  const last = new WeakMap<Socket, IncomingMessage>();
  const log = accessLog(() => clock.nowMs(), onAccess);
  // Only what has begun is sure to end: what waits on a connection that is cut is never heard of.
  const handle = inTurn((request, response) => {
    underWay.add(response);
    endUnreadBody(request, response, clock);
    const denial = unmet.has(request) ? unknownExpectation : denialOf(request);
    if (denial === undefined) listener(request, response);
    else {
      log(request, response, () => {
        refuse(response, denial);
      });
    }
  });
  const take: RequestListener = (request, response) => {
    silent.delete(request.socket);
    last.set(request.socket, request);
    handle(request, response);
  };
  const server = bareServer(options, take);
  server.on('connection', (socket) => {
    silent.add(socket);
  });
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    holdBack(request);
    take(request, response);
  });
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    unmet.add(request);
    take(request, response);
  });
  server.on('clientError', (failure: Error, socket: Socket) => {
    const came = { request: last.get(socket), underWay: underWay.on(socket) };
    endUnreadable(failure, socket, came, onUnreadable);
  });
  if (idleTimeoutMs !== undefined) server.setTimeout(idleTimeoutMs);
  return server;
}

const ignore = (): void => undefined;

const unknownExpectation: Denial = {
  status: 417,
  reason: 'no other Expect than 100-continue is known',
};

/** Of a target that is no URL express finds no path: it would answer in our place, with a page. */
function denialOf({ method, url = '', headers, httpVersion }: IncomingMessage): Denial | undefined {
  if (method === 'CONNECT') return { status: 405, reason: 'this is no proxy: no CONNECT' };
  if (!url.startsWith('/') && !URL.canParse(url, 'http://localhost')) {
    return { status: 400, reason: 'what is asked for is no URL' };
  }
  return headers.host === undefined && httpVersion === '1.1'
    ? { status: 400, reason: 'a request of HTTP/1.1 has a Host' }
    : undefined;
}

/** Another request may come where its body would be, or cannot be told from it. */
function refuse(response: ServerResponse, denial: Denial): void {
  response.setHeader('Connection', 'close');
  // A 405 has the methods that are allowed (RFC 9110, 15.5.6): of a tunnel, none.
  if (denial.status === 405) response.setHeader('Allow', '');
  tell(response, denial).end();
}

/**
 * Node would take the connection of a CONNECT out of its hands, and out of all that looks after it
 * here: limits, a stop, the answers that are under way. So that such a request is one like any
 * other, it does not learn that it is special.
 */
class PlainRequest extends IncomingMessage {
  get upgrade(): boolean {
    return false;
  }

  /** The constructor and the parser assign it. */
  set upgrade(_: boolean) {
    // It stays false.
  }
}

/** How often Node looks for requests that take too long: they end that much later. */
const lookForSlowEveryMs = 1_000;

function bareServer(options: ListenOptions, listener: RequestListener): Server {
  const { tls, requestTimeoutMs, idleTimeoutMs } = options;
  const own = {
    IncomingMessage: PlainRequest,
    requestTimeout: idleTimeoutMs === undefined ? requestTimeoutMs : 0,
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(requestTimeoutMs, lookForSlowEveryMs),
    // Node's own refusal would not be logged.
    requireHostHeader: false,
  };
  if (tls === undefined) return createServer(own, listener);
  const problem = problemOfKeyPair(tls);
  if (problem !== undefined) throw new CannotServe(`tls.${problem}`);
  const { certificate: cert, private_key: key } = tls;
  return createTlsServer({ ...own, handshakeTimeout: requestTimeoutMs, cert, key }, listener);
}
