// What every store of the registry promises, by one contract: settings come back as they were put,
// the last of several wins, what is absent is no error, a closed store refuses. The PostgreSQL store
// meets it on a real server, which goes away and comes back, and which several registries share.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { compact } from '../../../cpi/registry/file-store/compaction.js';
import { durableFiles } from '../../../cpi/registry/file-store/durable-files.js';
import { openFileStore } from '../../../cpi/registry/file-store/file-store.js';
import { loadSqlite } from '../../../cpi/registry/file-store/settings-table.js';
import { createMemoryStore } from '../../../cpi/registry/memory-store.js';
import { StoreUnavailable, type SettingsStore } from '../../../cpi/registry/settings-store.js';
import { openStoreIn } from '../../support/postgres-database.js';
import { startPostgres, type PostgresServer } from '../../support/postgres-server.js';
import { registryCredentials, startSettingsRegistry } from '../../support/settings-registry.js';

const wasmPath = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');

async function fileStoreIn(folder: string, journalBytesMax = 1_000): Promise<SettingsStore> {
  const sqlite = await loadSqlite(wasmPath);
  const files = durableFiles(folder);
  return openFileStore({
    files,
    name: 'registry.sqlite',
    sqlite,
    compact: (firstJournal) => compact(files, 'registry.sqlite', sqlite, firstJournal),
    journalBytesMax,
    log: () => undefined,
  });
}

async function meetsTheContract(store: SettingsStore): Promise<void> {
  const settings = '{"agent_id":"a1","env":{"password":"p\\u00e4ss \\"quoted\\""},"é":"💾"}';
  expect(await store.get('vm-1')).toBeUndefined();
  await store.put('vm-1', settings);
  await store.put('vm-2', '{}');
  expect(await store.get('vm-1')).toBe(settings);
  await store.put('vm-1', '{"newer":true}');
  expect(await store.get('vm-1')).toBe('{"newer":true}');
  expect(await store.get('VM-1'), 'names are told apart by case').toBeUndefined();
  await store.remove('vm-1');
  await store.remove('vm-1');
  expect(await store.get('vm-1')).toBeUndefined();
  expect(await store.get('vm-2'), 'others stay').toBe('{}');
  const long = JSON.stringify({ fill: 'x'.repeat(300_000) });
  await store.put('long', long);
  expect(await store.get('long')).toBe(long);
  await Promise.all(
    Array.from({ length: 50 }, (_, one) => store.put(`many-${one % 10}`, `{"n":${one}}`)),
  );
  expect(await store.replace('vm-2', '{"other":1}', '{"new":1}')).toBe(false);
  expect(await store.replace('vm-1', '{}', '{"new":1}'), 'nothing is there').toBe(false);
  expect([await store.get('vm-1'), await store.get('vm-2')]).toEqual([undefined, '{}']);
  expect(await store.replace('vm-2', '{}', '{"new":1}')).toBe(true);
  expect(await store.get('vm-2')).toBe('{"new":1}');
  expect(await store.replace('vm-2', undefined, '{}'), 'something is there').toBe(false);
  expect(await store.replace('vm-2', undefined, undefined)).toBe(false);
  expect(await store.replace('vm-2', '{"other":1}', undefined)).toBe(false);
  expect(await store.get('vm-2')).toBe('{"new":1}');
  expect(await store.replace('vm-3', undefined, '{"first":1}')).toBe(true);
  expect(await store.get('vm-3')).toBe('{"first":1}');
  expect(await store.replace('vm-3', '{"first":1}', undefined)).toBe(true);
  expect(await store.replace('vm-3', undefined, undefined)).toBe(true);
  expect(await store.get('vm-3')).toBeUndefined();
  const firsts = ['1', '2', '3', '4'].map((one) => store.replace('vm-3', undefined, one));
  expect((await Promise.all(firsts)).filter((isFirst) => isFirst)).toHaveLength(1);
  await store.remove('vm-3');
  await store.put('count', '0');
  await Promise.all(Array.from({ length: 12 }, () => increment(store, 'count')));
  expect(await store.get('count'), 'no replacement is lost').toBe('12');
  const ids = ['count', 'long', ...Array.from({ length: 10 }, (_, one) => `many-${one}`), 'vm-2'];
  expect((await store.instanceIds()).sort()).toEqual(ids);
  // Of what is put at once any may be the last.
  expect(await store.get('many-9')).toMatch(/^\{"n":[0-4]?9\}$/);
  await store.check();
}

async function increment(store: SettingsStore, id: string): Promise<void> {
  for (;;) {
    const now = (await store.get(id)) ?? '';
    if (await store.replace(id, now, String(Number(now) + 1))) return;
  }
}

test('the store in memory meets the contract', async () => {
  const store = createMemoryStore();
  await meetsTheContract(store);
  await store.close();
});

test('the store in a file meets the contract, and holds everything after a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'registry-'));
  try {
    const store = await fileStoreIn(folder);
    await meetsTheContract(store);
    await store.close();
    await expect(store.put('vm-1', '{}')).rejects.toThrow(StoreUnavailable);
    const again = await fileStoreIn(folder);
    expect(await again.get('vm-1')).toBeUndefined();
    expect(await again.get('vm-2')).toBe('{"new":1}');
    expect(await again.get('count')).toBe('12');
    expect(await again.get('many-9')).toBe('{"n":49}');
    await again.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.describe('the store in PostgreSQL', () => {
  test.describe.configure({ mode: 'default' });
  let server: PostgresServer;
  const open = (): Promise<SettingsStore> => openStoreIn(server);

  test.beforeAll(async () => {
    server = await startPostgres();
  });
  test.afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  test('meets the contract; registries that start at once share one table', async () => {
    const stores = await Promise.all([open(), open(), open()]);
    const [first, second] = stores;
    await meetsTheContract(first);
    await first.put('shared', '{"by":"the first"}');
    expect(await second.get('shared')).toBe('{"by":"the first"}');
    await Promise.all(stores.map((store) => store.close()));
    const again = await open();
    expect(await again.get('shared'), 'it outlives the registries').toBe('{"by":"the first"}');
    await again.close();
  });

  test('a database that goes away is an error at each use, and works when it is back', async () => {
    const store = await open();
    await store.put('vm-1', '{"before":true}');
    await server.stop();
    await expect(store.get('vm-1')).rejects.toThrow(StoreUnavailable);
    await expect(store.put('vm-1', '{}')).rejects.toThrow(/database cannot be used/);
    await expect(open(), 'nor does a registry start').rejects.toThrow(StoreUnavailable);
    await server.start();
    expect(await store.get('vm-1')).toBe('{"before":true}');
    await store.close();
  });

  test('registries on one database are one to their clients, also while it is away', async () => {
    const stores = [await open(), await open()] as const;
    await using first = await startSettingsRegistry({ store: stores[0] });
    await using second = await startSettingsRegistry({ store: stores[1] });
    const { username, password } = registryCredentials;
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const ask = async (endpoint: string, init: RequestInit = {}): Promise<[number, string]> => {
      const url = `${endpoint}/instances/one/settings`;
      const response = await fetch(url, { ...init, headers: { authorization } });
      const { settings = '' } = (await response.json()) as { settings?: string };
      return [response.status, settings];
    };
    const put = (endpoint: string, body: string): Promise<[number, string]> =>
      ask(endpoint, { method: 'PUT', body });
    const both = [first.endpoint, second.endpoint] as const;
    // At once and again and again: each finds one of the values whole, and both the same.
    const values = Array.from(
      { length: 20 },
      (_, one) => `{"n":${one},"x":"${'x'.repeat(9_000)}"}`,
    );
    const written = values.map((value, one) => put(both[one % 2]!, value));
    for (const [status] of await Promise.all(written)) expect(status).toBe(200);
    const [[, last], [, same]] = [await ask(both[0]), await ask(both[1])];
    expect(values).toContain(last);
    expect(same).toBe(last);
    await server.stop();
    for (const endpoint of both) {
      expect(await ask(endpoint)).toEqual([503, '']);
      expect(await put(endpoint, '{"never":true}')).toEqual([503, '']);
      expect(await ask(endpoint, { method: 'DELETE' })).toEqual([503, '']);
      expect((await fetch(`${endpoint}/health`)).status).toBe(503);
    }
    await server.start();
    for (const endpoint of both) expect(await ask(endpoint)).toEqual([200, last]);
    expect(await ask(both[0], { method: 'DELETE' })).toEqual([200, '']);
    expect(await ask(both[1])).toEqual([404, '']);
    await Promise.all(stores.map((store) => store.close()));
  });
});
