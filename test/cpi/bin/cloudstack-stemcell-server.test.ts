// The stemcell server as a program: it says where it serves, has what it acknowledged after a kill and
// nothing of what it did not, refuses a second process on its folder, ends what is under way before it
// stops, and tells no secret.
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { loopbackTls } from '../../../bats-runner/contract/loopback-tls.js';
import { spawnServer, untilReady, type ServerProcess } from '../../support/server-process.js';
import { ask, basic, secretName } from '../stemcell-server/running-server.js';

const user = { username: 'stemcells', password: 'canary-of-the-server' };
const as = `${user.username}:${user.password}`;

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stemcell-server-'));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const imagesOf = (parent: string): string => join(parent, 'images');

function spawnIt(
  properties: object = {},
  args: readonly string[] = [],
  within: readonly string[] = [],
): ServerProcess {
  const server = { host: '127.0.0.1', ...user, directory: imagesOf(folder), ...properties };
  const configuration = { stemcell_server: server };
  return spawnServer({ name: 'stemcell-server', folder, configuration, args, within });
}

async function startIt(
  properties: object = {},
  within: readonly string[] = [],
): Promise<ServerProcess & { readonly endpoint: string; readonly publicUrl: string }> {
  const started = spawnIt(properties, [], within);
  const { endpoint = '', public_url: publicUrl = '' } = await untilReady(started, folder);
  return { ...started, endpoint, publicUrl };
}

test('what was acknowledged is there after a kill -9, and nothing of what was not', async () => {
  const first = await startIt({ public_url: 'https://stemcells.example.com/' });
  expect(first.publicUrl).toBe('https://stemcells.example.com');
  const put = await ask(first.endpoint, 'PUT', secretName, { as, body: 'image' });
  expect(put).toMatchObject({
    status: 201,
    headers: { location: `https://stemcells.example.com${secretName}` },
  });
  const outgoing = request(`${first.endpoint}${secretName}`, {
    method: 'PUT',
    headers: { authorization: basic(as) },
  });
  outgoing.on('error', () => undefined);
  outgoing.write(Buffer.alloc(100_000));
  await expect.poll(() => readdirSync(join(imagesOf(folder), '.staging'))).toHaveLength(1);
  first.child.kill('SIGKILL');
  expect(await first.ended).toBe('SIGKILL');
  const second = await startIt();
  expect(second.publicUrl).toBe(second.endpoint);
  expect((await ask(second.endpoint, 'GET', secretName)).body.toString()).toBe('image');
  expect(readdirSync(join(imagesOf(folder), '.staging'))).toEqual([]);
  expect(second.output()).toContain('"uploads":1');
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
});

test('at all addresses it tells no URL by which others would not reach it', async () => {
  const first = await startIt({ host: '0.0.0.0' });
  expect(first.endpoint).toMatch(/^http:\/\/0\.0\.0\.0:/);
  expect(first.publicUrl).toBe('');
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
});

test('a second one on the same folder does not start, and says why', async () => {
  const first = await startIt();
  const second = spawnIt();
  expect(await second.ended).toBe(3);
  expect(second.output()).toContain(`Another process serves ${imagesOf(folder)}. Stop it first`);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
});

/** On SIGUSR2 Node warns. */
const warning =
  "NODE_OPTIONS=--import=data:text/javascript,process.on('SIGUSR2',()=>process.emitWarning('made-up'))";

test('each line of the log is JSON, also what Node warns of; the ready file ends with the process', async () => {
  const { child, endpoint, ended, output } = await startIt({}, ['env', warning]);
  expect((await ask(endpoint, 'PROPFIND', '/', { as, headers: { depth: '1' } })).status).toBe(207);
  child.kill('SIGUSR2');
  await expect.poll(output).toContain('made-up');
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  const lines = output().trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
    'serving',
    'request',
    'made-up',
    'stopping',
  ]);
  expect(readdirSync(folder).filter((name) => name.includes('ready'))).toEqual([]);
});

test('a ready file that cannot be removed is told, and the server stops all the same', async () => {
  const { child, endpoint, ended, output } = await startIt();
  const path = join(folder, readdirSync(folder).find((name) => name.includes('ready')) ?? '');
  rmSync(path);
  mkdirSync(path);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(output()).toMatch(
    /"level":"warn".*the ready file could not be removed: .*remove it by hand/,
  );
  await expect(ask(endpoint, 'GET', '/health')).rejects.toThrow('ECONNREFUSED');
});

test('told to stop, it ends the upload that is under way, and takes no more', async () => {
  const { child, endpoint, ended } = await startIt();
  const outgoing = request(`${endpoint}${secretName}`, {
    method: 'PUT',
    headers: { authorization: basic(as), 'content-length': '10' },
  });
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  outgoing.write('01234');
  await expect.poll(() => readdirSync(join(imagesOf(folder), '.staging'))).toHaveLength(1);
  child.kill('SIGTERM');
  await expect.poll(() => ask(endpoint, 'GET', '/health').catch(() => 'refused')).toBe('refused');
  outgoing.end('56789');
  const [response] = await answered;
  expect(response.statusCode).toBe(201);
  expect(await ended).toBe(0);
  expect(existsSync(join(imagesOf(folder), secretName))).toBe(true);
});

test('the log is JSON and holds no secret, whatever is asked', async () => {
  const { child, endpoint, ended, output } = await startIt();
  await ask(endpoint, 'PUT', secretName, { as, body: 'canary-of-the-image' });
  await ask(endpoint, 'GET', `/${user.password}?x=${user.password}`, { as: `x:${user.password}` });
  child.kill('SIGTERM');
  await ended;
  const lines = output().trim().split('\n');
  const parsed = lines.map((line) => JSON.parse(line) as { msg: string; path?: string });
  expect(parsed.map(({ msg }) => msg)).toEqual(['serving', 'request', 'request', 'stopping']);
  expect(parsed[1]?.path).toBe(secretName);
  expect(output()).not.toContain('canary');
});

test('over TLS it serves HTTPS', async () => {
  const { cert, key } = loopbackTls;
  const { child, endpoint, ended } = await startIt({
    tls: { certificate: cert, private_key: key },
  });
  const answered = once(get(`${endpoint}/health`, { ca: cert }), 'response');
  const [{ statusCode }] = (await answered) as [IncomingMessage];
  expect(statusCode).toBe(200);
  await expect(fetch(endpoint), 'the certificate is not trusted').rejects.toThrow();
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

for (const [what, properties, args, status, text] of [
  ['a wrong configuration', { port: 'x' }, [], 3, 'stemcell_server.port must be a port'],
  [
    'a folder that it cannot make',
    { directory: '/dev/null/r' },
    [],
    3,
    '/dev/null/r cannot be used: what should be a folder on its way is none (ENOTDIR); mend that, or ' +
      'name another in ',
  ],
  [
    'an address of another machine',
    { host: '192.0.2.1' },
    [],
    3,
    'cannot listen on 192.0.2.1, port 0: this machine has no such address',
  ],
  [
    'a certificate that is none',
    { tls: { certificate: 'x', private_key: 'y' } },
    [],
    3,
    'stemcell-server.json): (1) stemcell_server.tls.certificate is no certificate (',
  ],
  [
    'a configuration that is not there',
    {},
    ['--config', '/nowhere/x.json'],
    3,
    '--config names a file that cannot be read: /nowhere/x.json: it is not there (ENOENT)',
  ],
  [
    'a ready file that cannot be written',
    {},
    ['--ready-file', '/nowhere/ready.json'],
    3,
    '--ready-file names a file that cannot be written: /nowhere/ready.json: it is not there (ENOENT)',
  ],
  ['a wrong port', {}, ['--port', 'x'], 2, '--port takes a number'],
  ['an empty port', {}, ['--port', ''], 2, '--port takes a number from 0 to 65535, got ""'],
  ['an unknown option', {}, ['--prot', '1'], 2, "unknown option '--prot'"],
] as const) {
  test(`with ${what} it does not start, and says what is wrong`, async () => {
    const { ended, output } = spawnIt(properties, args);
    expect(await ended).toBe(status);
    expect(output()).toContain(text);
  });
}

test('help tells how to begin', async () => {
  const { ended, output } = spawnIt({}, ['--help']);
  expect(await ended).toBe(0);
  for (const part of ['--config', '--ready-file', 'curl', 'docs/cpi/stemcell-server.md']) {
    expect(output()).toContain(part);
  }
});
