// A listing of however many images is sent while they are read: nothing is held that grows with their
// number, others are served meanwhile, and what goes in the meantime is not in it.
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { DavRequest } from '../../../cpi/stemcell-server/dav-request.js';
import { listing } from '../../../cpi/stemcell-server/listing.js';
import { basic, startServer, user, type TestServer } from './running-server.js';

const many = 1_000;

function fill(server: TestServer): void {
  mkdirSync(join(server.folder, 'c'));
  for (let number = 0; number < many; number += 1) {
    writeFileSync(join(server.folder, 'c', `image-${number}.qcow2`), '');
  }
}

function hrefs(xml: string): string[] {
  return [...xml.matchAll(/<D:href>([^<]*)/g)].map(([, href = '']) => href);
}

test('a thousand images are listed, each once', async () => {
  await using server = await startServer();
  fill(server);
  const told = await server.asUser('PROPFIND', '/c', { headers: { depth: '1' } });
  expect(told.status).toBe(207);
  const listed = hrefs(told.body.toString());
  expect(listed[0]).toBe('/c/');
  expect(new Set(listed).size).toBe(many + 1);
  expect(listed).toHaveLength(many + 1);
});

test('a listing that nobody takes waits, ends with its connection, and others are served', async () => {
  await using server = await startServer({ idleTimeoutMs: 300 });
  fill(server);
  const socket = await server.connect();
  socket.write(
    `PROPFIND /c HTTP/1.1\r\nHost: x\r\nDepth: 1\r\nAuthorization: ${basic(user)}\r\n\r\n`,
  );
  await once(socket, 'data');
  socket.pause();
  expect((await server.send('GET', '/health')).status).toBe(200);
  socket.destroy();
  await expect
    .poll(() => server.access.find(({ method }) => method === 'PROPFIND'))
    .toMatchObject({ status: 207, aborted: true });
  expect(server.failures).toEqual([]);
});

test('of a collection without end it sends what it has, one after the other', async () => {
  let looked = 0;
  let number = 0;
  const folder = {
    find: () =>
      Promise.resolve({
        kind: 'collection',
        bytes: 0,
        modifiedMs: 0,
        createdMs: 0,
        etag: '',
      } as const),
    async *names(): AsyncGenerator<string> {
      for (;;) yield await Promise.resolve(`image-${(number += 1)}`);
    },
  };
  const xml = (path: readonly string[]): string =>
    `<D:multistatus xmlns:D="DAV:"><D:response>${path.join('/')}</D:response></D:multistatus>`;
  const engine = ({
    path,
  }: DavRequest): Promise<{ status: number; body: string; refusal: undefined }> => {
    looked += 1;
    return Promise.resolve({ status: 207, body: xml(path), refusal: undefined });
  };
  const asked = { method: 'PROPFIND', path: ['c'], depth: '1', question: { kind: 'all' } } as const;
  const told: string[] = [];
  for await (const piece of listing({ folder, engine }, asked, xml(['c']))) {
    told.push(Buffer.from(piece).toString());
    if (told.length === 4) break;
  }
  expect(told.map((piece) => piece.replace(/^<\?.*<D:multistatus [^>]*>/, ''))).toEqual(
    ['c', 'c/image-1', 'c/image-2', 'c/image-3'].map((path) => `<D:response>${path}</D:response>`),
  );
  expect({ looked, number }).toEqual({ looked: 3, number: 3 });
});

test('what has gone before it is looked at is not in the listing, which is whole', async () => {
  await using server = await startServer();
  fill(server);
  const socket = await server.connect();
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.write(
    `PROPFIND /c HTTP/1.1\r\nHost: x\r\nDepth: 1\r\nConnection: close\r\n` +
      `Authorization: ${basic(user)}\r\n\r\n`,
  );
  await once(socket, 'data');
  rmSync(join(server.folder, 'c'), { recursive: true });
  if (!socket.destroyed) await once(socket, 'close');
  expect(text).toContain('</D:multistatus>');
  expect(hrefs(text).length).toBeLessThan(many);
  expect(server.failures).toEqual([]);
});
