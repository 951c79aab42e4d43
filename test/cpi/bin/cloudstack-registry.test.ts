// The registry as a program: it says where it serves, keeps what it acknowledged through a kill,
// refuses a second process on its files, stops gracefully, and tells no secret.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, realpathSync, statSync, symlinkSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import {
  asUser,
  registryFolder,
  registryUser,
  spawnRegistry,
  startRegistry,
} from '../../support/registry-process.js';
import { untilReady } from '../../support/server-process.js';
import { startPostgres } from '../../support/postgres-server.js';
import { loopbackTls } from '../../../bats-runner/contract/loopback-tls.js';

test('what was acknowledged is there after a kill -9, also what a worker has compacted', async () => {
  using folder = registryFolder();
  const first = await startRegistry(folder.path, { settings_max_kib: 10_000 });
  const long = JSON.stringify({ fill: 'x'.repeat(5 * 1024 * 1024) });
  expect((await asUser(first.endpoint, 'long', { method: 'PUT', body: long })).status).toBe(200);
  for (const id of ['vm-1', 'vm-2']) {
    const put = await asUser(first.endpoint, id, { method: 'PUT', body: `{"id":"${id}"}` });
    expect(put.status).toBe(200);
  }
  first.child.kill('SIGKILL');
  expect(await first.ended).toBe('SIGKILL');
  const second = await startRegistry(folder.path);
  for (const id of ['vm-1', 'vm-2']) {
    const { settings } = (await (await asUser(second.endpoint, id)).json()) as { settings: string };
    expect(settings).toBe(`{"id":"${id}"}`);
  }
  const { settings } = (await (await asUser(second.endpoint, 'long')).json()) as {
    settings: string;
  };
  expect(settings).toBe(long);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
});

test('a second one on the same files does not start, and says why', async () => {
  using folder = registryFolder();
  const first = await startRegistry(folder.path);
  const second = spawnRegistry(folder.path);
  expect(await second.ended).toBe(3);
  expect(second.output()).toContain('Another process serves');
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
});

/** Runs a command where the second of two folders is the first, and no network is shared. */
const boundTo = (folder: string, at: string): string[] => [
  ...['unshare', '--map-root-user', '--mount', '--net', 'sh', '-c'],
  'mount --bind "$0" "$1" && shift && exec "$@"',
  folder,
  at,
];

test('nor does one that comes to them by a link or a mount, from another container', async () => {
  using folder = registryFolder();
  using other = registryFolder();
  // Also where the link leads to what is not there yet.
  const link = join(other.path, 'link.sqlite');
  symlinkSync(join('..', basename(folder.path), 'registry.sqlite'), link);
  const byLink = { store: { type: 'file', path: link } };
  const first = await startRegistry(other.path, byLink);
  await asUser(first.endpoint, 'vm-1', { method: 'PUT', body: '{}' });
  expect(existsSync(join(folder.path, 'registry.sqlite.journal-1')), 'beside the file').toBe(true);
  const direct = spawnRegistry(folder.path);
  expect(await direct.ended).toBe(3);
  expect(direct.output()).toContain('Another process serves');
  using third = registryFolder();
  symlinkSync(link, join(third.path, 'link-to-a-link'));
  const byTwoLinks = spawnRegistry(third.path, {
    store: { type: 'file', path: join(third.path, 'link-to-a-link') },
  });
  expect(await byTwoLinks.ended).toBe(3);
  expect(byTwoLinks.output()).toContain('Another process serves');
  const long = JSON.stringify({ fill: 'x'.repeat(600 * 1024) });
  const database = join(folder.path, 'registry.sqlite');
  const { ino } = statSync(database);
  for (let number = 0; statSync(database).ino === ino; number += 1) {
    await asUser(first.endpoint, `vm-${number % 8}`, { method: 'PUT', body: long });
  }
  expect(lstatSync(link).isSymbolicLink(), 'the link stays one').toBe(true);
  const again = spawnRegistry(third.path, byLink);
  expect(await again.ended).toBe(3);
  expect(again.output()).toContain('Another process serves');
  const mount = boundTo(folder.path, join(other.path, 'mounted'));
  mkdirSync(join(other.path, 'mounted'));
  if (spawnSync(mount[0]!, [...mount.slice(1), 'true']).status === 0) {
    const store = { type: 'file', path: join(other.path, 'mounted', 'registry.sqlite') };
    const byMount = spawnRegistry(other.path, { store }, [], mount);
    expect(await byMount.ended).toBe(3);
    expect(byMount.output()).toContain('Another process serves');
  }
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
});

test('the log is JSON and holds no secret, whatever is asked', async () => {
  using folder = registryFolder();
  const { child, endpoint, ended, output } = await startRegistry(folder.path);
  await asUser(endpoint, 'vm-1', { method: 'PUT', body: '{"canary":"canary-of-settings"}' });
  await asUser(endpoint, registryUser.password);
  await fetch(`${endpoint}/${registryUser.password}?x=${registryUser.password}`);
  child.kill('SIGTERM');
  await ended;
  const lines = output().trim().split('\n');
  const parsed = lines.map((line) => JSON.parse(line) as { msg: string; path?: string });
  expect(parsed.map(({ msg }) => msg)).toEqual([
    `neither registry.sqlite nor a journal of it is in ${realpathSync(folder.path)}: the registry ` +
      'starts empty, as a new one does',
    'serving',
    'request',
    'request',
    'request',
    'stopping',
  ]);
  expect(parsed[2]?.path).toBe('/instances/vm-1/settings');
  expect(output()).not.toContain('canary');
});

test('it serves although its log cannot be written', async () => {
  using folder = registryFolder();
  const noLog = ['sh', '-c', 'exec "$@" 2> /dev/full', 'sh'];
  const started = spawnRegistry(folder.path, {}, [], noLog);
  const { endpoint = '' } = await untilReady(started, folder.path);
  for (const body of ['{"a":1}', '{"a":2}']) {
    expect((await asUser(endpoint, 'vm-1', { method: 'PUT', body })).status).toBe(200);
  }
  started.child.kill('SIGTERM');
  expect(await started.ended).toBe(0);
});

test('over TLS it serves HTTPS', async () => {
  using folder = registryFolder();
  const { cert, key } = loopbackTls;
  const tls = { certificate: cert, private_key: key };
  const { child, endpoint, ended } = await startRegistry(folder.path, { tls });
  const answered = once(get(`${endpoint}/health`, { ca: cert }), 'response');
  const [{ statusCode }] = (await answered) as [IncomingMessage];
  expect(statusCode).toBe(200);
  await expect(asUser(endpoint, 'vm-1'), 'the certificate is not trusted').rejects.toThrow();
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

for (const [what, properties, args, status, text] of [
  ['a wrong configuration', { port: 'x' }, [], 3, 'registry.port must be a port'],
  [
    'a store that it may not write',
    { store: { type: 'file', path: '/dev/null/r' } },
    [],
    3,
    '/dev/null cannot be used: something else is in its place (EEXIST); mend that, or name another',
  ],
  ['a wrong port', {}, ['--port', 'x'], 2, '--port takes a number'],
  ['an unknown option', {}, ['--prot', '1'], 2, "unknown option '--prot'"],
] as const) {
  test(`with ${what} it does not start, and says what is wrong`, async () => {
    using folder = registryFolder();
    const { ended, output } = spawnRegistry(folder.path, properties, args);
    expect(await ended).toBe(status);
    expect(output()).toContain(text);
  });
}

test('with a folder in the place of its store it does not start, and says which', async () => {
  using folder = registryFolder();
  const path = join(realpathSync(folder.path), 'store');
  mkdirSync(path);
  const { ended, output } = spawnRegistry(folder.path, { store: { type: 'file', path } });
  expect(await ended).toBe(3);
  expect(output()).toContain(`${path} cannot be used: it is a folder (EISDIR); mend that, or name`);
});

test('a registry goes on when its database is back; one whose port is taken lets go of it', async () => {
  await using postgres = await startPostgres();
  const url = postgres.url.replace('registry@', 'registry:canary-of-the-database@');
  const store = { type: 'postgres', url };
  using folder = registryFolder();
  using other = registryFolder();
  const first = await startRegistry(folder.path, { store });
  const { port } = new URL(first.endpoint);
  const second = spawnRegistry(other.path, { store }, ['--port', port]);
  expect(await second.ended).toBe(3);
  expect(second.output()).toContain(`port ${port}: another process has this port`);
  const health = async (): Promise<number> => (await fetch(`${first.endpoint}/health`)).status;
  const put = async (body: string): Promise<number> =>
    (await asUser(first.endpoint, 'vm-1', { method: 'PUT', body })).status;
  expect([await put('{"before":1}'), await health()]).toEqual([200, 200]);
  await postgres.stop('SIGQUIT');
  expect(await put('{"never":1}')).toBe(503);
  await expect.poll(health).toBe(503);
  expect((await asUser(first.endpoint, 'vm-1')).status).toBe(503);
  expect((await asUser(first.endpoint, 'vm-1', { method: 'DELETE' })).status).toBe(503);
  expect((await fetch(`${first.endpoint}/instances/vm-1/settings`)).status, 'a stranger').toBe(401);
  await postgres.start();
  const read = await asUser(first.endpoint, 'vm-1');
  expect(await read.json()).toEqual({ status: 'ok', settings: '{"before":1}' });
  expect(await put('{"after":1}')).toBe(200);
  await expect.poll(health).toBe(200);
  expect(first.output()).toContain("The registry's database cannot be used");
  expect(first.output() + second.output()).not.toContain('canary');
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
});
