// Proves that http and https requests go through a proxy, with its credentials, and that what goes
// wrong at the proxy is told as such, with the request certainly not sent: servers on loopback.
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { expect, test } from '@playwright/test';
import { loopbackTls } from '../../../bats-runner/contract/loopback-tls.js';
import { createNodeTransport } from '../../../cpi/cloudstack/transport-node.js';
import { TransportError, type HttpResponse } from '../../../cpi/cloudstack/transport.js';
import { startServer, startTlsServer } from '../support/loopback-server.js';

interface ProxyServer {
  readonly port: number;
  /** What it was asked for, and by whom. */
  readonly asked: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** A proxy that lets those pass who have these credentials. */
async function startProxy(credentials: string | undefined): Promise<ProxyServer> {
  const asked: string[] = [];
  const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const server = createServer((request, response) => {
    asked.push(`${String(request.method)} ${String(request.url)}`);
    const isKnown = expected === undefined || request.headers['proxy-authorization'] === expected;
    response.writeHead(isKnown ? 200 : 407).end(`by proxy for ${String(request.headers.host)}`);
  });
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${String(request.url)}`);
    if (expected !== undefined && request.headers['proxy-authorization'] !== expected) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const [host = '', port = ''] = String(request.url).split(':');
    const target = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
    socket.on('error', () => target.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function get(
  url: string,
  port: number,
  user?: string,
  password?: string,
  connectTimeoutMs = 5_000,
): Promise<HttpResponse> {
  const proxy = { host: '127.0.0.1', port, user, password };
  const transport = createNodeTransport({
    caCert: loopbackTls.cert,
    proxy,
    connectTimeoutMs,
  });
  try {
    return await transport.send({ method: 'GET', url });
  } finally {
    transport.close();
  }
}

async function failureOf(work: Promise<unknown>): Promise<TransportError> {
  const failure: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(TransportError);
  return failure as TransportError;
}

test('an http address is fetched by the proxy', async () => {
  await using proxy = await startProxy('bosh:pass:word');
  const { body } = await get(
    'http://cloud.test:8080/client/api?x=1',
    proxy.port,
    'bosh',
    'pass:word',
  );
  expect(body).toBe('by proxy for cloud.test:8080');
  expect(proxy.asked).toEqual(['GET http://cloud.test:8080/client/api?x=1']);
});

test('an https address is reached through a tunnel, and its certificate is checked', async () => {
  await using proxy = await startProxy('bosh:password');
  await using server = await startTlsServer(loopbackTls, (_, response) => response.end('hello'));
  expect((await get(server.url, proxy.port, 'bosh', 'password')).body).toBe('hello');
  expect(proxy.asked).toEqual([`CONNECT ${new URL(server.url).host}`]);
  const other = server.url.replace('127.0.0.1', 'localhost');
  const failure = await failureOf(get(other, proxy.port, 'bosh', 'password'));
  expect([failure.failure, failure.sent]).toEqual(['tls', 'no']);
});

test('an IPv6 address is asked for in brackets', async () => {
  await using proxy = await startProxy('bosh:password');
  await failureOf(get('https://[fd00::1]/', proxy.port, 'bosh', 'wrong'));
  expect(proxy.asked).toEqual(['CONNECT [fd00::1]:443']);
});

test('through a tunnel an IP address is no server name, which RFC 6066 does not allow', async () => {
  await using proxy = await startProxy(undefined);
  await using server = await startTlsServer(loopbackTls, ({ socket }, response) => {
    response.end(socket instanceof TLSSocket ? String(socket.servername) : 'no TLS');
  });
  expect((await get(server.url, proxy.port)).body).toBe('false');
});

test('a proxy without credentials is asked without', async () => {
  await using proxy = await startProxy(undefined);
  await using server = await startTlsServer(loopbackTls, (_, response) => response.end('hello'));
  expect((await get(server.url, proxy.port)).body).toBe('hello');
});

test('a proxy that does not know the user is named, with the settings', async () => {
  await using proxy = await startProxy('bosh:password');
  const failure = await failureOf(get('https://cloud.test/', proxy.port, 'bosh', 'wrong'));
  expect([failure.failure, failure.sent]).toEqual(['unreachable', 'no']);
  expect(failure.message).toMatch(
    /^proxy 127\.0\.0\.1:\d+ does not connect to cloud\.test:443: HTTP status 407; check cloudstack\.proxy_user/,
  );
  expect(failure.message).not.toContain('wrong');
});

test('a proxy that is not there is named', async () => {
  await using closed = await startServer(() => undefined);
  const { port } = new URL(closed.url);
  await closed[Symbol.asyncDispose]();
  for (const url of ['https://cloud.test/', 'http://cloud.test/']) {
    const failure = await failureOf(get(url, Number(port)));
    expect([failure.failure, failure.sent]).toEqual(['refused', 'no']);
    expect(failure.message).toContain(`proxy 127.0.0.1:${port}`);
  }
});

/** A server that takes connections and, beyond a greeting, says nothing. */
async function startMute(greeting: string): Promise<ProxyServer> {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(greeting));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked: [],
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

for (const [what, greeting] of [
  ['a proxy that does not answer', ''],
  ['a tunnel that leads to nobody', 'HTTP/1.1 200 Connection established\r\n\r\n'],
] as const) {
  test(`${what} is given up: certainly not sent`, async () => {
    await using mute = await startMute(greeting);
    const failure = await failureOf(
      get('https://cloud.test/', mute.port, undefined, undefined, 30),
    );
    expect([failure.failure, failure.sent]).toEqual(['timeout', 'no']);
  });
}
