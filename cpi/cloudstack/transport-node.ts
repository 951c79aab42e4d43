import type {
  Agent,
  ClientRequest,
  IncomingMessage,
  OutgoingHttpHeaders,
  RequestOptions,
} from 'node:http';
import { proxyHeaders, tunnelThrough, viaProxy, type HttpProxy } from './http-proxy.js';
import {
  TransportError,
  type HttpRequest,
  type HttpResponse,
  type Transport,
} from './transport.js';
import { connectionFailure, type ConnectionPhase } from './transport-failures.js';

export interface NodeTransportOptions {
  /** How long to wait for a connection. */
  readonly connectTimeoutMs?: number;
  /** How long a connection may be silent, where the request says nothing. */
  readonly idleTimeoutMs?: number;
  /** Larger responses are refused. */
  readonly responseBytesMax?: number;
  /** Certificates (PEM) to trust in addition to the machine's. */
  readonly caCert?: string | undefined;
  /** Off: any certificate is accepted. */
  readonly verifyTls?: boolean;
  readonly proxy?: HttpProxy | undefined;
}

type Settings = Required<Omit<NodeTransportOptions, 'caCert' | 'proxy'>> & {
  caCert: string | undefined;
  proxy: HttpProxy | undefined;
};

const defaults: Settings = {
  connectTimeoutMs: 10_000,
  idleTimeoutMs: 60_000,
  responseBytesMax: 64 * 1024 * 1024,
  caCert: undefined,
  verifyTls: true,
  proxy: undefined,
};

/**
 * HTTP by Node's own modules, loaded on first use: they start faster than any client library.
 * Connections are kept open between requests and do not keep the process alive.
 */
export function createNodeTransport(options: NodeTransportOptions = {}): Transport {
  const settings: Settings = { ...defaults, ...options };
  const connectors = new Map<string, Promise<Connector>>();
  const connectorFor = (protocol: string): Promise<Connector> => {
    const known = connectors.get(protocol);
    if (known) return known;
    const connector = protocol === 'https:' ? loadHttps(settings) : loadHttp(settings);
    connectors.set(protocol, connector);
    return connector;
  };
  return {
    send: async (request) => {
      const url = parseUrl(request.url);
      return sendOver(await connectorFor(url.protocol), url, request, settings);
    },
    close: () => {
      for (const connector of connectors.values()) {
        void connector.then(({ agent }) => {
          agent.destroy();
        });
      }
      connectors.clear();
    },
  };
}

interface Connector {
  readonly agent: Agent;
  /** Who is talked to, for messages. */
  readonly peer: (url: URL) => string;
  readonly request: (url: URL, options: RequestOptions) => ClientRequest;
}

async function loadHttp({ proxy }: Settings): Promise<Connector> {
  const http = await import('node:http');
  const agent = new http.Agent({ keepAlive: true });
  if (proxy === undefined) {
    return {
      agent,
      peer: ({ host }) => host,
      request: (url, options) => http.request(url, { ...options, agent }),
    };
  }
  return {
    agent,
    peer: ({ host }) => `${host} (by proxy ${proxy.host}:${proxy.port})`,
    request: (url, options) =>
      http.request({
        ...options,
        ...viaProxy(proxy, url),
        headers: {
          host: url.host,
          ...(options.headers as OutgoingHttpHeaders),
          ...proxyHeaders(proxy),
        },
        agent,
      }),
  };
}

async function loadHttps(settings: Settings): Promise<Connector> {
  const { caCert, verifyTls, proxy, connectTimeoutMs } = settings;
  const https = await import('node:https');
  const tls = await import('node:tls');
  const agent = new https.Agent({
    keepAlive: true,
    rejectUnauthorized: verifyTls,
    ...(caCert !== undefined && { ca: [...tls.rootCertificates, caCert] }),
  });
  if (proxy !== undefined) {
    agent.createConnection = (options, callback) => {
      const { host, port } = options as { host: string; port: number };
      tunnelThrough(proxy, { host, port }, connectTimeoutMs).then(
        (tunnel) => {
          const secured = tls.connect({ ...(options as object), socket: tunnel });
          const giveUp = (): void => {
            const code = { code: 'ETIMEDOUT' };
            secured.destroy(Object.assign(new Error(`no TLS for ${connectTimeoutMs} ms`), code));
          };
          secured.setTimeout(connectTimeoutMs);
          secured.once('timeout', giveUp);
          secured.once('secureConnect', () => {
            secured.off('timeout', giveUp);
            callback?.(null, secured);
          });
          secured.once('error', (error: Error) => callback?.(error, secured));
        },
        (error: unknown) => callback?.(error as Error, undefined as never),
      );
      return undefined;
    };
  }
  return {
    agent,
    peer: ({ host }) => host,
    request: (url, options) => https.request(url, { ...options, agent }),
  };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new TransportError('unreachable', 'no', `"${text}" is no http or https address`);
}

function sendOver(
  connector: Connector,
  url: URL,
  request: HttpRequest,
  settings: Settings,
): Promise<HttpResponse> {
  if (request.signal?.aborted) {
    const aborted = new TransportError('aborted', 'no', `the request to ${url.host} was stopped`);
    return Promise.reject(aborted);
  }
  return new Promise((resolve, reject) => {
    let phase: ConnectionPhase = 'connecting';
    const outgoing = connector.request(url, {
      method: request.method,
      headers: headersOf(request),
      ...(request.signal && { signal: request.signal }),
    });
    const fail = (error: unknown): void => {
      reject(connectionFailure(connector.peer(url), phase, error));
      outgoing.destroy();
    };
    watchConnection(outgoing, url, request.idleTimeoutMs ?? settings.idleTimeoutMs, {
      connectTimeoutMs: settings.connectTimeoutMs,
      onConnected: () => {
        phase = 'connected';
      },
    });
    outgoing.on('error', fail);
    outgoing.on('response', (response) => {
      readResponse(response, url.host, settings.responseBytesMax).then(resolve, fail);
    });
    writeBody(outgoing, url.host, request).catch(fail);
  });
}

function headersOf({ headers, body }: HttpRequest): Record<string, string> {
  if (body === undefined) return { ...headers };
  const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.bytes;
  return { ...headers, 'content-length': String(bytes) };
}

/** Two time limits: one until the connection stands, one for silence on it. */
function watchConnection(
  outgoing: ClientRequest,
  url: URL,
  idleTimeoutMs: number,
  watch: { readonly connectTimeoutMs: number; readonly onConnected: () => void },
): void {
  outgoing.on('socket', (socket) => {
    const giveUp = (what: string): void => {
      outgoing.destroy(Object.assign(new Error(what), { code: 'ETIMEDOUT' }));
    };
    const connected = (): void => {
      watch.onConnected();
      socket.setTimeout(idleTimeoutMs);
    };
    const onTimeout = (): void => {
      giveUp(`no sign of life for ${socket.timeout ?? idleTimeoutMs} ms`);
    };
    socket.on('timeout', onTimeout);
    outgoing.on('close', () => socket.off('timeout', onTimeout));
    if (outgoing.reusedSocket || !socket.connecting) {
      connected();
      return;
    }
    socket.setTimeout(watch.connectTimeoutMs);
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', connected);
  });
}

/** By events: to iterate over a response costs more start-up time. */
function readResponse(
  response: IncomingMessage,
  host: string,
  bytesMax: number,
): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= bytesMax) return;
      const message = `${host} answered with more than ${bytesMax} bytes`;
      reject(new TransportError('response-too-large', 'maybe', message));
    });
    response.on('error', reject);
    response.on('end', () => {
      resolve({
        status: response.statusCode ?? 0,
        headers: joinedHeaders(response),
        body: Buffer.concat(chunks).toString('utf8'),
      });
    });
  });
}

function joinedHeaders(response: IncomingMessage): Record<string, string> {
  const entries = Object.entries(response.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** Streams are read only as fast as the socket takes them, so memory stays flat. */
async function writeBody(
  outgoing: ClientRequest,
  host: string,
  request: HttpRequest,
): Promise<void> {
  const { body } = request;
  if (body === undefined || typeof body === 'string') {
    outgoing.end(body);
    return;
  }
  let written = 0;
  try {
    for await (const chunk of body.stream) {
      if (outgoing.destroyed) return;
      written += chunk.length;
      if (written > body.bytes) break;
      if (!outgoing.write(chunk)) await drained(outgoing);
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TransportError('request-body', 'maybe', reason, cause);
  }
  if (written !== body.bytes) {
    const message = `the upload to ${host} should have ${body.bytes} bytes, its source gave ${
      written > body.bytes ? 'more' : written
    }`;
    throw new TransportError('request-body', 'maybe', message);
  }
  outgoing.end();
}

function drained(outgoing: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      outgoing.off('drain', done);
      outgoing.off('close', done);
      resolve();
    };
    outgoing.on('drain', done);
    outgoing.on('close', done);
  });
}
