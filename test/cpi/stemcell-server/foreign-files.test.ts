// What lies in the folder and is neither image nor collection is as if it were not there: nothing is
// read, written or removed through a symbolic link, whatever is asked of it or of what holds it, and
// nobody waits for a pipe.
import { spawnSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { secretName, startServer, type TestServer } from './running-server.js';

/** A collection `c` with an image, a link to a folder outside, one to a file in it, and a pipe. */
async function withLinks(): Promise<TestServer & { readonly outside: string }> {
  const server = await startServer();
  const outside = join(server.folder, '..', 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret'), 'secret');
  mkdirSync(join(server.folder, 'c'));
  writeFileSync(join(server.folder, 'c', 'image'), 'image');
  symlinkSync(outside, join(server.folder, 'c', 'folder'));
  symlinkSync(join(outside, 'secret'), join(server.folder, 'c', 'file'));
  expect(spawnSync('mkfifo', [join(server.folder, 'c', 'pipe')]).status).toBe(0);
  return { ...server, outside };
}

function assertUntouched(outside: string): void {
  expect(readdirSync(outside)).toEqual(['secret']);
  expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret');
}

test('the folder of the images may be a link itself', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'linked-images-'));
  mkdirSync(join(parent, 'real'));
  symlinkSync(join(parent, 'real'), join(parent, 'images'));
  await using server = await startServer({ directory: join(parent, 'images') });
  const { status } = await server.asUser('PUT', secretName, { body: 'image' });
  expect(status).toBe(201);
  expect((await server.send('GET', secretName)).body.toString()).toBe('image');
  expect(readFileSync(join(parent, 'real', secretName), 'utf8')).toBe('image');
  rmSync(parent, { recursive: true });
});

test('a link and a pipe are not to be read, listed, copied, moved or removed', async () => {
  await using server = await withLinks();
  for (const name of ['folder', 'file', 'pipe', 'folder/secret']) {
    for (const method of ['GET', 'HEAD', 'PROPFIND', 'COPY', 'MOVE', 'DELETE']) {
      const headers = { depth: '0', destination: '/new' };
      expect((await server.asUser(method, `/c/${name}`, { headers })).status, method).toBe(404);
    }
  }
  const listing = await server.asUser('PROPFIND', '/c', { headers: { depth: '1' } });
  expect(listing.body.toString().match(/<D:href>[^<]*/g)).toEqual([
    '<D:href>/c/',
    '<D:href>/c/image',
  ]);
  assertUntouched(server.outside);
  expect(server.failures).toEqual([]);
});

test('nothing gets through a link to a folder', async () => {
  await using server = await withLinks();
  expect((await server.asUser('PUT', '/c/folder/new', { body: 'x' })).status).toBe(409);
  expect((await server.asUser('MKCOL', '/c/folder/new')).status).toBe(409);
  for (const method of ['COPY', 'MOVE']) {
    for (const from of ['/c/image', '/c']) {
      const headers = { destination: '/c/folder/new' };
      expect((await server.asUser(method, from, { headers })).status, method + from).toBe(409);
    }
  }
  expect((await server.asUser('GET', '/c/image')).status).toBe(200);
  assertUntouched(server.outside);
});

test('a link is replaced, and not what it leads to', async () => {
  for (const [method, from] of [
    ['PUT', ''],
    ['COPY', '/c/image'],
    ['MOVE', '/c/image'],
  ] as const) {
    await using server = await withLinks();
    const told =
      from === ''
        ? await server.asUser(method, '/c/file', { body: 'image' })
        : await server.asUser(method, from, { headers: { destination: '/c/file' } });
    expect(told.status, method).toBe(201);
    expect((await server.asUser('GET', '/c/file')).body.toString(), method).toBe('image');
    expect(lstatSync(join(server.folder, 'c', 'file')).isFile(), method).toBe(true);
    assertUntouched(server.outside);
  }
});

test('a collection that holds links is copied without them, and removed with them alone', async () => {
  await using server = await withLinks();
  const copied = await server.asUser('COPY', '/c', { headers: { destination: '/copy' } });
  expect(copied.status).toBe(201);
  expect(readdirSync(join(server.folder, 'copy'))).toEqual(['image']);
  expect((await server.asUser('DELETE', '/c')).status).toBe(204);
  expect(server.stored()).toEqual(['copy']);
  expect(server.staged()).toEqual([]);
  assertUntouched(server.outside);
});
