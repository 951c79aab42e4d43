// What is copied or moved onto something takes its place whole: an image without a moment in which
// there is none, a collection with all that it holds; nothing that stays, or is asked for, is lost,
// and names are on disk before the answer.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { ImageFolder } from '../../../cpi/stemcell-server/image-folder.js';
import { startServer, type TestServer } from './running-server.js';

async function arranged(): Promise<TestServer> {
  const server = await startServer();
  for (const collection of ['/old', '/old/deep', '/new']) {
    expect((await server.asUser('MKCOL', collection)).status).toBe(201);
  }
  for (const path of ['/a.qcow2', '/old/b.qcow2', '/old/deep/c.qcow2', '/new/d.qcow2']) {
    await server.asUser('PUT', path, { body: path });
  }
  return server;
}

async function contentAt(server: TestServer, path: string): Promise<string | number> {
  const { status, body } = await server.asUser('GET', path);
  return status === 200 ? body.toString() : status;
}

async function arrange(
  server: TestServer,
  method: string,
  from: string,
  destination: string,
  more = {},
): Promise<number> {
  return (await server.asUser(method, from, { headers: { destination, ...more } })).status;
}

for (const method of ['COPY', 'MOVE']) {
  test(`${method} onto a collection that holds the source is refused, and nothing is lost`, async () => {
    await using server = await arranged();
    for (const from of ['/old/deep/c.qcow2', '/old/deep']) {
      expect(await arrange(server, method, from, '/old'), from).toBe(409);
      expect(await arrange(server, method, from, '/old', { overwrite: 'F' }), from).toBe(412);
    }
    expect(await arrange(server, method, '/old/deep/c.qcow2', '/old/deep')).toBe(409);
    expect(await contentAt(server, '/old/b.qcow2')).toBe('/old/b.qcow2');
    expect(await contentAt(server, '/old/deep/c.qcow2')).toBe('/old/deep/c.qcow2');
    expect(server.failures).toEqual([]);
  });

  test(`${method} of an image onto another: there is one of both at every moment`, async () => {
    await using server = await arranged();
    const done = new AbortController();
    const change = arrange(server, method, '/a.qcow2', '/old/b.qcow2').finally(() => {
      done.abort();
    });
    const seen = new Set<string>();
    while (!done.signal.aborted) {
      seen.add(readFileSync(join(server.folder, 'old/b.qcow2'), 'utf8'));
      await setImmediate();
    }
    expect(await change).toBe(204);
    for (const content of seen) expect(['/a.qcow2', '/old/b.qcow2']).toContain(content);
    expect(await contentAt(server, '/old/b.qcow2')).toBe('/a.qcow2');
    expect(await contentAt(server, '/a.qcow2')).toBe(method === 'MOVE' ? 404 : '/a.qcow2');
    expect(server.staged()).toEqual([]);
  });

  test(`${method} onto what is of another kind, or a collection, takes its place whole`, async () => {
    await using server = await arranged();
    expect(await arrange(server, method, '/old', '/new')).toBe(204);
    expect(await contentAt(server, '/new/deep/c.qcow2')).toBe('/old/deep/c.qcow2');
    expect(await contentAt(server, '/new/d.qcow2'), 'what was there').toBe(404);
    expect(await arrange(server, method, '/new', '/a.qcow2')).toBe(204);
    expect(await contentAt(server, '/a.qcow2/b.qcow2')).toBe('/old/b.qcow2');
    expect(await arrange(server, method, '/a.qcow2/b.qcow2', '/a.qcow2/deep')).toBe(204);
    expect(await contentAt(server, '/a.qcow2/deep')).toBe('/old/b.qcow2');
    expect(server.staged()).toEqual([]);
    expect(server.failures).toEqual([]);
  });
}

test('a copy that is moved onto its original leaves one of both', async () => {
  await using server = await arranged();
  expect(await arrange(server, 'COPY', '/a.qcow2', '/copy.qcow2')).toBe(201);
  expect(await arrange(server, 'COPY', '/a.qcow2', '/copy.qcow2')).toBe(204);
  expect(await arrange(server, 'MOVE', '/a.qcow2', '/copy.qcow2')).toBe(204);
  expect(await contentAt(server, '/a.qcow2')).toBe(404);
  expect(await contentAt(server, '/copy.qcow2')).toBe('/a.qcow2');
});

test('many changes at once at one name leave one whole image and nothing else', async () => {
  await using server = await arranged();
  const changes = Array.from({ length: 12 }, (_, index) => [
    server.asUser('PUT', '/new/d.qcow2', { body: `put ${index}` }),
    arrange(server, 'COPY', '/a.qcow2', '/new/d.qcow2'),
    server.asUser('DELETE', '/new/d.qcow2'),
  ]);
  await Promise.all(changes.flat());
  expect([404, '/a.qcow2', ...changes.map((_, index) => `put ${index}`)]).toContain(
    await contentAt(server, '/new/d.qcow2'),
  );
  expect(server.staged()).toEqual([]);
  expect(server.failures).toEqual([]);
});

test('the names that a change makes or takes are on disk when it is done', async () => {
  const above = mkdtempSync(join(tmpdir(), 'durable-'));
  const root = join(above, 'made', 'images');
  const synced = new Set<string>();
  const since = (): string[] => {
    const names = [...synced].sort();
    synced.clear();
    return names;
  };
  const folder = await ImageFolder.open(root, {
    newId: randomUUID,
    onFailure: (failure) => {
      throw failure;
    },
    files: {
      syncFolder: async (path) => {
        const name = relative(above, path);
        synced.add(/\.staging\/./.test(name) ? 'staged' : name);
        await Promise.resolve();
      },
    },
  });
  const made = ['', '..', 'made', 'made/images'];
  expect(since(), 'the folder, and what leads to it').toEqual(made);
  const content = async function* (): AsyncGenerator<Buffer> {
    yield await Promise.resolve(Buffer.from('x'));
  };
  const asked = { bytesMax: 10, isMet: () => true };
  await folder.makeCollection(['a']);
  expect(since()).toEqual(['made/images']);
  await folder.store(['a', 'x'], content(), asked);
  expect(since()).toEqual(['made/images/a']);
  await folder.move(['a', 'x'], ['x'], { mayOverwrite: false });
  expect(since()).toEqual(['made/images', 'made/images/a']);
  await folder.copy(['a'], ['b'], { mayOverwrite: false, isDeep: true });
  expect(since()).toEqual(['made/images', 'staged']);
  await folder.remove(['x']);
  await folder.remove(['b']);
  expect(since()).toEqual(['made/images']);
  rmSync(above, { recursive: true });
});

test('a collection is neither moved nor copied into itself', async () => {
  await using server = await startServer();
  await server.asUser('MKCOL', '/a');
  await server.asUser('PUT', '/a/image', { body: 'one' });
  for (const method of ['MOVE', 'COPY']) {
    for (const destination of ['/a/b', '/a/image']) {
      const { status } = await server.asUser(method, '/a', { headers: { destination } });
      expect(status, method + destination).toBe(409);
    }
  }
  expect((await server.asUser('GET', '/a/image')).body.toString()).toBe('one');
});
