// An image that is put is seen when it is whole, as long and of the digest that its sender says, and
// then all at once; whatever breaks off, is wrong or finds no room leaves what was there.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { basic, secretName, startServer, user, type TestServer } from './running-server.js';

const sha256 = (content: string): string => createHash('sha256').update(content).digest('base64');

async function contentAt(server: TestServer, path = secretName): Promise<string | number> {
  const { status, body } = await server.asUser('GET', path);
  return status === 200 ? body.toString() : status;
}

test('an image is put, replaced and removed, and each answer says what became of it', async () => {
  await using server = await startServer({ publicUrl: 'https://stemcells.example.com' });
  const first = await server.asUser('PUT', secretName, { body: 'one' });
  expect(first).toMatchObject({
    status: 201,
    headers: {
      location: `https://stemcells.example.com${secretName}`,
      'repr-digest': `sha-256=:${sha256('one')}:`,
    },
  });
  expect((await server.asUser('PUT', secretName, { body: 'two' })).status).toBe(204);
  expect(await contentAt(server)).toBe('two');
  expect((await server.asUser('DELETE', secretName)).status).toBe(204);
  expect((await server.asUser('DELETE', secretName)).status).toBe(404);
  expect(await contentAt(server)).toBe(404);
  expect(server.staged()).toEqual([]);
});

test('chunks without a length are taken', async () => {
  await using server = await startServer();
  const body = chunks('abc', 'def');
  expect((await server.asUser('PUT', secretName, { body })).status).toBe(201);
  expect(await contentAt(server)).toBe('abcdef');
});

test('what is packed on its way is refused: it would be taken in as it comes', async () => {
  await using server = await startServer();
  const headers = { 'transfer-encoding': 'gzip, chunked' };
  const told = await server.asUser('PUT', secretName, { body: chunks('abc'), headers });
  expect(told.status).toBe(501);
  expect(server.stored()).toEqual([]);
});

async function* chunks(...texts: readonly string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

for (const [name, value] of [
  ['repr-digest', `sha-256=:${sha256('right')}:`],
  ['content-digest', `sha-512=:AAAA:, sha-256=:${sha256('right')}:`],
  ['digest', `SHA-256=${sha256('right')}`],
] as const) {
  test(`a ${name} that is right is taken; a wrong or malformed one leaves what was there`, async () => {
    await using server = await startServer();
    const put = (body: string, digest: string = value): Promise<number> =>
      server
        .asUser('PUT', secretName, { body, headers: { [name]: digest } })
        .then(({ status }) => status);
    expect(await put('right')).toBe(201);
    expect(await put('wrong')).toBe(400);
    expect(await put('right', 'sha-256=nonsense')).toBe(400);
    expect(await contentAt(server)).toBe('right');
    expect(server.staged()).toEqual([]);
  });
}

test('digests that contradict each other are refused, those of other algorithms passed over', async () => {
  await using server = await startServer();
  const put = (headers: Record<string, string>): Promise<number> =>
    server.asUser('PUT', secretName, { body: 'a', headers }).then(({ status }) => status);
  expect(
    await put({
      digest: `sha-256=${sha256('a')}`,
      'repr-digest': `sha-256=:${sha256('b')}:`,
    }),
  ).toBe(400);
  expect(await put({ digest: 'md5=nonsense' })).toBe(201);
});

test('conditions: nothing is replaced that is there, or that is another one', async () => {
  await using server = await startServer();
  const put = (headers: Record<string, string>): Promise<number> =>
    server.asUser('PUT', secretName, { body: 'new', headers }).then(({ status }) => status);
  expect(await put({ 'if-match': '*' }), 'there is none').toBe(412);
  expect(await put({ 'if-none-match': '*' })).toBe(201);
  await server.asUser('PUT', secretName, { body: 'old' });
  const { etag = '' } = (await server.send('HEAD', secretName)).headers;
  expect(await put({ 'if-none-match': '*' })).toBe(412);
  expect(await put({ 'if-none-match': etag })).toBe(412);
  expect(await put({ 'if-match': '"other"' })).toBe(412);
  expect(await contentAt(server)).toBe('old');
  expect(await put({ 'if-match': etag })).toBe(204);
});

/** Two put `aa` and `bb`, each under way before the other is done; answers the statuses. */
async function putAtOnce(server: TestServer, headers: Record<string, string>): Promise<number[]> {
  const begun = new Set<string>();
  let begunBoth = (): void => undefined;
  const bothBegun = new Promise<void>((resolve) => (begunBoth = resolve));
  async function* content(who: string): AsyncGenerator<Buffer> {
    yield Buffer.from(who);
    begun.add(who);
    if (begun.size === 2) begunBoth();
    await bothBegun;
    yield Buffer.from(who);
  }
  const told = await Promise.all(
    ['a', 'b'].map((who) => server.asUser('PUT', secretName, { body: content(who), headers })),
  );
  return told.map(({ status }) => status).sort();
}

test('of two who put the same new image at once one is told that it is there', async () => {
  await using server = await startServer();
  expect(await putAtOnce(server, { 'if-none-match': '*' })).toEqual([201, 412]);
  expect(['aa', 'bb']).toContain(await contentAt(server));
  expect(server.staged()).toEqual([]);
});

test('of two who replace the same image at once one is told that it is another by now', async () => {
  await using server = await startServer();
  await server.asUser('PUT', secretName, { body: 'old' });
  const { etag = '' } = (await server.send('HEAD', secretName)).headers;
  expect(await putAtOnce(server, { 'if-match': etag })).toEqual([204, 412]);
  expect(['aa', 'bb']).toContain(await contentAt(server));
  expect(server.staged()).toEqual([]);
});

for (const [what, path, headers, status, reason] of [
  ['another digest', secretName, { digest: `sha-256=${sha256('b')}` }, 400, /not have the SHA-256/],
  [
    'a malformed digest',
    secretName,
    { digest: 'sha-256=x' },
    400,
    /SHA-256 that was sent .* is none/,
  ],
  ['an impossible name', '/.hidden', {}, 403, /names have up to 200 bytes, begin with no dot/],
  ['a name in no collection', '/nowhere/x.qcow2', {}, 409, /collection is not there.*MKCOL/],
  [
    'what is there already',
    '/there',
    { 'if-none-match': '*' },
    412,
    /does not fit If-Match, If-None/,
  ],
] as const) {
  test(`${what}: the refusal is a sentence, for the client and in the log`, async () => {
    await using server = await startServer();
    await server.asUser('PUT', '/there', { body: 'old' });
    const told = await server.asUser('PUT', path, { body: 'a', headers });
    expect(told.status).toBe(status);
    expect(told.body.toString()).toMatch(reason);
    expect(server.access.at(-1)?.reason).toBe(told.body.toString().trim());
  });
}

for (const [what, path, headers, status] of [
  ['a part', secretName, { 'content-range': 'bytes 0-2/10' }, 400],
  ['a packed body', secretName, { 'content-encoding': 'gzip' }, 415],
  ['a name in no collection', '/nowhere/image.qcow2', {}, 409],
  ['a name below an image', `${secretName}/image.qcow2`, {}, 409],
  ['the root', '/', {}, 405],
] as const) {
  test(`${what} cannot be put`, async () => {
    await using server = await startServer();
    await server.asUser('PUT', secretName, { body: 'old' });
    expect((await server.asUser('PUT', path, { body: 'new', headers })).status).toBe(status);
    expect(await contentAt(server)).toBe('old');
    expect(server.staged()).toEqual([]);
  });
}

test('an image that is too large is refused, with a length at once and without one on the way', async () => {
  await using server = await startServer({ imageBytesMax: 10 });
  expect((await server.asUser('PUT', secretName, { body: '0123456789' })).status).toBe(201);
  expect((await server.asUser('PUT', secretName, { body: '0123456789a' })).status).toBe(413);
  const body = chunks('01234567', '89abcdef');
  expect((await server.asUser('PUT', secretName, { body })).status).toBe(413);
  expect(await contentAt(server)).toBe('0123456789');
  expect(server.staged()).toEqual([]);
});

test('a full disk is told as such, after 100 MB that it took no byte of', async () => {
  await using server = await startServer({ files: { openNew: () => open('/dev/full', 'w') } });
  const body = Buffer.alloc(100 * 2 ** 20);
  const put = await server.asUser('PUT', secretName, { body });
  expect(put.status).toBe(507);
  expect((await server.send('GET', secretName)).status).toBe(404);
  expect(put.body.toString()).toBe('the disk of the server has no room for it\n');
  expect(server.failures).toEqual([]);
  expect((await server.send('GET', '/health')).status, 'it lives, and tells').toBe(503);
});

test('what there is no room for is refused before it comes', async () => {
  await using server = await startServer({ imageBytesMax: 2 ** 60 });
  const socket = await server.connect();
  socket.write(
    `PUT ${secretName} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(user)}\r\n` +
      `Content-Length: ${2 ** 59}\r\n\r\n`,
  );
  const [told] = (await once(socket, 'data')) as [Buffer];
  expect(told.toString()).toContain('507');
  socket.destroy();
});

test('who asks whether to send is told to go on, or what is wrong', async () => {
  await using server = await startServer();
  const asking = async (as: string): Promise<[string, boolean]> => {
    const socket = await server.connect();
    socket.write(
      `PUT ${secretName} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(as)}\r\n` +
        'Content-Length: 3\r\nExpect: 100-continue\r\n\r\n',
    );
    const [told] = (await once(socket, 'data')) as [Buffer];
    if (!told.toString().includes(' 100 ')) {
      if (!socket.destroyed) await once(socket, 'close');
      return [told.toString().slice(9, 12), true];
    }
    socket.write('abc');
    const [after] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return [after.toString().slice(9, 12), false];
  };
  expect(await asking(user)).toEqual(['201', false]);
  expect(await asking('stemcells:wrong')).toEqual(['401', true]);
  expect(await contentAt(server)).toBe('abc');
});

const breaksOff = { status: 400, reason: 'the request breaks off' };
for (const [how, ...logged] of [
  ['ends', breaksOff],
  // The kernel tells of a reset once, and of an end from then on.
  ['is reset', { status: 499, aborted: true }, breaksOff],
] as const) {
  test(`an upload whose connection ${how} changes nothing and leaves nothing`, async () => {
    await using server = await startServer();
    await server.asUser('PUT', secretName, { body: 'old' });
    const socket = await server.connect();
    let told = '';
    socket.on('data', (chunk: Buffer) => (told += chunk.toString()));
    const isLogged = nextLine(server);
    socket.write(
      `PUT ${secretName} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(user)}\r\n` +
        'Content-Length: 2000000\r\n\r\n',
    );
    socket.write(Buffer.alloc(1_000_000, 'new'), () => {
      if (how === 'ends') socket.end();
      else socket.resetAndDestroy();
    });
    await once(socket, 'close');
    await isLogged;
    await expect.poll(() => server.staged()).toEqual([]);
    expect(await contentAt(server)).toBe('old');
    expect(told).toMatch(how === 'ends' ? /^HTTP\/1\.1 400 [^]*the request breaks off\n$/ : /^$/);
    const { durationMs, ...line } = server.access[1]!;
    expect(durationMs).toEqual(expect.any(Number));
    const expected = logged.map((outcome) => ({
      ...{ method: 'PUT', path: secretName, from: '127.0.0.1' },
      ...outcome,
    }));
    expect(expected).toContainEqual(line);
    expect(server.failures).toEqual([]);
  });
}

/** Resolves when the next request has ended. */
function nextLine({ access }: TestServer): Promise<void> {
  const push = access.push.bind(access);
  return new Promise((resolve) => {
    access.push = (...lines) => {
      resolve();
      return push(...lines);
    };
  });
}

test('an upload that stands still is given up', async () => {
  await using server = await startServer({ idleTimeoutMs: 200 });
  const socket = await server.connect();
  socket.write(
    `PUT ${secretName} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(user)}\r\n` +
      'Content-Length: 100\r\n\r\nabc',
  );
  socket.resume();
  await once(socket, 'close');
  await expect.poll(() => server.staged()).toEqual([]);
  expect(await contentAt(server)).toBe(404);
});

test('a disk that takes longer than nothing may move on a connection does not end the upload', async () => {
  await using server = await startServer({
    idleTimeoutMs: 200,
    files: {
      openNew: async (path) => {
        const file = await open(path, 'wx');
        const datasync = file.datasync.bind(file);
        file.datasync = async () => {
          await untilIdleOnesEnd(server);
          await datasync();
        };
        return file;
      },
    },
  });
  expect((await server.asUser('PUT', secretName, { body: 'image' })).status).toBe(201);
  expect(await contentAt(server)).toBe('image');
});

/** Resolves when a connection has ended on which nothing has moved since now. */
async function untilIdleOnesEnd(server: TestServer): Promise<void> {
  const socket = await server.connect();
  await once(socket.resume(), 'close');
}
