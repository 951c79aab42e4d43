// A server that stops ends what is under way and waits for nobody else: not for connections on which
// nothing was asked, nor for those that never set up TLS. What it cannot open it says in a sentence;
// connections that cannot be taken do not end it. What is no request is answered why, and logged.
// Bodies are asked for by whoever reads them; those that nobody reads keep no connection.
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { expect, test } from '@playwright/test';
import express from 'express';
import { loopbackTls } from '../../../bats-runner/contract/loopback-tls.js';
import {
  accessLog,
  type AccessLine,
  type UnreadableLine,
} from '../../../cpi/serving/access-log.js';
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
    const reason = 'what is asked for is no URL\n';
    expect([status, headers.connection, body.toString()]).toEqual([400, 'close', reason]);
  }
  for (const target of ['/x', 'http://elsewhere/x', '*'])
    await ask(serving.endpoint, 'GET', target);
  expect(asked).toHaveLength(3);
  await serving.stop(0);
});

const overTls = '\x16\x03\x01\x02\x00\x01\x00\x01';

for (const [what, sent, status, reason] of [
  [
    'an unknown method',
    'BREW / HTTP/1.1\r\nHost: x\r\n\r\n',
    400,
    /no request of HTTP\/1\.1: Invalid m/,
  ],
  ['TLS', overTls, 400, /^HTTPS is spoken to a port of HTTP: use http:\/\/, or configure tls$/],
  [
    'a header without end',
    `GET / HTTP/1.1\r\nX: ${'x'.repeat(40_000)}`,
    431,
    /^the header .* 16 KiB$/,
  ],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, /^HTTP\/2 is not spoken here/],
  ['no host', 'GET /x?canary HTTP/1.1\r\n\r\n', 400, /^a request of HTTP\/1\.1 has a Host$/],
  ['no URL', 'GET http://[::1/x HTTP/1.1\r\nHost: x\r\n\r\n', 400, /^what is asked for is no URL$/],
  [
    'an unknown expectation',
    'GET / HTTP/1.1\r\nHost: x\r\nExpect: canary\r\n\r\n',
    417,
    /^no other Expect than 100-continue is known$/,
  ],
  [
    'a tunnel',
    'CONNECT user:canary@x:22 HTTP/1.1\r\nHost: x\r\n\r\n',
    405,
    /^this is no proxy: no CONNECT$/,
  ],
  [
    'a body that breaks off its rules',
    'PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    400,
    /^that is no request of HTTP\/1\.1: Invalid character in chunk size$/,
  ],
] as const) {
  test(`${what}: the client is answered why, and the log says it`, async () => {
    const lines: (AccessLine | UnreadableLine)[] = [];
    const log = accessLog(
      () => 0,
      (line) => lines.push(line),
    );
    const note = (line: AccessLine | UnreadableLine): unknown => lines.push(line);
    const serving = await open({ onAccess: note, onUnreadable: note }, (request, response) => {
      log(request, response, () => {
        // As whoever reads a body: what is wrong with it is no failure of the server.
        readBody(request, 10).catch(() => response.destroy());
      });
    });
    const socket = await connection(serving);
    let told = '';
    socket.on('data', (chunk: Buffer) => (told += chunk.toString()));
    socket.write(sent);
    if (!socket.closed) await once(socket, 'close');
    await serving.stop(0);
    expect(told).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*Connection: close`));
    expect(told.split('\r\n\r\n')[1]?.trim()).toMatch(reason);
    expect(lines).toEqual([
      expect.objectContaining({ status, from: '127.0.0.1', reason: expect.stringMatching(reason) }),
    ]);
    expect(JSON.stringify(lines)).not.toContain('canary');
  });
}

test('behind a request something that is none ends the connection, but not before the answer', async () => {
  const lines: unknown[] = [];
  let begun: (response: ServerResponse) => void = () => undefined;
  const response = new Promise<ServerResponse>((resolve) => (begun = resolve));
  const serving = await open({ onUnreadable: (line) => lines.push(line) }, ({ method }, one) => {
    if (method === 'PUT') begun(one);
    else one.end();
  });
  const socket = await connection(serving);
  let told = '';
  socket.on('data', (chunk: Buffer) => (told += chunk.toString()));
  socket.write('PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nab');
  const underWay = await response;
  socket.write('c');
  await expect.poll(() => lines).toHaveLength(1);
  await taken(serving);
  underWay.end('here');
  if (!socket.closed) await once(socket, 'close');
  await serving.stop(60_000);
  expect(told).toMatch(/^HTTP\/1\.1 200 [^]*Connection: close[^]*here$/);
  expect(lines).toEqual([
    { from: '127.0.0.1', reason: expect.stringMatching(/^that is no request of HTTP\/1\.1: /) },
  ]);
});

test('who asks for a tunnel behind other requests has their answers first, and then is refused', async () => {
  const lines: AccessLine[] = [];
  const onAccess = (line: AccessLine): unknown => lines.push(line);
  const log = accessLog(() => 0, onAccess);
  const serving = await open({ onAccess }, (request, response) => {
    log(request, response, () => {
      void readBody(request, 10).then((body) => response.end(`${request.url} ${String(body)}`));
    });
  });
  const socket = await connection(serving);
  let told = '';
  socket.on('data', (chunk: Buffer) => (told += chunk.toString()));
  socket.write(
    'GET /1 HTTP/1.1\r\nHost: x\r\n\r\n' +
      'PUT /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na' +
      'CONNECT x:22 HTTP/1.1\r\nHost: x\r\n\r\n' +
      'GET /3 HTTP/1.1\r\nHost: x\r\n\r\n',
  );
  if (!socket.closed) await once(socket, 'close');
  await serving.stop(60_000);
  expect(told).toMatch(
    /^HTTP\/1\.1 200 [^]*\/1 HTTP\/1\.1 200 [^]*\/2 aHTTP\/1\.1 405 [^]*Allow: \r\n[^]*no CONNECT\n$/,
  );
  expect(lines).toMatchObject([
    { method: 'GET', path: '/1', status: 200 },
    { method: 'PUT', path: '/2', status: 200 },
    { method: 'CONNECT', path: 'x:22', status: 405, reason: 'this is no proxy: no CONNECT' },
  ]);
  expect(lines.filter((line) => line.aborted)).toEqual([]);
});

test('credentials in what is asked for are not logged, whatever kind of URL it is', async () => {
  const lines: AccessLine[] = [];
  const log = accessLog(
    () => 0,
    (line) => lines.push(line),
  );
  const serving = await open({}, (request, response) => {
    log(request, response, () => response.end());
  });
  for (const scheme of ['http', 'HTTPS', 'ftp', 'coap'])
    await ask(serving.endpoint, 'GET', `${scheme}://user:canary@x/y?canary`);
  await ask(serving.endpoint, 'GET', '/y@z');
  await serving.stop(0);
  expect(lines.map(({ path }) => path)).toEqual(['/y', '/y', '/y', '/y', '/y@z']);
});

for (const [what, rest, logged] of [
  ['breaks its rules', 'zz\r\n', [expect.stringMatching(/Invalid character in chunk size$/)]],
  ['breaks off', undefined, []],
] as const) {
  test(`where the body of an answered request ${what} there is no second answer`, async () => {
    const reasons: string[] = [];
    const serving = await open(
      { onUnreadable: ({ reason }) => reasons.push(reason) },
      (_, response) => {
        response.statusCode = 401;
        response.end('no\n');
      },
    );
    const socket = await connection(serving);
    let told = '';
    socket.on('data', (chunk: Buffer) => (told += chunk.toString()));
    socket.write('PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n');
    await once(socket, 'data');
    if (rest === undefined) socket.end();
    else socket.write(rest);
    if (!socket.closed) await once(socket, 'close');
    await serving.stop(60_000);
    expect(told.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401']);
    expect(reasons).toEqual(logged);
  });
}

test('HTTP that is spoken to HTTPS is logged, connections that just end are not', async () => {
  const lines: unknown[] = [];
  const serving = await open({ tls, onUnreadable: (line) => lines.push(line) });
  (await connection(serving)).destroy();
  const socket = await connection(serving);
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  if (!socket.closed) await once(socket, 'close');
  (await tlsConnection(serving)).destroy();
  await taken(serving);
  await serving.stop(0);
  expect(lines).toEqual([
    { from: '127.0.0.1', reason: 'HTTP is spoken to a port of HTTPS: use https://' },
  ]);
});

test('requests that take too long are looked for often enough that the limit is true', async () => {
  let everyMs: number | undefined;
  const serving = await open({}, ({ socket }, response) => {
    const { server } = socket as unknown as { server: { connectionsCheckingInterval: number } };
    everyMs = server.connectionsCheckingInterval;
    response.end();
  });
  await ask(serving.endpoint, 'GET', '/');
  await serving.stop(0);
  expect(everyMs).toBeLessThanOrEqual(1_000);
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
    [{ certificate, private_key: canary }, /^tls\.private_key is no private key \(/],
    [{ certificate, private_key: lockedKey() }, /^tls\.private_key has a passphrase: /],
    [{ certificate, private_key: otherKey }, /^tls\.private_key does not belong to certificate/],
    [weakPair, /^tls\.certificate cannot be served with private_key \(/],
  ] as const) {
    const failure = await open({ tls: pair }).then(
      () => undefined,
      (thrown: unknown) => thrown as Error,
    );
    expect(failure?.message).toMatch(text);
    expect(failure?.message).not.toContain('canary');
  }
});

function lockedKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  const lock = { cipher: 'aes-256-cbc', passphrase: 'canary' } as const;
  return privateKey.export({ type: 'pkcs8', format: 'pem', ...lock }).toString();
}

/** Of RSA with 512 bits. */
const weakPair = {
  certificate: `-----BEGIN CERTIFICATE-----
MIIBcDCCARqgAwIBAgITJAaxWMCaZRgzkBkqA42tamMzPzANBgkqhkiG9w0BAQsF
ADAMMQowCAYDVQQDDAF4MCAXDTI2MTEyNzAwMDQ1MVoYDzIxMjYxMTAzMDAwNDUx
WjAMMQowCAYDVQQDDAF4MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAOiUin/d/1s4
/HteC8SM+5riWwy+CcfrCZjLGa7o4etrRBZsRZXAN5dPrGlNDe0UZmxJGtSjws2s
vWzh2c7P69sCAwEAAaNTMFEwHQYDVR0OBBYEFLujr3f9Ej1jkvms6uqGuKtHdwkw
MB8GA1UdIwQYMBaAFLujr3f9Ej1jkvms6uqGuKtHdwkwMA8GA1UdEwEB/wQFMAMB
Af8wDQYJKoZIhvcNAQELBQADQQAe9E0xAyEx3yhTENq2KOngrjKSHu27GuY63FIf
S08JMz52wN1KCWP2du7kJwA1wweNCTRvutT2YtNs4AX0flEF
-----END CERTIFICATE-----
`,
  private_key: `-----BEGIN PRIVATE KEY-----
MIIBVQIBADANBgkqhkiG9w0BAQEFAASCAT8wggE7AgEAAkEA6JSKf93/Wzj8e14L
xIz7muJbDL4Jx+sJmMsZrujh62tEFmxFlcA3l0+saU0N7RRmbEka1KPCzay9bOHZ
zs/r2wIDAQABAkBE9R2nUcPPYTMCxNyKVx6WSnyiZ4nw21AKHFWuFWA+cwuT27OP
7vYRC7XiVfp9kn29JxvyRP24Ify4SUi8Et4xAiEA98bV5beeIs/VvslmlI8vd9K3
BNOSasoRd371BP6556kCIQDwTJfRc+JroKcr5sGc+/dOiywtaS0QVAePGUiN3JgZ
4wIhANrAjS+WgOKzIz6hiRM3puze9/4m3GmzpOAfEisqyO6hAiAZ7TmoKKeyUxgW
XYRgSrNJLyzqDWIGU/qozuKMI9PpXwIhAMNUxoZmFmqFApXj8QU8jvZPiLwnL7nG
FB7MNgAoD/cy
-----END PRIVATE KEY-----
`,
};

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

for (const [what, next, last] of [
  ['that has not come', 'GET / HTTP/1.1\r\nHo', /first\r\n0\r\n\r\n$/],
  [
    'that waits',
    'GET /second HTTP/1.1\r\nHost: x\r\n\r\n',
    /first[^]*HTTP\/1\.1 200 [^]*Connection: close[^]*second$/,
  ],
] as const) {
  test(`an answer that had begun before a stop ends, and with the one ${what} its connection`, async () => {
    let begun: (response: ServerResponse) => void = () => undefined;
    const first = new Promise<ServerResponse>((resolve) => (begun = resolve));
    const serving = await open({ requestTimeoutMs: 3_600_000 }, ({ url, socket }, response) => {
      // Node would end the connection by itself, after some seconds.
      (socket as unknown as { server: Server }).server.keepAliveTimeout = 0;
      if (url === '/second') response.end('second');
      else begun(response.writeHead(200));
    });
    const socket = await connection(serving);
    let told = '';
    socket.on('data', (chunk: Buffer) => (told += chunk.toString()));
    socket.write(`GET / HTTP/1.1\r\nHost: x\r\n\r\n${next}`);
    const underWay = await first;
    underWay.flushHeaders();
    const stopped = serving.stop(60_000);
    underWay.end('first');
    await stopped;
    if (!socket.closed) await once(socket, 'close');
    expect(told).toMatch(last);
  });
}

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
