// A server that stops ends what is under way and waits for nobody else: not for connections on which
// nothing was asked, nor for those that never set up TLS. What it cannot open it says in a sentence;
// connections that cannot be taken do not end it. Bodies are asked for by whoever reads them; those
// that nobody reads keep no connection.
import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { expect, test } from '@playwright/test';
import express from 'express';
import { loopbackTls } from '../../../bats-runner/contract/loopback-tls.js';
import { readBody } from '../../../cpi/serving/read-body.js';
import { serve, type ListenOptions, type Serving } from '../../../cpi/serving/serve.js';
import { handMovedClock, patientClock } from '../support/virtual-clock.js';
import { ask } from '../stemcell-server/running-server.js';

const tls = { certificate: loopbackTls.cert, private_key: loopbackTls.key };

const answering: RequestListener = (_, response) => response.end('here');

/** On whose clock no time to stop is ever over. */
function open(
  options: Partial<ListenOptions> = {},
  listener: RequestListener = answering,
): Promise<Serving> {
  return serve(listener, {
    host: '127.0.0.1',
    port: 0,
    requestTimeoutMs: 30_000,
    clock: patientClock(),
    onFailure: (failure) => {
      throw failure;
    },
    ...options,
  });
}

async function connection({ endpoint }: Serving): Promise<Socket> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket.resume();
}

/** Resolves when the server has taken all connections that were made before. */
async function taken(serving: Serving): Promise<void> {
  if (serving.endpoint.startsWith('https:')) (await tlsConnection(serving)).destroy();
  else await ask(serving.endpoint, 'GET', '/');
}

async function tlsConnection({ endpoint }: Serving): Promise<Socket> {
  const socket = connectTls(Number(new URL(endpoint).port), '127.0.0.1', { ca: loopbackTls.cert });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket.resume();
}

test('who has connected and asked nothing does not keep a server from its end', async () => {
  const serving = await open();
  const silent = await connection(serving);
  const halfway = await connection(serving);
  halfway.write('GET / HTTP/1.1\r\nHo');
  const idle = await connection(serving);
  idle.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(idle, 'data');
  await taken(serving);
  const ends = [silent, halfway, idle].map((socket) => once(socket, 'close'));
  await serving.stop(60_000);
  await Promise.all(ends);
});

test('nor does who has not set up TLS, or asked nothing after that', async () => {
  const serving = await open({ tls });
  const silent = await connection(serving);
  const greeted = await tlsConnection(serving);
  await taken(serving);
  const ends = [silent, greeted].map((socket) => once(socket, 'close'));
  await serving.stop(60_000);
  await Promise.all(ends);
});

for (const [name, options] of [
  ['HTTP', {}],
  ['HTTPS', { tls }],
] as const) {
  test(`over ${name} a request that is under way is answered first`, async () => {
    let answerIt = (): void => undefined;
    const serving = await open(options, (_, response) => {
      answerIt = () => response.end('late');
      asked();
    });
    let asked = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const socket = 'tls' in options ? await tlsConnection(serving) : await connection(serving);
    const told = new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.once('close', () => resolve(text));
    });
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await isAsked;
    const stopped = serving.stop(60_000);
    await expect(connection(serving)).rejects.toThrow('ECONNREFUSED');
    answerIt();
    await stopped;
    expect(await told).toMatch(/200 OK[^]*late/);
  });
}

test('who asks whether to send a body is told to by whoever reads it, and by nobody else', async () => {
  const app = express();
  app.put('/read', async (request, response) => {
    response.end(await readBody(request, 10));
  });
  app.use((_, response) => {
    response.status(401).end('no');
  });
  const serving = await open({}, app);
  for (const [path, bytes, told, after] of [
    ['/read', 3, /^HTTP\/1\.1 100 Continue\r\n\r\n$/, /^HTTP\/1\.1 200 [^]*abc$/],
    ['/read', 11, /^HTTP\/1\.1 200 [^]*Connection: close[^]*too large/, undefined],
    ['/other', 3, /^HTTP\/1\.1 401 [^]*Connection: close/, undefined],
  ] as const) {
    const socket = await connection(serving);
    const fields = `Host: x\r\nContent-Length: ${bytes}\r\nExpect: 100-continue`;
    socket.write(`PUT ${path} HTTP/1.1\r\n${fields}\r\n\r\n`);
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString(), path).toMatch(told);
    if (after === undefined) {
      if (!socket.destroyed) await once(socket, 'close');
    } else {
      socket.write('abc');
      const [second] = (await once(socket, 'data')) as [Buffer];
      expect(second.toString()).toMatch(after);
    }
    socket.destroy();
  }
  await serving.stop(0);
});

test('a target that is no URL is a bad request, of which no listener hears', async () => {
  const asked: string[] = [];
  const listener = express().use(({ url }, response) => {
    asked.push(url);
    response.end();
  });
  const serving = await open({}, listener);
  for (const target of ['http://[::1/x', 'http://x:99999/x']) {
    const { status, headers, body } = await ask(serving.endpoint, 'GET', target);
    expect([status, headers.connection, body.toString()]).toEqual([400, 'close', '']);
  }
  for (const target of ['/x', 'http://elsewhere/x', '*'])
    await ask(serving.endpoint, 'GET', target);
  expect(asked).toHaveLength(3);
  await serving.stop(0);
});

test('a connection that cannot be taken is told, and the next one is taken', async () => {
  const failures: unknown[] = [];
  let server: { emit(event: string, failure: Error): boolean } | undefined;
  const serving = await open({ onFailure: (one) => failures.push(one) }, (request, response) => {
    ({ server } = request.socket as unknown as { server: typeof server });
    response.end();
  });
  await ask(serving.endpoint, 'GET', '/');
  const tooMany = new Error('accept EMFILE');
  server?.emit('error', tooMany);
  expect(failures).toEqual([tooMany]);
  expect((await ask(serving.endpoint, 'GET', '/')).status).toBe(200);
  await serving.stop(0);
});

test('a port that cannot be opened is told with what to do', async () => {
  const first = await open();
  const port = Number(new URL(first.endpoint).port);
  await expect(open({ port })).rejects.toThrow(
    `cannot listen on 127.0.0.1, port ${port}: another process has this port; stop it, or choose ` +
      'another port (EADDRINUSE)',
  );
  await expect(open({ host: '192.0.2.1' })).rejects.toThrow(
    'cannot listen on 192.0.2.1, port 0: this machine has no such address; choose one of its own, ' +
      'or 0.0.0.0 for all (EADDRNOTAVAIL)',
  );
  await first.stop(0);
});

test('a certificate or a key that is of no use is told, without a word of it', async () => {
  const { certificate, private_key: key } = tls;
  const canary = '-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n';
  for (const [pair, text] of [
    [{ certificate: 'canary', private_key: key }, /^tls\.certificate is no certificate \(/],
    [{ certificate, private_key: canary }, /^tls\.private_key is no key without a passphrase \(/],
    [{ certificate, private_key: otherKey }, /^tls\.private_key does not belong to tls\.certif/],
  ] as const) {
    const failure = await open({ tls: pair }).then(
      () => undefined,
      (thrown: unknown) => thrown as Error,
    );
    expect(failure?.message).toMatch(text);
    expect(failure?.message).not.toContain('canary');
  }
});

/** Of nobody. */
const otherKey = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
`;

test('whoever is answered during a stop is told that the connection ends, and it does', async () => {
  let begun: (response: ServerResponse) => void = () => undefined;
  const response = new Promise<ServerResponse>((resolve) => (begun = resolve));
  const serving = await open({}, (_, one) => {
    begun(one);
  });
  const socket = await connection(serving);
  let told = '';
  socket.on('data', (chunk: Buffer) => (told += chunk.toString()));
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const underWay = await response;
  const stopped = serving.stop(60_000);
  underWay.end('here');
  await stopped;
  if (!socket.closed) await once(socket, 'close');
  expect(told).toMatch(/^HTTP\/1\.1 200 [^]*Connection: close[^]*here$/);
});

test('a stop cuts nobody off who still reads, when others have been answered', async () => {
  const begun: ServerResponse[] = [];
  let both: () => void = () => undefined;
  const areBegun = new Promise<void>((resolve) => (both = resolve));
  const serving = await open({}, (_, one) => {
    one.writeHead(200);
    if (begun.push(one) === 2) both();
  });
  const [slow, quick] = [await connection(serving), await connection(serving)];
  slow.pause();
  slow.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  while (begun.length < 1) await setImmediate();
  quick.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  quick.resume();
  await areBegun;
  const stopped = serving.stop(60_000);
  const [large, small] = begun as [ServerResponse, ServerResponse];
  large.end(Buffer.alloc(16 * 1024 ** 2));
  const quickIsOver = once(quick, 'close');
  small.end();
  await quickIsOver;
  let bytes = 0;
  slow.on('data', (chunk: Buffer) => (bytes += chunk.length)).resume();
  await once(slow, 'close');
  await stopped;
  expect(bytes).toBeGreaterThan(16 * 1024 ** 2);
});

for (const [what, refused] of [
  ['target', 'GET http://[::1/x HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['expectation', 'GET / HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n\r\n'],
] as const) {
  test(`what comes behind a request whose ${what} is refused is not begun`, async () => {
    const begun: (string | undefined)[] = [];
    const serving = await open({}, ({ url }, response) => {
      begun.push(url);
      response.end();
    });
    const socket = await connection(serving);
    socket.write(`${refused}DELETE /x HTTP/1.1\r\nHost: x\r\n\r\n`);
    socket.resume();
    if (!socket.closed) await once(socket, 'close');
    await serving.stop(60_000);
    expect(begun).toEqual([]);
  });
}

const unread = 'PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n';

test('a body that goes on after its answer is given up, when the clock says so', async () => {
  const clock = handMovedClock(0);
  const serving = await open({ clock });
  const socket = await connection(serving);
  socket.write(unread);
  await once(socket, 'data');
  clock.advance(19_999);
  socket.write('1\r\nx\r\n');
  await taken(serving);
  expect(socket.closed).toBe(false);
  while (!socket.closed) {
    clock.advance(1);
    socket.write('1\r\nx\r\n');
    await setImmediate();
  }
  await serving.stop(0);
});

test('where such a body comes to its end the connection goes on', async () => {
  const clock = handMovedClock(0);
  const serving = await open({ clock });
  const socket = await connection(serving);
  socket.write(unread);
  await once(socket, 'data');
  socket.write(`0\r\n\r\n${unread}`);
  await once(socket, 'data');
  socket.write('0\r\n\r\n');
  await taken(serving);
  clock.advance(60_000);
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const [told] = (await once(socket, 'data')) as [Buffer];
  expect(told.toString()).toContain('200');
  socket.destroy();
  await serving.stop(0);
});
