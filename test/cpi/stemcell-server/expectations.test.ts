// A client that asks whether to send its body (`Expect: 100-continue`) is told to go on, or gets its
// answer without having sent anything, whatever it asks for; nobody waits, and what it sends after an
// answer is never taken for the body.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { basic, secretName, startServer, user, type TestServer } from './running-server.js';

interface Asking {
  readonly method: string;
  readonly path?: string;
  readonly as?: string | undefined;
  readonly version?: string;
  readonly fields?: readonly string[];
}

const body = '<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>';

async function ask(server: TestServer, asking: Asking): Promise<Socket> {
  const { method, path = secretName, version = '1.1', fields = [], as } = asking;
  const socket = await server.connect();
  const lines = [
    `${method} ${path} HTTP/${version}`,
    'Host: x',
    'Depth: 0',
    'Destination: /copy',
    ...(as === undefined ? [] : [`Authorization: ${basic(as)}`]),
    ...(fields.length > 0 ? fields : [`Content-Length: ${body.length}`, 'Expect: 100-continue']),
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  return socket;
}

async function next(socket: Socket): Promise<string> {
  const [told] = (await once(socket, 'data')) as [Buffer];
  return told.toString();
}

async function untilEnd(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  if (!socket.destroyed) await once(socket, 'close');
  return text;
}

async function withImage(): Promise<TestServer> {
  const server = await startServer();
  expect((await server.asUser('PUT', secretName, { body: 'image' })).status).toBe(201);
  return server;
}

for (const [method, path, status] of [
  ['PROPFIND', secretName, 207],
  ['PUT', '/new', 201],
  ['MKCOL', '/new', 415],
  ['COPY', secretName, 201],
  ['MOVE', secretName, 201],
  ['DELETE', secretName, 204],
] as const) {
  test(`${method}: who asks whether to send is told to go on, and then answered ${status}`, async () => {
    await using server = await withImage();
    const socket = await ask(server, { method, path, as: user });
    expect(await next(socket)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write(body);
    expect(await next(socket)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect.poll(() => next(socket), 'the connection goes on').toContain('{"status":"ok"}');
    socket.destroy();
    expect(server.failures).toEqual([]);
  });

  test(`${method} of nobody is refused before anything is sent`, async () => {
    await using server = await withImage();
    const told = await untilEnd(await ask(server, { method, path }));
    expect(told).toMatch(/^HTTP\/1\.1 401 /);
    expect(told).not.toContain('100 Continue');
    expect((await server.send('GET', secretName)).body.toString()).toBe('image');
  });
}

for (const [what, asking, status] of [
  ['GET', { method: 'GET' }, 200],
  ['OPTIONS', { method: 'OPTIONS' }, 200],
  ['a method that is not offered', { method: 'PROPPATCH', as: user }, 405],
  ['health', { method: 'GET', path: '/health' }, 200],
  ['a name that cannot be', { method: 'PUT', path: '/.x', as: user }, 403],
  [
    'a body that is too long',
    {
      method: 'PROPFIND',
      as: user,
      fields: ['Content-Length: 100000000', 'Expect: 100-continue'],
    },
    413,
  ],
] as const) {
  test(`${what}: the answer comes instead, and nothing after it is taken for the body`, async () => {
    await using server = await withImage();
    const socket = await ask(server, asking);
    const first = await next(socket);
    socket.write(
      `DELETE ${secretName} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(user)}\r\n\r\n`,
    );
    const told = first + (await untilEnd(socket));
    expect(told).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*Connection: close`));
    expect(told.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect((await server.send('GET', secretName)).body.toString()).toBe('image');
  });
}

test('what nobody can expect is answered 417', async () => {
  await using server = await withImage();
  const fields = ['Content-Length: 3', 'Expect: the-unexpected'];
  const socket = await ask(server, { method: 'PUT', as: user, fields });
  expect(await untilEnd(socket)).toMatch(/^HTTP\/1\.1 417 [^]*Connection: close/);
  expect((await server.send('GET', secretName)).body.toString()).toBe('image');
});

test('who has no body to send, or speaks HTTP/1.0, is answered as if it did not ask', async () => {
  await using server = await withImage();
  const fields = ['Expect: 100-continue'];
  const socket = await ask(server, { method: 'PROPFIND', as: user, fields });
  expect(await next(socket)).toMatch(/^HTTP\/1\.1 207 /);
  socket.destroy();
  const old = await ask(server, {
    method: 'PUT',
    as: user,
    version: '1.0',
    fields: ['Content-Length: 3', 'Expect: 100-continue'],
  });
  old.write('abc');
  expect(await untilEnd(old)).toMatch(/^HTTP\/1\.1 204 /);
  expect((await server.send('GET', secretName)).body.toString()).toBe('abc');
});
