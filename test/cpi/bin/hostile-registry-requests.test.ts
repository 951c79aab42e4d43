// The registry as it runs, against requests as bytes, which no client would send: each is answered by
// its status, nothing of it comes to the disk, nobody gets in, and the process goes on.
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import {
  asUser,
  registryFolder,
  registryUser,
  startRegistry,
  type RegistryProcess,
} from '../../support/registry-process.js';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const { username, password } = registryUser;
const ours = `Authorization: ${basic(`${username}:${password}`)}\r\n`;
const path = '/instances/vm-1/settings';

/** The line of the method, and whatever headers and body come after it. */
type Case = readonly [what: string, request: string, status: number];

const host = 'Host: registry\r\n';
const get = (target: string, headers = ours): string =>
  `GET ${target} HTTP/1.1\r\n${host}${headers}\r\n`;
const put = (body: string, headers = ours, target = path): string =>
  `PUT ${target} HTTP/1.1\r\n${host}${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const names: readonly Case[] = [
  ['a way up', get('/instances/../instances/vm-1/settings'), 404],
  ['a way up that is encoded', get('/instances/%2e%2e%2fvm-1/settings'), 404],
  ['a way up that is encoded twice', get('/instances/%252e%252e/settings'), 404],
  ['a way up of Windows', get('/instances/..%5cvm-1/settings'), 404],
  ['a way up alone', put('{}', ours, '/instances/../settings'), 404],
  ['a way up alone that is encoded', put('{}', ours, '/instances/%2e%2e/settings'), 404],
  ['no way', put('{}', ours, '/instances/./settings'), 404],
  ['an absolute path', put('{}', ours, '/instances/%2fetc%2fpasswd/settings'), 404],
  ['a NUL', put('{}', ours, '/instances/vm-1%00.json/settings'), 404],
  ['a line end', put('{}', ours, '/instances/vm%0d%0a-1/settings'), 404],
  ['a space', put('{}', ours, '/instances/vm%20-1/settings'), 404],
  ['bytes that are no UTF-8', put('{}', ours, '/instances/%ff%fe/settings'), 400],
  ['an escape that is none', put('{}', ours, '/instances/%zz/settings'), 400],
  ['overlong UTF-8', put('{}', ours, '/instances/%c0%ae%c0%ae/settings'), 400],
  ['256 letters', put('{}', ours, `/instances/${'x'.repeat(256)}/settings`), 404],
  ['20,000 letters', put('{}', ours, `/instances/${'x'.repeat(20_000)}/settings`), 431],
  ['nothing', put('{}', ours, '/instances//settings'), 404],
  ['more after it', put('{}', ours, `${path}/more`), 404],
];

const credentials: readonly Case[] = [
  ['no credentials', get(path, ''), 401],
  ['an empty header', get(path, 'Authorization: \r\n'), 401],
  ['a scheme alone', get(path, 'Authorization: Basic\r\n'), 401],
  [
    'another scheme',
    get(path, `Authorization: Bearer ${basic(`${username}:${password}`)}\r\n`),
    401,
  ],
  ['a wrong password', get(path, `Authorization: ${basic(`${username}:x`)}\r\n`), 401],
  ['no password', get(path, `Authorization: ${basic(`${username}:`)}\r\n`), 401],
  ['no name', get(path, `Authorization: ${basic(`:${password}`)}\r\n`), 401],
  [
    'a password with a NUL',
    get(path, `Authorization: ${basic(`${username}:${password}\0`)}\r\n`),
    401,
  ],
  ['wrong ones before the right ones', get(path, `Authorization: ${basic('a:b')}\r\n${ours}`), 401],
  ['a very long password', get(path, `Authorization: ${basic(`a:${'x'.repeat(9_000)}`)}\r\n`), 401],
  ['too long a password', get(path, `Authorization: ${basic(`a:${'x'.repeat(90_000)}`)}\r\n`), 431],
  ['a control sign in their header', get(path, 'Authorization: Basic \x01\r\n'), 400],
  ['credentials in the address', get(`http://${username}:${password}@registry${path}`, ''), 401],
  ['credentials for a proxy', get(path, `Proxy-${ours}`), 401],
  ['wrong ones to write with', put('{"mine":1}', `Authorization: ${basic('a:b')}\r\n`), 401],
  ['none to remove with', `DELETE ${path} HTTP/1.1\r\n${host}\r\n`, 401],
  ['none to list with', get('/instances', ''), 401],
];

const methods: readonly Case[] = [
  ...['POST', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'PROPPATCH', 'MKCOL', 'MOVE', 'LOCK'].map(
    (method): Case => [method, `${method} ${path} HTTP/1.1\r\n${host}${ours}\r\n`, 405],
  ),
  ['a method for its health', `POST /health HTTP/1.1\r\n${host}\r\n`, 405],
  ['another one for its list', `DELETE /instances HTTP/1.1\r\n${host}${ours}\r\n`, 405],
  ['a method that there is not', `BREW ${path} HTTP/1.1\r\n${host}${ours}\r\n`, 400],
  ['a method in small letters', `put ${path} HTTP/1.1\r\n${host}${ours}\r\n`, 400],
  [
    'a method by another',
    `POST ${path} HTTP/1.1\r\n${host}${ours}X-HTTP-Method-Override: PUT\r\nContent-Length: 2\r\n\r\n{}`,
    405,
  ],
];

const bodies: readonly Case[] = [
  ['no JSON', put('agent_id: a'), 400],
  ['nothing', put(''), 400],
  ['no length', `PUT ${path} HTTP/1.1\r\n${host}${ours}\r\n`, 400],
  ['a list', put('[{}]'), 400],
  ['cut-off JSON', put('{"a":'), 400],
  ['two objects', put('{}{}'), 400],
  ['a NUL at its end', put('{}\0'), 400],
  [
    '100 MB that are announced',
    `PUT ${path} HTTP/1.1\r\n${host}${ours}Content-Length: 104857600\r\n\r\n{"a":"`,
    413,
  ],
  [
    'a body that breaks off',
    `PUT ${path} HTTP/1.1\r\n${host}${ours}Content-Length: 9\r\n\r\n{"new":`,
    400,
  ],
  [
    'a chunk that breaks off, whole as JSON',
    `PUT ${path} HTTP/1.1\r\n${host}${ours}Transfer-Encoding: chunked\r\n\r\n7\r\n{"a":1}`,
    400,
  ],
  ['1 byte too much', put(`{"a":"${'x'.repeat(1024 * 1024 - 7)}"}`), 413],
  ['other settings than are told to be there', put('{}', `${ours}If-Match: "x"\r\n`), 412],
  ['an expectation that nobody has', put('{}', `${ours}Expect: miracles\r\n`), 417],
];

const protocols: readonly Case[] = [
  ['no host', `GET ${path} HTTP/1.1\r\n${ours}\r\n`, 400],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ['a header without end', `GET ${path} HTTP/1.1\r\n${host}X: ${'x'.repeat(70_000)}`, 431],
  ['a tunnel', `CONNECT registry:80 HTTP/1.1\r\n${host}${ours}\r\n`, 405],
  ['an upgrade', get(path, 'Connection: Upgrade\r\nUpgrade: websocket\r\n'), 401],
];

test('each is answered by its status, nothing changes, and the process goes on', async () => {
  using folder = registryFolder();
  const registry = await startRegistry(folder.path);
  const settings = '{"of":"vm-1"}';
  await asUser(registry.endpoint, 'vm-1', { method: 'PUT', body: settings });
  const before = filesIn(folder.path);
  for (const [what, request, status] of [
    ...names,
    ...credentials,
    ...methods,
    ...bodies,
    ...protocols,
  ]) {
    expect(await firstLine(registry, request), what).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  }
  expect(filesIn(folder.path)).toEqual(before);
  const read = (await (await asUser(registry.endpoint, 'vm-1')).json()) as { settings: string };
  expect(read.settings).toBe(settings);
  expect((await fetch(`${registry.endpoint}/health`)).status).toBe(200);
  registry.child.kill('SIGTERM');
  expect(await registry.ended).toBe(0);
  expect(registry.output()).not.toContain(password);
});

/** Empty where the connection ends without an answer. */
async function firstLine({ endpoint }: RegistryProcess, request: string): Promise<string> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => {
    answer += bytes.toString('latin1');
    socket.destroy();
  });
  socket.end(Buffer.from(request, 'latin1'));
  await once(socket, 'close');
  return answer.split('\r\n')[0] ?? '';
}

function filesIn(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => /^registry\.sqlite/.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
