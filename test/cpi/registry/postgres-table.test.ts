// The registry's table in its database: made once, however many registries start at once and whatever
// breaks meanwhile; taken over from an older registry, left to a newer one; gone, not for its user, or
// that of a standby, which is told of as long as it lasts.
import { connect } from 'node:net';
import { expect, test } from '@playwright/test';
import { loopbackTls } from '../../../bats-runner/contract/loopback-tls.js';
import type { PostgresOptions } from '../../../cpi/registry/postgres-store.js';
import { StoreUnavailable, type SettingsStore } from '../../../cpi/registry/settings-store.js';
import { askDatabase, openStoreIn } from '../../support/postgres-database.js';
import { startPostgres, type PostgresServer } from '../../support/postgres-server.js';
import { registryFolder, spawnRegistry } from '../../support/registry-process.js';
import { listening } from '../../support/tcp-line.js';

let server: PostgresServer;

test.describe.configure({ mode: 'default' });
test.beforeAll(async () => {
  server = await startPostgres(loopbackTls);
});
test.afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const open = (options: Partial<PostgresOptions> = {}): Promise<SettingsStore> =>
  openStoreIn(server, options);
const asked = <Row extends object>(text: string): Promise<Row[]> => askDatabase(server, text);

test('a database that has become a standby is read, and is neither healthy nor started with', async () => {
  const store = await open();
  await store.put('vm-1', '{"before":1}');
  await store.check();
  await server.stop();
  await server.startStandby();
  try {
    const readOnly = /read-only transaction; see to that: the registry goes on by itself/;
    await expect(store.check()).rejects.toThrow(StoreUnavailable);
    await expect(store.check()).rejects.toThrow(readOnly);
    await expect(store.put('vm-1', '{"new":1}')).rejects.toThrow(readOnly);
    expect(await store.get('vm-1')).toBe('{"before":1}');
    await expect(open()).rejects.toThrow(
      /read-only transaction; see to that, then start the registry again/,
    );
  } finally {
    await server.stop();
    await server.start();
  }
  await store.check();
  await store.put('vm-1', '{"new":2}');
  await store.close();
});

test('a table that is gone, or not for its user, is told of, and nothing is made in its place', async () => {
  const store = await open();
  await store.put('vm-1', '{"before":1}');
  await asked('ALTER TABLE registry_instances RENAME TO elsewhere');
  const missing = /"registry_instances" does not exist; put back a backup of it, or, to begin with/;
  await expect(store.check()).rejects.toThrow(missing);
  await expect(open()).rejects.toThrow(missing);
  await asked('ALTER TABLE elsewhere RENAME TO registry_instances');
  await store.check();
  expect(await store.get('vm-1')).toBe('{"before":1}');
  await store.close();
  await asked(
    'CREATE ROLE limited LOGIN; GRANT ALL ON SCHEMA public TO limited; ' +
      'GRANT ALL ON cloudstack_registry_schema TO limited; ' +
      'GRANT SELECT, INSERT, UPDATE ON registry_instances TO limited',
  );
  const url = server.url.replace('registry@', 'limited@');
  await expect(open({ url })).rejects.toThrow('permission denied for table registry_instances');
  await asked('GRANT DELETE ON registry_instances TO limited');
  const limited = await open({ url });
  await limited.check();
  await limited.close();
});

test('a connection that breaks while the table is made is an error, and the next start works', async () => {
  let breaks = true;
  await using line = await listening((socket) => {
    const far = connect(server.port, '127.0.0.1');
    far.on('error', () => undefined).on('close', () => socket.destroy());
    far.on('data', (bytes) => socket.write(bytes));
    socket.on('close', () => far.destroy());
    socket.on('data', (bytes) => {
      if (breaks && bytes.includes('cloudstack_registry_schema')) socket.resetAndDestroy();
      else far.write(bytes);
    });
  });
  const url = `postgres://registry:canary@127.0.0.1:${line.port}/postgres`;
  const log: string[] = [];
  const broken = open({ url, log: (text) => log.push(text) });
  await expect(broken).rejects.toThrow(StoreUnavailable);
  await expect(broken).rejects.toThrow(/cannot be used: .*; see to that, then start the registry/);
  expect(log.join('\n')).toContain('a database connection was lost');
  using folder = registryFolder();
  const program = spawnRegistry(folder.path, { store: { type: 'postgres', url } });
  expect(await program.ended).toBe(3);
  const lines = program.output().trim().split('\n');
  const said = lines.map((text) => (JSON.parse(text) as { msg: string }).msg).join('\n');
  expect(said).toContain("The registry's database cannot be used");
  expect(said).not.toMatch(/canary|^ +at /m);
  breaks = false;
  await (await open({ url })).close();
});

test('what an older BOSH registry holds is taken over; what a newer one made is left alone', async () => {
  await asked('DROP TABLE IF EXISTS registry_instances, cloudstack_registry_schema');
  await asked(
    'CREATE TABLE registry_instances (id serial PRIMARY KEY, instance_id text NOT NULL UNIQUE, ' +
      'settings text NOT NULL)',
  );
  await asked("INSERT INTO registry_instances VALUES (7, 'vm-old', '{\"old\":1}')");
  const all = await Promise.all(Array.from({ length: 8 }, () => open()));
  for (const store of all) expect(await store.get('vm-old')).toBe('{"old":1}');
  await all[0]?.put('vm-new', '{}');
  expect(await all[1]?.get('vm-new')).toBe('{}');
  await Promise.all(all.map((store) => store.close()));
  expect(await asked('SELECT version FROM cloudstack_registry_schema')).toEqual([{ version: 1 }]);
  await asked('INSERT INTO cloudstack_registry_schema VALUES (99)');
  await expect(open()).rejects.toThrow(
    /schema 99, this registry knows 1: a newer registry uses it/,
  );
  await asked('DELETE FROM cloudstack_registry_schema WHERE version = 99');
  await (await open()).close();
});
