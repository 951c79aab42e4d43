// Whatever clients send: the answer fits, nothing half-written is seen, nobody gets in, and the
// server lives.
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { assertProperty } from '../../support/property.js';
import { basic, secretName, startServer, user, type TestServer } from './running-server.js';

async function lives(server: TestServer): Promise<void> {
  expect((await server.send('GET', '/health')).status).toBe(200);
  expect(server.failures).toEqual([]);
}

/** A file beside the folder of the images. */
function withNeighbour(server: TestServer): void {
  writeFileSync(join(server.folder, '..', 'secret'), 'secret');
}

for (const path of [
  '/../secret',
  '/x/../../secret',
  '/%2e%2e/secret',
  '/..%2fsecret',
  '/%2e%2e%2fsecret',
  '/..%5csecret',
  '/..\\secret',
  '/.%2e/secret',
  '//../secret',
  '/./secret',
  '/.staging/x',
  '/%2estaging/x',
  '/a%00b',
  '/a%0ab',
  '/a%2fb',
  '/a%5cb',
  '/a%1bb',
  '/a%e2%80%8bb',
  '/a//b',
  '/a%25b',
  '/a%3fb',
  '/a%23b',
  `/${'a'.repeat(201)}`,
  `/${'%C3%A9'.repeat(101)}`,
  `/${'a/'.repeat(8)}a`,
  `/${'a'.repeat(8_000)}`,
]) {
  test(`nothing is at ${path.slice(0, 40)} (${path.length}), nor can it be`, async () => {
    await using server = await startServer();
    withNeighbour(server);
    mkdirSync(join(server.folder, 'x'));
    for (const method of ['GET', 'HEAD', 'DELETE', 'PROPFIND']) {
      const headers = { depth: '0' };
      expect((await server.asUser(method, path, { headers })).status, method).toBe(404);
    }
    for (const method of ['PUT', 'MKCOL']) {
      expect((await server.asUser(method, path)).status, method).toBe(403);
    }
    expect(server.stored()).toEqual(['x']);
    expect(server.staged()).toEqual([]);
    expect(readdirSync(join(server.folder, '..')).sort()).toEqual(['images', 'secret']);
    await lives(server);
  });
}

for (const path of ['/%ff', '/%zz', '/%', '/%c3%28', '*']) {
  test(`${path} is no path`, async () => {
    await using server = await startServer();
    for (const method of ['GET', 'PUT', 'DELETE', 'PROPFIND']) {
      expect((await server.asUser(method, path)).status, method).toBe(400);
      expect((await server.send(method, path)).status, `${method}, nobody`).toBe(401);
    }
    await lives(server);
  });
}

test('a whole URL as the target is its path', async () => {
  await using server = await startServer();
  await server.asUser('PUT', `http://elsewhere${secretName}`, { body: 'x' });
  expect((await server.send('GET', secretName)).body.toString()).toBe('x');
  expect((await server.asUser('GET', 'http://elsewhere/../secret')).status).toBe(404);
  for (const target of ['http://elsewhere', 'http://elsewhere/', 'http://elsewhere?x']) {
    const told = await server.asUser('PROPFIND', target, { headers: { depth: '0' } });
    expect(told.body.toString(), target).toContain('<D:href>/</D:href>');
  }
});

const encoded = Buffer.from(user).toString('base64');
for (const authorization of [
  `Bearer ${encoded}`,
  'Digest username="stemcells"',
  `Basic ${encoded} ${encoded}`,
  'Basic ====',
  'Basic',
  '',
  `Basic ${Buffer.from('stemcells').toString('base64')}`,
  `Basic ${Buffer.from('stemcells:').toString('base64')}`,
  `Basic ${Buffer.from(':pass:word-é').toString('base64')}`,
  `Basic ${Buffer.from(`${user}\0`).toString('base64')}`,
  `Basic ${Buffer.from(user, 'latin1').toString('base64')}`,
  `Basic ${'A'.repeat(4_000)}`,
]) {
  test(`with ${JSON.stringify(authorization.slice(0, 80))} nobody gets in`, async () => {
    await using server = await startServer();
    const headers = { authorization, depth: '1' };
    for (const method of ['PUT', 'PROPFIND', 'DELETE', 'GET']) {
      const told = await server.send(method, '/image.qcow2', { headers });
      expect(told.status, method).toBe(401);
    }
    expect(server.stored()).toEqual([]);
    expect(server.staged()).toEqual([]);
  });
}

test('the scheme of credentials is written as one likes', async () => {
  await using server = await startServer();
  const headers = { authorization: `basic  ${encoded}`, depth: '0' };
  expect((await server.send('PROPFIND', '/', { headers })).status).toBe(207);
});

for (const method of ['POST', 'PATCH', 'PROPPATCH', 'LOCK', 'UNLOCK', 'TRACE', 'REPORT', 'ACL']) {
  test(`${method} is not offered, to nobody`, async () => {
    await using server = await startServer();
    await server.asUser('PUT', secretName, { body: 'old' });
    const body = '<propertyupdate xmlns="DAV:"><set><prop><a/><b/></prop></set></propertyupdate>';
    for (const as of [undefined, user]) {
      for (const path of ['/', secretName, '/none', '/%zz']) {
        const told = await server.send(method, path, { as, body: method === 'TRACE' ? '' : body });
        expect(told.status, `${String(as)} ${path}`).toBe(405);
        expect(told.headers.allow).toContain('PROPFIND');
      }
    }
    expect((await server.send('GET', secretName)).body.toString()).toBe('old');
    await lives(server);
  });
}

const bomb =
  '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">' +
  '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><propfind xmlns="DAV:"><prop>&c;</prop></propfind>';
const outside =
  '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' +
  '<propfind xmlns="DAV:"><prop><x>&f;</x></prop></propfind>';
const deep = (levels: number): string =>
  `<propfind xmlns="DAV:"><prop>${'<a>'.repeat(levels)}${'</a>'.repeat(levels)}</prop></propfind>`;

for (const [what, body] of [
  ['a bomb of entities', bomb],
  ['an entity from a file', outside],
  ['an unknown entity', '<propfind xmlns="DAV:"><prop>&nbsp;</prop></propfind>'],
  ['an instruction', '<?php x?><propfind xmlns="DAV:"><allprop/></propfind>'],
  ['10,000 levels', deep(9_000)],
  ['nine levels', deep(7)],
  ['no XML', 'depth: 1'],
  ['cut-off XML', '<propfind xmlns="DAV:"><prop>'],
  ['two roots', '<propfind xmlns="DAV:"/><propfind xmlns="DAV:"/>'],
  ['another document', '<lockinfo xmlns="DAV:"/>'],
  ['another namespace', '<propfind xmlns="urn:x"><allprop/></propfind>'],
  ['a prefix that is bound to nothing', '<D:propfind xmlns:D="DAV:"><x:a/></D:propfind>'],
  ['a prefix that is unbound', '<D:propfind xmlns:D="DAV:"><a xmlns:x=""/></D:propfind>'],
  ['bytes that are no UTF-8', Buffer.from([0x3c, 0xff, 0x3e])],
  ['NULs', '\0\0\0'],
] as const) {
  test(`a PROPFIND of ${what} is refused`, async () => {
    await using server = await startServer();
    const told = await server.asUser('PROPFIND', '/', { headers: { depth: '1' }, body });
    expect(told.status).toBe(400);
    await lives(server);
  });
}

for (const [what, body] of [
  ['white space', ' \n'],
  ['all properties', '<propfind xmlns="DAV:"><allprop/></propfind>'],
  ['the names of properties', '<D:propfind xmlns:D="DAV:"><D:propname/></D:propfind>'],
  ['no question', '<propfind xmlns="DAV:"/>'],
  ['an empty question', '<propfind xmlns="DAV:"><prop/></propfind>'],
  ['a question twice', '<propfind xmlns="DAV:"><prop><getetag/><getetag/></prop></propfind>'],
  ['names of JavaScript', '<propfind xmlns="DAV:"><prop><__proto__/><toString/></prop></propfind>'],
] as const) {
  test(`a PROPFIND of ${what} is answered`, async () => {
    await using server = await startServer();
    await server.asUser('PUT', secretName, { body: 'x' });
    const told = await server.asUser('PROPFIND', '/', { headers: { depth: '1' }, body });
    expect(told.status).toBe(207);
    expect(told.body.toString()).toContain(secretName);
    await lives(server);
  });
}

test('PROPFINDs that are made up are answered 207 or 400, and the server lives', async () => {
  await using server = await startServer();
  await server.asUser('PUT', secretName, { body: 'x' });
  const name = fc.constantFrom('getetag', 'D:getetag', 'x:y', 'constructor', 'prop', 'a', 'é', '1');
  const text = fc.string({ maxLength: 4 });
  const { element } = fc.letrec<{ element: string; leaf: string; node: string }>((tie) => ({
    element: fc.oneof({ maxDepth: 7 }, tie('leaf'), tie('node')),
    leaf: name.map((tag) => `<${tag}/>`),
    node: fc
      .tuple(name, fc.array(tie('element'), { maxLength: 2 }), text)
      .map(([tag, children, inner]) => `<${tag} a="${inner}">${children.join(inner)}</${tag}>`),
  }));
  const question = fc.array(element, { maxLength: 4 }).map((parts) => {
    const asked = `<D:prop>${parts.join('')}</D:prop>`;
    return `<D:propfind xmlns:D="DAV:" xmlns:x="urn:x">${asked}</D:propfind>`;
  });
  const depth = fc.constantFrom('0', '1');
  const statuses = new Set<number>();
  await assertProperty(
    fc.asyncProperty(fc.oneof(fc.string(), question), depth, async (body, levels) => {
      const told = await server.asUser('PROPFIND', '/', { headers: { depth: levels }, body });
      statuses.add(told.status);
      return [207, 400].includes(told.status);
    }),
    150,
  );
  expect([...statuses].sort(), 'both were tried').toEqual([207, 400]);
  await lives(server);
});

const manyNames = Array.from({ length: 8_000 }, (_, index) => `<a${index.toString(36)}/>`).join('');
const longName = `<${'a'.repeat(9_000)}/>`;
const longNamespace = `<x:a xmlns:x="${'n'.repeat(4_000)}"/><x:b xmlns:x="${'n'.repeat(4_200)}"/>`;
for (const [what, asked] of [
  ['thousands of properties', manyNames],
  ['a very long property', longName],
  ['properties of very long namespaces', longNamespace],
] as const) {
  test(`a PROPFIND of ${what}, to be repeated for each image, is refused`, async () => {
    await using server = await startServer();
    await server.asUser('PUT', secretName, { body: 'x' });
    const body = `<propfind xmlns="DAV:"><prop>${asked}</prop></propfind>`;
    const told = await server.asUser('PROPFIND', '/', { headers: { depth: '1' }, body });
    expect(told.status).toBe(413);
    expect(told.body.toString()).toBe('the names of the properties are longer than 8 KiB\n');
    await lives(server);
  });
}

test('a property that is asked for a thousand times is answered once', async () => {
  await using server = await startServer();
  const body = `<propfind xmlns="DAV:"><prop>${'<a/>'.repeat(1_000)}</prop></propfind>`;
  const told = await server.asUser('PROPFIND', '/', { headers: { depth: '0' }, body });
  expect(told.status).toBe(207);
  expect(told.body.toString().match(/<N:a /g)).toHaveLength(1);
});

for (const length of [70_000, 2 ** 53]) {
  test(`a PROPFIND of ${length} bytes is refused before they come`, async () => {
    await using server = await startServer();
    const socket = await server.connect();
    socket.write(
      `PROPFIND / HTTP/1.1\r\nHost: x\r\nDepth: 1\r\nAuthorization: ${basic(user)}\r\n` +
        `Content-Length: ${length}\r\n\r\n<`,
    );
    const [told] = (await once(socket, 'data')) as [Buffer];
    expect(told.toString()).toContain('413');
    socket.destroy();
    await lives(server);
  });
}

for (const head of [
  'PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
  'PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
  'PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
  'GET / HTTP/1.1\r\n\r\n',
  'GET /a b HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET nonsense HTTP/1.1\r\nHost: x\r\n\r\n',
  `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  '\x16\x03\x01\x02\x00\x01\x00\x01',
]) {
  test(`${JSON.stringify(head.slice(0, 70))} is no request`, async () => {
    await using server = await startServer();
    const socket = await server.connect();
    socket.write(head);
    const [told] = (await once(socket, 'data')) as [Buffer];
    expect(told.toString()).toMatch(/^HTTP\/1.1 4\d\d/);
    socket.destroy();
    await lives(server);
  });
}

test('chunks that break their own rules leave nothing', async () => {
  await using server = await startServer();
  const socket = await server.connect();
  socket.write(
    `PUT ${secretName} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(user)}\r\n` +
      'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n',
  );
  socket.resume();
  await once(socket, 'close');
  await expect.poll(() => server.staged()).toEqual([]);
  expect((await server.send('GET', secretName)).status).toBe(404);
  await lives(server);
});

test('100 MB of somebody who is not known are not waited for', async () => {
  await using server = await startServer();
  const socket = await server.connect();
  socket.write(`PUT ${secretName} HTTP/1.1\r\nHost: x\r\nContent-Length: 104857600\r\n\r\nabc`);
  const [told] = (await once(socket, 'data')) as [Buffer];
  expect(told.toString()).toMatch(/^HTTP\/1\.1 401 [^]*Connection: close/);
  if (!socket.destroyed) await once(socket, 'close');
  expect(server.staged()).toEqual([]);
  await lives(server);
});

for (const [method, status] of [
  ['PUT', 401],
  ['PROPFIND', 401],
  ['DELETE', 401],
  ['GET', 401],
  ['PROPPATCH', 405],
] as const) {
  test(`who sends megabytes with ${method} before it reads is told ${status} all the same`, async () => {
    await using server = await startServer();
    const socket = await server.connect();
    const body = Buffer.alloc(8 * 2 ** 20);
    const head = `${method} /x HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`;
    const failure = await new Promise((resolve) => {
      socket.write(head);
      socket.write(body, resolve);
    });
    expect(failure ?? undefined, 'all of it is taken').toBeUndefined();
    const [told] = (await once(socket, 'data')) as [Buffer];
    expect(told.toString()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*Connection: close`));
    if (!socket.destroyed) await once(socket.resume(), 'close');
    await lives(server);
  });
}

test('of a body of somebody who is not known no more is read than that', async () => {
  await using server = await startServer();
  const socket = await server.connect();
  socket.write(`PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: ${2 ** 40}\r\n\r\n`);
  let sent = 0;
  for (const piece = Buffer.alloc(2 ** 20); !socket.destroyed; sent += piece.length) {
    await new Promise((resolve) => socket.write(piece, resolve));
  }
  expect(sent).toBeLessThan(64 * 2 ** 20);
  await lives(server);
});
