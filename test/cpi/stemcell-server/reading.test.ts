// Readers who know a name get the image, whole, in parts and under conditions; nobody else gets
// anything, nor learns what is there.
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { handMovedClock, patientClock } from '../support/virtual-clock.js';
import { secretName, startServer, user, type TestServer } from './running-server.js';

const content = Buffer.from('0123456789abcdef');

async function withImage(): Promise<TestServer> {
  const server = await startServer();
  expect((await server.asUser('PUT', secretName, { body: content })).status).toBe(201);
  return server;
}

test('whoever knows the name gets the image, and HEAD tells the same without it', async () => {
  await using server = await withImage();
  const got = await server.send('GET', secretName);
  expect(got.status).toBe(200);
  expect(got.body).toEqual(content);
  expect(got.headers).toMatchObject({
    'content-length': '16',
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    etag: expect.stringMatching(/^"[^"]+"$/),
    'last-modified': expect.stringMatching(/GMT$/),
  });
  expect(got.headers).not.toHaveProperty('access-control-allow-origin');
  const head = await server.send('HEAD', `${secretName}?anything`);
  expect(head).toMatchObject({ status: 200, headers: { 'content-length': '16' } });
  expect(head.body).toHaveLength(0);
  expect(head.headers.etag).toBe(got.headers.etag);
});

test('an image of no bytes is one', async () => {
  await using server = await startServer();
  await server.asUser('PUT', secretName, { body: '' });
  const got = await server.send('GET', secretName);
  expect(got).toMatchObject({ status: 200, headers: { 'content-length': '0' } });
  const part = await server.send('GET', secretName, { headers: { range: 'bytes=0-5' } });
  expect(part.status).toBe(416);
});

for (const [range, expected] of [
  ['bytes=2-5', { status: 206, body: '2345', range: 'bytes 2-5/16' }],
  ['bytes=12-', { status: 206, body: 'cdef', range: 'bytes 12-15/16' }],
  ['bytes=-3', { status: 206, body: 'def', range: 'bytes 13-15/16' }],
  ['bytes=-99', { status: 206, body: content.toString(), range: 'bytes 0-15/16' }],
  ['bytes=10-99', { status: 206, body: 'abcdef', range: 'bytes 10-15/16' }],
  ['bytes=16-', { status: 416, body: '', range: 'bytes */16' }],
  ['bytes=99999999999999999999-', { status: 416, body: '', range: 'bytes */16' }],
  ['bytes=14-99999999999999999999', { status: 206, body: 'ef', range: 'bytes 14-15/16' }],
  ['bytes=0-1,4-5', { status: 200, body: content.toString(), range: undefined }],
  ['lines=1-2', { status: 200, body: content.toString(), range: undefined }],
  ['bytes=-0', { status: 416, body: '', range: 'bytes */16' }],
  ['bytes=5-2', { status: 200, body: content.toString(), range: undefined }],
  ['bytes=-', { status: 200, body: content.toString(), range: undefined }],
  ['bytes=x-y', { status: 200, body: content.toString(), range: undefined }],
  ['nonsense', { status: 200, body: content.toString(), range: undefined }],
] as const) {
  test(`Range: ${range} is answered ${expected.status}`, async () => {
    await using server = await withImage();
    const got = await server.send('GET', secretName, { headers: { range } });
    expect(got.status).toBe(expected.status);
    expect(got.body.toString()).toBe(expected.body);
    expect(got.headers['content-range']).toBe(expected.range);
    const head = await server.send('HEAD', secretName, { headers: { range } });
    expect(head.status, 'only GET has parts').toBe(200);
  });
}

test('conditions are heeded as RFC 9110 orders them', async () => {
  await using server = await withImage();
  const { headers } = await server.send('HEAD', secretName);
  const etag = headers.etag ?? '';
  const date = headers['last-modified'] ?? '';
  const before = new Date(0).toUTCString();
  const status = async (given: Record<string, string>): Promise<number> =>
    (await server.send('GET', secretName, { headers: given })).status;
  expect(await status({ 'if-none-match': etag })).toBe(304);
  expect(await status({ 'if-none-match': `"other", ${etag}` })).toBe(304);
  expect(await status({ 'if-none-match': '"other"' })).toBe(200);
  expect(await status({ 'if-modified-since': date })).toBe(304);
  expect(await status({ 'if-modified-since': before })).toBe(200);
  expect(await status({ 'if-match': etag })).toBe(200);
  expect(await status({ 'if-match': '*' })).toBe(200);
  expect(await status({ 'if-match': '"other"' })).toBe(412);
  expect(await status({ 'if-unmodified-since': date })).toBe(200);
  expect(await status({ 'if-unmodified-since': before })).toBe(412);
  expect(await status({ 'if-match': etag, 'if-unmodified-since': before })).toBe(200);
  const range = 'bytes=0-1';
  expect(await status({ range, 'if-range': etag })).toBe(206);
  expect(await status({ range, 'if-range': date })).toBe(206);
  expect(await status({ range, 'if-range': '"other"' })).toBe(200);
});

test('another content has another ETag', async () => {
  await using server = await withImage();
  const first = (await server.send('HEAD', secretName)).headers.etag;
  await server.asUser('PUT', secretName, { body: 'FEDCBA9876543210' });
  const second = (await server.send('HEAD', secretName)).headers.etag;
  expect(second).not.toBe(first);
});

test('without a user a name that can be guessed is refused, whether it is there or not', async () => {
  await using server = await startServer();
  await server.asUser('PUT', '/ubuntu.qcow2', { body: content });
  for (const path of ['/ubuntu.qcow2', '/debian.qcow2', '/', '/.staging', '/12345678.qcow2']) {
    for (const method of ['GET', 'HEAD']) {
      const refused = await server.send(method, path);
      expect(refused.status, `${method} ${path}`).toBe(401);
      expect(refused.headers['www-authenticate']).toContain('Basic');
    }
  }
  expect((await server.asUser('GET', '/ubuntu.qcow2')).body).toEqual(content);
  expect((await server.asUser('GET', '/debian.qcow2')).status).toBe(404);
  expect((await server.send('GET', secretName)).status, 'a secret that is none').toBe(404);
});

test('whether a name is there is not told to nobody, however busy the server is', async () => {
  await using server = await startServer({ downloadsMax: 1 });
  for (const path of ['/ubuntu.qcow2', secretName]) {
    await server.asUser('PUT', path, { body: Buffer.alloc(24 * 2 ** 20) });
  }
  const socket = await server.connect();
  socket.write(`GET ${secretName} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await once(socket, 'data');
  socket.pause();
  for (const as of [undefined, 'stemcells:wrong']) {
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PROPFIND', 'MKCOL', 'MOVE']) {
      const answers = ['/ubuntu.qcow2', '/debian.qcow2', '/ubuntu.qcow2/x', '/.staging'].map(
        (path) => server.send(method, path, { as, headers: { destination: '/y' } }),
      );
      const [first, ...others] = (await Promise.all(answers)).map(({ status, headers, body }) => ({
        status,
        headers: { ...headers, date: '' },
        body: body.toString(),
      }));
      expect(first?.status).toBe(401);
      for (const other of others) expect(other).toEqual(first);
    }
  }
  socket.destroy();
});

test('the secret may be the name of the collection', async () => {
  await using server = await startServer();
  const collection = `/${'0123456789abcdef'.repeat(2)}`;
  await server.asUser('MKCOL', collection);
  await server.asUser('PUT', `${collection}/root.qcow2`, { body: content });
  expect((await server.send('GET', `${collection}/root.qcow2`)).body).toEqual(content);
  const listing = await server.send('GET', collection);
  expect(listing.status, 'a collection is not told of').toBe(405);
  expect(listing.body.toString()).toMatch(/^a collection has no content/);
});

test('wrong credentials are as good as none', async () => {
  await using server = await withImage();
  expect((await server.send('GET', secretName, { as: 'nobody:wrong' })).status).toBe(200);
  expect((await server.send('GET', '/', { as: 'nobody:wrong' })).status).toBe(401);
});

test('a download that has begun goes on to the end of its image when that is replaced', async () => {
  await using server = await startServer();
  const old = Buffer.alloc(32 * 2 ** 20, 'old');
  await server.asUser('PUT', secretName, { body: old });
  const socket = await server.connect();
  socket.write(`GET ${secretName} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  const [head] = (await once(socket, 'data')) as [Buffer];
  socket.pause();
  await server.asUser('PUT', secretName, { body: 'new' });
  const chunks = [head];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.resume();
  await once(socket, 'close');
  const all = Buffer.concat(chunks);
  expect(all.subarray(all.indexOf('\r\n\r\n') + 4).equals(old)).toBe(true);
  expect((await server.send('GET', secretName)).body.toString()).toBe('new');
});

test('what is deleted reaches nobody any more, downloads that have begun included', async () => {
  await using server = await startServer();
  await server.asUser('PUT', secretName, { body: Buffer.alloc(24 * 2 ** 20) });
  const socket = await server.connect();
  socket.write(`GET ${secretName} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await once(socket, 'data');
  socket.pause();
  expect((await server.asUser('DELETE', secretName)).status).toBe(204);
  let bytes = 0;
  socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
  socket.resume();
  await once(socket, 'close');
  expect(bytes).toBeLessThan(24 * 2 ** 20);
  expect((await server.send('GET', secretName)).status).toBe(404);
  expect(server.failures).toEqual([]);
});

test('a reader who goes away frees what its download held', async () => {
  await using server = await startServer({ downloadsMax: 1 });
  await server.asUser('PUT', secretName, { body: Buffer.alloc(24 * 2 ** 20) });
  const socket = await server.connect();
  socket.write(`GET ${secretName} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await once(socket, 'data');
  socket.pause();
  const second = server.send('GET', secretName, { headers: { range: 'bytes=0-3' } });
  socket.destroy();
  expect((await second).status).toBe(206);
  expect(server.failures).toEqual([]);
});

test('files put into the folder by hand are served', async () => {
  await using server = await startServer();
  writeFileSync(join(server.folder, secretName), 'by hand');
  expect((await server.send('GET', secretName)).body.toString()).toBe('by hand');
});

test('health needs no user and tells nothing else', async () => {
  await using server = await startServer();
  const told = await server.send('GET', '/health');
  expect(told.status).toBe(200);
  expect(told.body.toString()).toBe('{"status":"ok"}');
  const put = await server.asUser('PUT', '/health', { body: 'x' });
  expect([put.status, put.body.toString()]).toEqual([
    403,
    expect.stringContaining('/health tells how the server is'),
  ]);
});

test('health in other letters is a name like all others', async () => {
  await using server = await startServer();
  expect((await server.send('GET', '/HEALTH')).status).toBe(401);
  expect((await server.asUser('PUT', '/HEALTH', { body: 'an image' })).status).toBe(201);
  expect((await server.asUser('GET', '/HEALTH')).body.toString()).toBe('an image');
  expect((await server.send('GET', '/health')).body.toString()).toBe('{"status":"ok"}');
});

test('health tells when the folder is gone, to clients without details', async () => {
  await using server = await startServer();
  rmSync(server.folder, { recursive: true });
  const told = await server.send('GET', '/health');
  expect(told.status).toBe(503);
  expect(told.body.toString()).toBe('{"status":"unavailable"}');
  expect(String(server.failures[0])).toContain('is not there any more');
});

test('health tells when the disk is full', async () => {
  await using server = await startServer({ files: { openNew: () => open('/dev/full', 'w') } });
  expect((await server.send('GET', '/health')).status).toBe(503);
  expect(String(server.failures[0])).toContain('ENOSPC');
  expect(server.staged()).toEqual([]);
});

test('while the folder is gone no answer says that it is only the image, and the operator is told once', async () => {
  const clock = handMovedClock(0);
  await using server = await startServer({ clock });
  rmSync(server.folder, { recursive: true });
  for (const [method, path] of [
    ['PUT', secretName],
    ['PROPFIND', '/'],
    ['GET', secretName],
    ['DELETE', secretName],
  ] as const) {
    const body = method === 'PUT' ? { body: 'x' } : { headers: { depth: '0' } };
    expect((await server.asUser(method, path, body)).status, method).toBe(503);
    expect((await server.send('GET', secretName)).status, 'nobody').toBe(503);
    clock.advance(1_000);
  }
  const told =
    `FolderGone: ${server.folder} is not there any more: put it back, or restart the server, ` +
    'which makes it anew';
  expect(server.failures.map(String)).toEqual([told]);
  mkdirSync(join(server.folder, '.staging'), { recursive: true });
  expect((await server.send('GET', '/health')).status).toBe(200);
  rmSync(server.folder, { recursive: true });
  clock.advance(1_000);
  expect((await server.send('GET', secretName)).status).toBe(503);
  expect(server.failures.map(String)).toEqual([told, told]);
});

test('the access log has a line for each request, without credentials and queries', async () => {
  await using server = await startServer({ clock: patientClock() });
  await server.send('GET', `${secretName}?token=canary-1`, { as: 'stemcells:canary-2' });
  await server.send('PUT', '/x', { as: user, body: 'canary-3' });
  expect(server.access).toEqual([
    {
      method: 'GET',
      path: secretName,
      status: 404,
      durationMs: 0,
      from: '127.0.0.1',
      reason: 'it is not there',
    },
    { method: 'PUT', path: '/x', status: 201, durationMs: 0, from: '127.0.0.1' },
  ]);
});
