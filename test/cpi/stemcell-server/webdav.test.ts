// What WebDAV has besides HTTP: users list, arrange and remove images; nobody else does, and what is
// wrong with a request is said by its status and changes nothing.
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { XMLParser } from 'fast-xml-parser';
import { startServer, type TestServer, type Told } from './running-server.js';

interface Listed {
  readonly href: string;
  readonly propstat: Readonly<Record<string, unknown>>;
}

const xml = new XMLParser({ removeNSPrefix: true, isArray: (name) => name === 'response' });

function listed({ body }: Told): Listed[] {
  const { multistatus } = xml.parse(body.toString()) as { multistatus: { response: Listed[] } };
  return [...multistatus.response].sort((a, b) => (a.href < b.href ? -1 : 1));
}

async function hrefs(server: TestServer, path: string): Promise<string[]> {
  const told = await server.asUser('PROPFIND', path, { headers: { depth: '1' } });
  expect(told.status).toBe(207);
  return listed(told).map(({ href }) => href);
}

async function arranged(): Promise<TestServer> {
  const server = await startServer();
  for (const collection of ['/old', '/old/deep', '/empty']) {
    expect((await server.asUser('MKCOL', collection)).status).toBe(201);
  }
  for (const path of ['/a.qcow2', '/old/b.qcow2', '/old/deep/c.qcow2']) {
    await server.asUser('PUT', path, { body: path });
  }
  return server;
}

async function contentAt(server: TestServer, path: string): Promise<string | number> {
  const { status, body } = await server.asUser('GET', path);
  return status === 200 ? body.toString() : status;
}

test('a listing tells what a client shows', async () => {
  await using server = await arranged();
  const told = await server.asUser('PROPFIND', '/', { headers: { depth: '1' } });
  expect(told.headers['content-type']).toBe('application/xml; charset=utf-8');
  expect(listed(told).map(({ href }) => href)).toEqual(['/', '/a.qcow2', '/empty/', '/old/']);
  const { etag, 'last-modified': date } = (await server.asUser('HEAD', '/a.qcow2')).headers;
  expect(listed(told)[1]).toMatchObject({
    propstat: {
      status: 'HTTP/1.1 200 OK',
      prop: {
        getcontentlength: 8,
        getetag: etag,
        getlastmodified: date,
        displayname: 'a.qcow2',
        resourcetype: '',
        supportedlock: '',
      },
    },
  });
  expect(listed(told)[2]).toMatchObject({
    propstat: { prop: { resourcetype: { collection: '' } } },
  });
});

test('of one image, of some properties, and of ones that it cannot have', async () => {
  await using server = await arranged();
  const body =
    '<?xml version="1.0"?><a:propfind xmlns:a="DAV:"><a:prop><a:getcontentlength/>' +
    '<b:colour xmlns:b="urn:b"/></a:prop></a:propfind>';
  const told = await server.asUser('PROPFIND', '/a.qcow2', { headers: { depth: '0' }, body });
  expect(told.status).toBe(207);
  expect(listed(told)).toMatchObject([
    {
      href: '/a.qcow2',
      propstat: [
        { prop: { getcontentlength: 8 }, status: 'HTTP/1.1 200 OK' },
        { prop: { colour: '' }, status: 'HTTP/1.1 404 Not Found' },
      ],
    },
  ]);
});

test('names that are not of ASCII come back as they are written in URLs', async () => {
  await using server = await startServer();
  await server.asUser('PUT', '/stemcell%20%E2%82%AC.qcow2', { body: 'x' });
  expect(await hrefs(server, '/')).toEqual(['/', '/stemcell%20%E2%82%AC.qcow2']);
});

test('images and collections are copied, moved and removed', async () => {
  await using server = await arranged();
  const to = (destination: string, more = {}): object => ({ headers: { destination, ...more } });
  expect((await server.asUser('COPY', '/old', to('/new'))).status).toBe(201);
  expect(await contentAt(server, '/new/deep/c.qcow2')).toBe('/old/deep/c.qcow2');
  expect((await server.asUser('COPY', '/a.qcow2', to(`${server.url}/new/b.qcow2`))).status).toBe(
    204,
  );
  expect(await contentAt(server, '/new/b.qcow2')).toBe('/a.qcow2');
  await server.asUser('PUT', '/a.qcow2', { body: 'changed' });
  expect(await contentAt(server, '/new/b.qcow2'), 'a copy of its own').toBe('/a.qcow2');
  expect((await server.asUser('MOVE', '/new/b.qcow2', to('/moved.qcow2'))).status).toBe(201);
  expect(await contentAt(server, '/new/b.qcow2')).toBe(404);
  expect((await server.asUser('MOVE', '/new', to('/old', { overwrite: 'T' }))).status).toBe(204);
  expect(await hrefs(server, '/old')).toEqual(['/old/', '/old/deep/']);
  expect((await server.asUser('DELETE', '/old')).status).toBe(204);
  expect(await hrefs(server, '/')).toEqual(['/', '/a.qcow2', '/empty/', '/moved.qcow2']);
  expect((await server.asUser('COPY', '/', to('/all'))).status).toBe(403);
  expect(server.failures).toEqual([]);
});

test('a shallow copy of a collection is one without members', async () => {
  await using server = await arranged();
  const headers = { destination: '/new', depth: '0' };
  expect((await server.asUser('COPY', '/old', { headers })).status).toBe(201);
  expect(await hrefs(server, '/new')).toEqual(['/new/']);
});

for (const [what, method, path, headers, status] of [
  [
    'COPY onto something without leave',
    'COPY',
    '/a.qcow2',
    { destination: '/old/b.qcow2', overwrite: 'F' },
    412,
  ],
  ['COPY without a destination', 'COPY', '/a.qcow2', {}, 400],
  ['COPY onto itself', 'COPY', '/a.qcow2', { destination: '/a.qcow2' }, 403],
  ['COPY into no collection', 'COPY', '/a.qcow2', { destination: '/nowhere/a.qcow2' }, 409],
  ['COPY of nothing', 'COPY', '/none', { destination: '/new' }, 404],
  ['COPY to another server', 'COPY', '/a.qcow2', { destination: 'http://elsewhere/a.qcow2' }, 502],
  ['COPY out of the folder', 'COPY', '/a.qcow2', { destination: '/../a.qcow2' }, 403],
  ['COPY out of the folder, encoded', 'COPY', '/a.qcow2', { destination: '/%2e%2e/a.qcow2' }, 403],
  ['COPY to no encoding', 'COPY', '/a.qcow2', { destination: '/%zz' }, 400],
  ['COPY to a hidden name', 'COPY', '/a.qcow2', { destination: '/.staging/a' }, 403],
  ['COPY to a NUL', 'COPY', '/a.qcow2', { destination: '/a%00b' }, 403],
  ['COPY to a very long name', 'COPY', '/a.qcow2', { destination: `/${'a'.repeat(201)}` }, 403],
  ['COPY to the root', 'COPY', '/a.qcow2', { destination: '/' }, 403],
  [
    'COPY with an odd Overwrite',
    'COPY',
    '/a.qcow2',
    { destination: '/x', overwrite: 'maybe' },
    400,
  ],
  ['MOVE of the root', 'MOVE', '/', { destination: '/new' }, 403],
  ['MOVE into itself', 'MOVE', '/old', { destination: '/old/deep/old' }, 409],
  ['MOVE of nothing', 'MOVE', '/none', { destination: '/new' }, 404],
  ['DELETE of the root', 'DELETE', '/', {}, 403],
  ['DELETE of nothing', 'DELETE', '/none', {}, 404],
  ['DELETE under a lock that is none', 'DELETE', '/a.qcow2', { if: '(<urn:uuid:1>)' }, 412],
  ['MKCOL where something is', 'MKCOL', '/a.qcow2', {}, 405],
  ['MKCOL of the root', 'MKCOL', '/', {}, 405],
  ['MKCOL in no collection', 'MKCOL', '/nowhere/new', {}, 409],
  ['PROPFIND of nothing', 'PROPFIND', '/none', { depth: '0' }, 404],
  ['PROPFIND of everything', 'PROPFIND', '/', { depth: 'infinity' }, 403],
  ['PROPFIND without a depth', 'PROPFIND', '/', {}, 403],
  ['PROPFIND of an odd depth', 'PROPFIND', '/', { depth: '7' }, 400],
] as const) {
  test(`${what} is answered ${status} and changes nothing`, async () => {
    await using server = await arranged();
    const before = [await hrefs(server, '/'), await hrefs(server, '/old')];
    const refused = await server.asUser(method, path, { headers });
    expect(refused.status).toBe(status);
    expect(refused.body.toString(), 'it says why').toMatch(/^\w[^\n]{10,}\n$/);
    expect(server.access.at(-1)?.reason).toBe(refused.body.toString().trim());
    expect([await hrefs(server, '/'), await hrefs(server, '/old')]).toEqual(before);
    expect(await contentAt(server, '/a.qcow2')).toBe('/a.qcow2');
    expect(server.failures).toEqual([]);
  });
}

test('MKCOL with a body is none that is known', async () => {
  await using server = await startServer();
  expect((await server.asUser('MKCOL', '/new', { body: '<a/>' })).status).toBe(415);
  expect(await hrefs(server, '/')).toEqual(['/']);
});

test('without a user nothing is listed, arranged or removed', async () => {
  await using server = await arranged();
  for (const as of [undefined, 'stemcells:wrong', 'nobody:pass:word-é', 'stemcells']) {
    for (const method of ['PROPFIND', 'PUT', 'DELETE', 'MKCOL', 'COPY', 'MOVE']) {
      const headers = { destination: '/new', depth: '1' };
      const refused = await server.send(method, '/a.qcow2', { as, headers });
      expect(refused.status, `${method} ${String(as)}`).toBe(401);
      expect(refused.body.toString()).toMatch(
        as === undefined ? /^this needs user name and password/ : /^user name or password is wrong/,
      );
    }
  }
  expect(await hrefs(server, '/')).toEqual(['/', '/a.qcow2', '/empty/', '/old/']);
});

for (const [what, method, path, headers, reason] of [
  [
    'something is there',
    'MOVE',
    '/a.qcow2',
    { destination: '/old/b.qcow2', overwrite: 'F' },
    /^something is there.*Overwrite: F/,
  ],
  ['no collection', 'COPY', '/a.qcow2', { destination: '/no/a' }, /collection is not there.*MKCOL/],
  ['below an image', 'COPY', '/old', { destination: '/a.qcow2/b' }, /collection is not there/],
  ['in its way', 'MOVE', '/old/b.qcow2', { destination: '/old' }, /^it holds what is to take its/],
  ['in an image', 'MKCOL', '/a.qcow2/new', {}, /collection is not there/],
  ['it is there', 'MKCOL', '/old', {}, /^something is there/],
] as const) {
  test(`${method} where there is ${what}: the client and the log are told why`, async () => {
    await using server = await arranged();
    const refused = await server.asUser(method, path, { headers });
    expect(refused.status).toBeGreaterThanOrEqual(405);
    expect(refused.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(refused.body.toString()).toMatch(reason);
    expect(server.access.at(-1)?.reason).toBe(refused.body.toString().trim());
  });
}

test('OPTIONS says what there is, to everybody', async () => {
  await using server = await startServer();
  for (const path of ['/', '/ubuntu.qcow2', '*']) {
    const { status, headers } = await server.send('OPTIONS', path);
    expect({ status, dav: headers['dav'], allow: headers.allow }).toEqual({
      status: 200,
      dav: '1',
      allow: 'OPTIONS, GET, HEAD, PUT, PROPFIND, MKCOL, COPY, MOVE, DELETE',
    });
    const refused = await server.send('OPTIONS', path, { as: 'stemcells:wrong' });
    expect(refused.status, 'who tries credentials learns whether they are right').toBe(401);
  }
});

test('symbolic links are as if they were not there, and what they lead to stays', async () => {
  await using server = await startServer();
  const outside = join(server.folder, '..', 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret'), 'secret');
  symlinkSync(outside, join(server.folder, 'folder'));
  symlinkSync(join(outside, 'secret'), join(server.folder, 'file'));
  symlinkSync('/nowhere', join(server.folder, 'dangling'));
  expect(await hrefs(server, '/')).toEqual(['/']);
  for (const path of ['/folder', '/file', '/dangling', '/folder/secret']) {
    expect((await server.asUser('GET', path)).status, path).toBe(404);
    expect((await server.asUser('DELETE', path)).status, path).toBe(404);
    const asked = { headers: { depth: '1' } };
    expect((await server.asUser('PROPFIND', path, asked)).status, path).toBe(404);
    const copied = await server.asUser('COPY', path, { headers: { destination: '/new' } });
    expect(copied.status, path).toBe(404);
  }
  expect((await server.asUser('PUT', '/folder/new', { body: 'x' })).status).toBe(409);
  expect((await server.asUser('MKCOL', '/folder')).status).toBe(405);
  await server.asUser('PUT', '/file', { body: 'mine' });
  expect(await contentAt(server, '/file'), 'the link is replaced, not what it leads to').toBe(
    'mine',
  );
  expect(await hrefs(server, '/')).toEqual(['/', '/file']);
  expect(existsSync(join(outside, 'new'))).toBe(false);
  expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret');
});
