// Bodies that are slow, cut off or without end, and readers who ask several times and go: each ends
// with its connection, nothing of it is seen or stays, and others are served.
import { once } from 'node:events';
import { truncateSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { handMovedClock } from '../support/virtual-clock.js';
import { basic, secretName, startServer, user, type TestServer } from './running-server.js';
import { smallDisk } from './small-disk.js';

async function lives(server: TestServer): Promise<void> {
  expect((await server.send('GET', '/health')).status).toBe(200);
  expect(server.failures).toEqual([]);
}

function head(method: string, path: string, ...fields: readonly string[]): string {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: x',
    `Authorization: ${basic(user)}`,
    ...fields,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

async function begun(server: TestServer, text: string): Promise<Socket> {
  const socket = await server.connect();
  socket.write(text);
  return socket;
}

/** All that comes until the connection ends. */
async function untilEnd(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  // Not `once`: what can no longer be sent is no failure here.
  if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

test('while an image comes nobody sees anything of it', async () => {
  await using server = await startServer();
  const socket = await begun(server, `${head('PUT', secretName, 'Content-Length: 9')}abc`);
  await expect.poll(() => server.staged()).toHaveLength(1);
  for (const method of ['GET', 'HEAD', 'PROPFIND', 'DELETE']) {
    const told = await server.asUser(method, secretName, { headers: { depth: '0' } });
    expect(told.status, method).toBe(404);
  }
  const listing = await server.asUser('PROPFIND', '/', { headers: { depth: '1' } });
  expect(listing.body.toString()).not.toContain('qcow2');
  socket.destroy();
  await expect.poll(() => server.staged()).toEqual([]);
  await lives(server);
});

for (const method of ['PROPFIND', 'MKCOL', 'COPY', 'DELETE']) {
  const fields = ['Depth: 0', 'Destination: /copy', 'Content-Length: 100'];

  test(`a ${method} whose body stands still is given up, and does nothing`, async () => {
    await using server = await startServer({ idleTimeoutMs: 200 });
    await server.asUser('PUT', '/x', { body: 'x' });
    const path = method === 'MKCOL' ? '/new' : '/x';
    expect(await untilEnd(await begun(server, `${head(method, path, ...fields)}<`))).toBe('');
    expect((await server.asUser('GET', '/x')).status).toBe(200);
    expect((await server.asUser('GET', '/new')).status).toBe(404);
    await lives(server);
  });

  test(`a ${method} whose body is cut off does nothing`, async () => {
    await using server = await startServer();
    await server.asUser('PUT', '/x', { body: 'x' });
    const socket = await begun(server, `${head(method, '/x', ...fields)}<propfind`);
    socket.end();
    expect(await untilEnd(socket)).not.toMatch(/ 20\d /);
    expect((await server.asUser('GET', '/x')).status).toBe(200);
    expect((await server.asUser('GET', '/copy')).status).toBe(404);
    await lives(server);
  });

  test(`of 100 MB without a length for ${method} no more comes than such a body may have`, async () => {
    await using server = await startServer();
    await server.asUser('PUT', '/x', { body: 'x' });
    let sent = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (; sent < 100 * 2 ** 20; sent += 65_536)
        yield await Promise.resolve(Buffer.alloc(65_536));
    }
    const headers = { depth: '0', destination: '/copy', 'transfer-encoding': 'chunked' };
    const told = await server.asUser(method, '/x', { headers, body: endless() });
    expect(told).toMatchObject({ status: 413, headers: { connection: 'close' } });
    expect(sent).toBeLessThan(50 * 2 ** 20);
    expect((await server.asUser('GET', '/x')).status).toBe(200);
    await lives(server);
  });
}

test('an upload that a stop cuts off is gone when the server has stopped, and told', async () => {
  await using server = await startServer();
  const socket = await begun(
    server,
    `PUT ${secretName} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(user)}\r\n` +
      'Content-Length: 1000\r\n\r\nabc',
  );
  await expect.poll(() => server.staged()).toHaveLength(1);
  await server.stop();
  expect(server.staged()).toEqual([]);
  expect(server.stored()).toEqual([]);
  expect(server.access.at(-1)).toMatchObject({ method: 'PUT', aborted: true });
  socket.destroy();
});

test('a body of nobody that drips is given up by the clock, and keeps no connection', async () => {
  const clock = handMovedClock(0);
  await using server = await startServer({ clock });
  const socket = await begun(
    server,
    `PUT ${secretName} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n`,
  );
  const [told] = (await once(socket, 'data')) as [Buffer];
  expect(told.toString()).toMatch(/^HTTP\/1\.1 401 /);
  clock.advance(10_001);
  while (!socket.destroyed) {
    socket.write('x');
    await setImmediate();
  }
  expect(server.access).toMatchObject([{ method: 'PUT', status: 401 }]);
  await lives(server);
});

test('who goes on being refused has had the whole answer: the log does not say otherwise', async () => {
  await using server = await startServer();
  const socket = await begun(
    server,
    `PUT ${secretName} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n`,
  );
  await once(socket, 'data');
  socket.destroy();
  await expect.poll(() => server.access).toHaveLength(1);
  expect(server.access[0]).toMatchObject({ method: 'PUT', status: 401 });
  expect(server.access[0]).not.toHaveProperty('aborted');
});

for (const [when, path, room, status] of [
  ['at once', '/nowhere/x', Infinity, 409],
  ['on its way', '/x', 100_000, 507],
] as const) {
  const [length, first] = [200_000, 150_000];

  test(`the rest of an upload that a user is refused ${when} is given up by the clock`, async () => {
    const clock = handMovedClock(0);
    await using server = await startServer({ clock, files: smallDisk(room) });
    const socket = await begun(server, head('PUT', path, `Content-Length: ${length}`));
    socket.write(Buffer.alloc(first));
    const [told] = (await once(socket, 'data')) as [Buffer];
    expect(told.toString()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    for (let sent = first; !socket.destroyed && sent < length; sent += 1) {
      socket.write('x');
      clock.advance(10_001);
      await setImmediate();
    }
    expect(socket.destroyed).toBe(true);
    await lives(server);
  });

  test(`when all of it has come that a user is refused ${when}, the connection goes on`, async () => {
    const clock = handMovedClock(0);
    await using server = await startServer({ clock, files: smallDisk(room) });
    const socket = await begun(server, head('PUT', path, `Content-Length: ${length}`));
    socket.write(Buffer.alloc(first));
    await once(socket, 'data');
    clock.advance(19_999);
    socket.write(Buffer.alloc(length - first));
    socket.write('OPTIONS /x HTTP/1.1\r\nHost: x\r\n\r\n');
    const [told] = (await once(socket, 'data')) as [Buffer];
    expect(told.toString()).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
    expect(server.failures).toEqual([]);
  });
}

for (const [method, path, status] of [
  ['GET', secretName, 200],
  ['HEAD', secretName, 200],
  ['OPTIONS', '/x', 200],
  ['GET', '/health', 200],
  ['GET', '/none', 404],
] as const) {
  test(`a ${method} of ${path} whose body never ends is answered ${status} and keeps no connection`, async () => {
    const clock = handMovedClock(0);
    await using server = await startServer({ clock });
    await server.asUser('PUT', secretName, { body: 'image' });
    const socket = await begun(server, head(method, path, 'Transfer-Encoding: chunked'));
    const [told] = (await once(socket, 'data')) as [Buffer];
    expect(told.toString()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    while (!socket.destroyed) {
      socket.write('1\r\nx\r\n');
      clock.advance(10_001);
      await setImmediate();
    }
    await lives(server);
  });
}

test('of an upload without a length for which there is no room not all is read', async () => {
  await using server = await startServer({ files: smallDisk(2 ** 20) });
  const socket = await begun(server, head('PUT', secretName, 'Transfer-Encoding: chunked'));
  const told = untilEnd(socket);
  let sent = 0;
  for (const piece = Buffer.alloc(2 ** 20); !socket.destroyed; sent += piece.length) {
    socket.write(`${piece.length.toString(16)}\r\n`);
    await new Promise((resolve) => socket.write(piece, resolve));
    socket.write('\r\n');
  }
  expect(await told).toMatch(/^HTTP\/1\.1 507 [^]*Connection: close/);
  expect(sent).toBeLessThan(64 * 2 ** 20);
  expect(server.staged()).toEqual([]);
  await lives(server);
});

test('a header that never ends is given up', async () => {
  await using server = await startServer({ idleTimeoutMs: 200 });
  expect(await untilEnd(await begun(server, 'GET / HTTP/1.1\r\nHost: x\r\nX-A'))).toBe('');
  await lives(server);
});

test('who asks twice on one connection and goes keeps no place from others', async () => {
  await using server = await startServer({ downloadsMax: 1 });
  await server.asUser('PUT', secretName, { body: Buffer.alloc(24 * 2 ** 20) });
  const request = `GET ${secretName} HTTP/1.1\r\nHost: x\r\n\r\n`;
  const socket = await begun(server, request.repeat(3));
  await once(socket, 'data');
  socket.pause();
  const other = server.send('GET', secretName, { headers: { range: 'bytes=0-3' } });
  socket.destroy();
  expect((await other).status).toBe(206);
  expect((await server.send('GET', secretName, { headers: { range: 'bytes=0-3' } })).status).toBe(
    206,
  );
  await lives(server);
});

test('an image that becomes shorter while it is sent ends the connection, and is told', async () => {
  await using server = await startServer();
  const path = join(server.folder, secretName);
  writeFileSync(path, Buffer.alloc(24 * 2 ** 20));
  const socket = await begun(server, `GET ${secretName} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await once(socket, 'data');
  socket.pause();
  truncateSync(path, 1);
  socket.resume();
  expect((await untilEnd(socket)).length).toBeLessThan(24 * 2 ** 20);
  await expect
    .poll(() => server.failures.map(String))
    .toEqual(['Error: the image has become shorter while it was sent']);
});

for (const [what, text, answer] of [
  [
    'a method that nobody knows',
    'BREW / HTTP/1.1\r\nHost: x\r\n\r\n',
    /^HTTP\/1\.1 400 [^]*that is no request of HTTP\/1\.1: Invalid method encountered\n$/,
  ],
  [
    'a tunnel',
    'CONNECT 10.0.0.1:22 HTTP/1.1\r\nHost: x\r\n\r\n',
    /^HTTP\/1\.1 405 [^]*this is no proxy: no CONNECT\n$/,
  ],
  [
    'credentials of 100 kB',
    `GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${'A'.repeat(100_000)}\r\n\r\n`,
    /^HTTP\/1\.1 431 [^]*the header of a request has up to 16 KiB\n$/,
  ],
] as const) {
  test(`who asks for ${what} is sent away`, async () => {
    await using server = await startServer();
    expect(await untilEnd(await begun(server, text))).toMatch(answer);
    await lives(server);
  });
}
