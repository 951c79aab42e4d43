// A disk that fills up, takes parts of what it is given, or breaks: what there was is there, nothing
// half-written is seen or stays, the client is told at once, the operator with what to do, and when
// there is room again the next image is taken.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { fileChanges } from '../../../cpi/stemcell-server/file-changes.js';
import { handMovedClock } from '../support/virtual-clock.js';
import { basic, secretName, startServer, user, type TestServer } from './running-server.js';
import { noSpace, smallDisk, systemError } from './small-disk.js';

const KIB = 1024;

async function contentAt(server: TestServer, path = secretName): Promise<string | number> {
  const { status, body } = await server.asUser('GET', path);
  return status === 200 ? body.toString() : status;
}

for (const [how, length] of [
  ['with a length', `Content-Length: ${4_096 * KIB}\r\n\r\n`],
  ['in chunks', `Transfer-Encoding: chunked\r\n\r\n${(4_096 * KIB).toString(16)}\r\n`],
] as const) {
  test(`a disk that fills up during an upload ${how} is told while it is sent, and nothing stays`, async () => {
    const disk = smallDisk(1_024 * KIB);
    await using server = await startServer({ files: disk });
    await server.asUser('PUT', secretName, { body: 'old' });
    const room = disk.room;
    const socket = await server.connect();
    socket.write(
      `PUT ${secretName} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(user)}\r\n${length}`,
    );
    socket.write(Buffer.alloc(2_048 * KIB, 'new'));
    const [told] = (await once(socket, 'data')) as [Buffer];
    expect(told.toString()).toMatch(
      /^HTTP\/1\.1 507 [^]*the disk of the server has no room for it/,
    );
    expect(server.staged()).toEqual([]);
    expect(disk.room).toBe(room);
    expect(await contentAt(server)).toBe('old');
    const big = Buffer.alloc(1_000 * KIB, 'b');
    expect((await server.asUser('PUT', secretName, { body: big })).status).toBe(204);
    expect(await contentAt(server)).toBe(big.toString());
    socket.destroy();
    expect(server.failures).toEqual([]);
  });
}

test('where another image holds the room, the next one is taken when that is gone', async () => {
  const disk = smallDisk(100 * KIB);
  const clock = handMovedClock(0);
  await using server = await startServer({ clock, files: disk });
  const body = Buffer.alloc(60 * KIB);
  expect((await server.asUser('PUT', '/a', { body })).status).toBe(201);
  expect((await server.asUser('PUT', '/b', { body })).status).toBe(507);
  expect(server.stored()).toEqual(['a']);
  for (const advanceMs of [0, 1_000]) {
    clock.advance(advanceMs);
    expect((await server.send('GET', '/health')).status).toBe(503);
  }
  await server.asUser('DELETE', '/a');
  expect((await server.asUser('PUT', '/b', { body })).status).toBe(201);
  expect((await server.asUser('DELETE', '/b')).status).toBe(204);
  clock.advance(1_000);
  expect((await server.send('GET', '/health')).status).toBe(200);
  expect(server.failures.map(String), 'told once').toEqual([
    expect.stringMatching(/^Error: the health check failed: ENOSPC.*; make room on its disk$/),
  ]);
});

test('a disk that takes a part of what it is given gets the rest, and the image is whole', async () => {
  await using server = await startServer({ files: smallDisk(Infinity, 1_000) });
  const body = randomBytes(300 * KIB);
  const put = await server.asUser('PUT', secretName, { body });
  const digest = createHash('sha256').update(body).digest('base64');
  expect(put).toMatchObject({ status: 201, headers: { 'repr-digest': `sha-256=:${digest}:` } });
  expect((await server.send('GET', secretName)).body.equals(body)).toBe(true);
});

for (const call of ['datasync', 'close'] as const) {
  test(`a disk that says at last that it is full (${call}) keeps nothing`, async () => {
    await using server = await startServer({
      files: {
        openNew: async (path) => {
          const file = await open(path, 'wx');
          const real = file[call].bind(file);
          return Object.assign(file, {
            [call]: async () => {
              await real();
              throw noSpace();
            },
          });
        },
      },
    });
    expect((await server.asUser('PUT', secretName, { body: 'image' })).status).toBe(507);
    expect(server.staged()).toEqual([]);
    expect(server.stored()).toEqual([]);
    expect(server.failures).toEqual([]);
  });
}

/** A server whose disk fails to make names durable, from when it is told on. */
async function failing(failure: () => Error): Promise<{ server: TestServer; breakIt: () => void }> {
  let isBroken = false;
  const server = await startServer({
    files: {
      syncFolder: async (path) => {
        if (isBroken) throw failure();
        await fileChanges.syncFolder(path);
      },
    },
  });
  return { server, breakIt: () => (isBroken = true) };
}

for (const [what, fields] of [
  ['one that is there', {}],
  ['one that is there, of its tag', { 'if-match': '*' }],
] as const) {
  test(`an image that cannot be made durable in the place of ${what} leaves that`, async () => {
    const { server: started, breakIt } = await failing(noSpace);
    await using server = started;
    await server.asUser('PUT', secretName, { body: 'old' });
    const { etag } = (await server.send('HEAD', secretName)).headers;
    breakIt();
    const put = await server.asUser('PUT', secretName, { body: 'new', headers: fields });
    expect(put.status).toBe(507);
    expect(await contentAt(server)).toBe('old');
    expect((await server.send('HEAD', secretName)).headers.etag).toBe(etag);
    expect(server.staged()).toEqual([]);
  });
}

for (const fields of [{}, { 'if-none-match': '*' }]) {
  test(`a new image that cannot be made durable is not there (${JSON.stringify(fields)})`, async () => {
    const { server: started, breakIt } = await failing(noSpace);
    await using server = started;
    breakIt();
    const put = await server.asUser('PUT', secretName, { body: 'new', headers: fields });
    expect(put.status).toBe(507);
    expect(server.stored()).toEqual([]);
    expect(server.staged()).toEqual([]);
  });
}

for (const [method, path] of [
  ['PUT', '/new'],
  ['DELETE', '/a'],
  ['MOVE', '/a'],
  ['COPY', '/a'],
  ['MKCOL', '/new'],
] as const) {
  test(`${method} on a broken disk: it is taken back, the operator is told what to do`, async () => {
    const { server: started, breakIt } = await failing(() =>
      systemError('EIO', 'i/o error, fsync'),
    );
    await using server = started;
    await server.asUser('PUT', '/a', { body: 'a' });
    breakIt();
    const headers = { destination: '/b' };
    const sent = method === 'PUT' ? { body: 'x' } : { headers };
    const told = await server.asUser(method, path, sent);
    expect(told.status).toBe(500);
    expect(server.stored(), 'it is taken back').toEqual(['a']);
    expect(await contentAt(server, '/a')).toBe('a');
    expect(told.body.toString()).toBe('the server could not do it; its log says why\n');
    expect(server.failures.map(String)).toEqual([
      `Error: ${method} ${path} failed: EIO: i/o error, fsync; its disk is broken: the log of the ` +
        'machine says more; put the folder on another one',
    ]);
  });
}

test('a collection that goes, but whose content cannot be removed, is gone; the operator is told', async () => {
  let isBroken = true;
  await using server = await startServer({
    files: {
      remove: async (path) => {
        if (isBroken) throw systemError('EACCES', 'permission denied, unlink');
        await fileChanges.remove(path);
      },
    },
  });
  await server.asUser('MKCOL', '/c');
  const before = server.failures.length;
  expect((await server.asUser('DELETE', '/c')).status).toBe(204);
  expect((await server.asUser('DELETE', '/c')).status).toBe(404);
  expect(server.staged()).toHaveLength(1);
  expect(String(server.failures[before])).toBe(
    'Error: to clear away what is in no use any more failed: EACCES: permission denied, unlink; ' +
      'give the user of the server the right to read and write there',
  );
  isBroken = false;
});

test('without hard links everything goes on but COPY, of which the operator is told what it needs', async () => {
  await using server = await startServer({
    files: {
      link: () => Promise.reject(systemError('EPERM', 'operation not permitted, link')),
    },
  });
  const status = async (method: string, path: string, headers = {}): Promise<number> =>
    (await server.asUser(method, path, { headers, ...(method === 'PUT' && { body: 'image' }) }))
      .status;
  expect(await status('PUT', '/a', { 'if-none-match': '*' })).toBe(201);
  expect(await status('PUT', '/a', { 'if-none-match': '*' })).toBe(412);
  expect(await status('PUT', '/a')).toBe(204);
  expect(await status('MOVE', '/a', { destination: '/b' })).toBe(201);
  expect(await status('COPY', '/b', { destination: '/c' })).toBe(500);
  expect(server.failures.map(String)).toEqual([
    'Error: COPY /b failed: EPERM: operation not permitted, link; give the user of the server the ' +
      'right to read and write there, on a disk with hard links',
  ]);
  expect(await contentAt(server, '/b')).toBe('image');
  expect(await status('DELETE', '/b')).toBe(204);
  expect(server.stored()).toEqual([]);
  expect(server.staged()).toEqual([]);
});
