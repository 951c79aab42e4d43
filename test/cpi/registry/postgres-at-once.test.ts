// What several registries on one database, and many requests at once, meet there: another level of
// isolation by default, connections that are all taken, statements that take too long, answers that are
// lost. Whoever cannot be served is told so, nobody else suffers, and nothing happens later.
import { connect } from 'node:net';
import { expect, test } from '@playwright/test';
import type { PostgresOptions } from '../../../cpi/registry/postgres-store.js';
import { StoreUnavailable, type SettingsStore } from '../../../cpi/registry/settings-store.js';
import { loopbackTls } from '../../../bats-runner/contract/loopback-tls.js';
import { askDatabase, connectTo, openStoreIn } from '../../support/postgres-database.js';
import { startPostgres, type PostgresServer } from '../../support/postgres-server.js';
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

async function increment(store: SettingsStore, id: string): Promise<void> {
  for (;;) {
    const now = (await store.get(id)) ?? '';
    if (await store.replace(id, now, String(Number(now) + 1))) return;
  }
}

/** Holds the table, so that whatever uses it waits, until it is told to let go. */
async function tableHeld(): Promise<() => Promise<void>> {
  const holder = await connectTo(server);
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE registry_instances');
  return async () => {
    await holder.query('ROLLBACK');
    await holder.end();
  };
}

async function waitingForLocks(count: number): Promise<void> {
  const waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
  await expect.poll(async () => (await asked(waiting)).length).toBe(count);
}

for (const level of ['serializable', 'repeatable read']) {
  test(`registries lose nothing of each other where the database is ${level} by default`, async () => {
    await asked('DROP TABLE IF EXISTS registry_instances, cloudstack_registry_schema');
    await asked(`ALTER ROLE registry SET default_transaction_isolation = '${level}'`);
    try {
      const stores = await Promise.all(Array.from({ length: 6 }, () => open()));
      const schema = 'SELECT version FROM cloudstack_registry_schema';
      expect(await asked(schema), 'one of them has made it').toEqual([{ version: 1 }]);
      await stores[0]?.put('count', '0');
      const all = Array.from({ length: 24 }, (_, one) => one);
      await Promise.all(all.map((one) => increment(stores[one % 6]!, 'count')));
      expect(await stores[1]?.get('count')).toBe('24');
      await Promise.all(all.map((one) => stores[one % 6]!.put('last', `{"n":${one}}`)));
      await Promise.all(stores.map((store) => store.remove('last')));
      expect(await stores[2]?.instanceIds()).toEqual(['count']);
      await Promise.all(stores.map((store) => store.close()));
    } finally {
      await asked('ALTER ROLE registry RESET default_transaction_isolation');
    }
  });
}

test('what the URL tells the server counts, too', async () => {
  await asked('CREATE SCHEMA elsewhere');
  const url = new URL(server.url);
  url.searchParams.set('options', '-c search_path=elsewhere');
  const store = await open({ url: url.href });
  await store.put('vm-1', '{}');
  const rows = await asked('SELECT instance_id FROM elsewhere.registry_instances');
  expect(rows).toEqual([{ instance_id: 'vm-1' }]);
  await store.close();
});

test('where all connections wait, others are told so in time, and then all are served', async () => {
  const store = await open({ connectWithinMs: 300 });
  await store.put('vm-1', '{"before":1}');
  const letGo = await tableHeld();
  const waiting = Array.from({ length: 10 }, (_, one) => store.put(`vm-${one}`, `{"n":${one}}`));
  await waitingForLocks(10);
  const refused = store.put('vm-10', '{}');
  await expect(refused).rejects.toThrow(StoreUnavailable);
  await expect(refused).rejects.toThrow(/cannot be used: timeout exceeded/);
  await expect(store.check()).rejects.toThrow(StoreUnavailable);
  await letGo();
  await Promise.all(waiting);
  await store.check();
  expect(await store.get('vm-9')).toBe('{"n":9}');
  expect(await store.get('vm-10'), 'nor is it done later').toBeUndefined();
  await store.close();
});

test('a statement that takes too long is given up by the database, and not done later', async () => {
  const store = await open({ answerWithinMs: 600 });
  await store.put('vm-1', '{"before":1}');
  const letGo = await tableHeld();
  const given = [
    store.put('vm-1', '{"late":1}'),
    store.replace('vm-1', '{"before":1}', '{"late":1}'),
    store.remove('vm-1'),
    store.get('vm-1'),
  ];
  for (const one of await Promise.allSettled(given)) {
    expect(one).toMatchObject({
      status: 'rejected',
      reason: {
        name: 'StoreUnavailable',
        message: expect.stringContaining('due to statement timeout') as unknown,
      },
    });
  }
  // Nobody waits for the table any more who would have it when it is free.
  await waitingForLocks(0);
  await letGo();
  expect(await store.get('vm-1')).toBe('{"before":1}');
  await store.close();
});

test('a change whose answer is lost is told as failed; asked for again, it is found', async () => {
  let loses = false;
  await using line = await listening((socket) => {
    const far = connect(server.port, '127.0.0.1');
    far.on('error', () => undefined).on('close', () => socket.destroy());
    socket.on('data', (bytes) => far.write(bytes)).on('close', () => far.destroy());
    // The command is complete: so far nobody but the database knows.
    far.on('data', (bytes) => {
      if (loses && /(INSERT|UPDATE|DELETE) \d/.test(bytes.toString('latin1'))) socket.destroy();
      else socket.write(bytes);
    });
  });
  const url = `postgres://registry@127.0.0.1:${line.port}/postgres`;
  const store = await open({ url });
  await store.put('vm-1', '{"before":1}');
  for (const change of [
    () => store.put('vm-1', '{"new":1}'),
    () => store.replace('vm-1', '{"new":1}', '{"new":2}'),
  ]) {
    loses = true;
    await expect(change()).rejects.toThrow(StoreUnavailable);
    loses = false;
  }
  expect(await store.get('vm-1')).toBe('{"new":2}');
  expect(await store.replace('vm-1', '{"new":1}', '{"new":2}'), 'it is made already').toBe(false);
  await store.close();
});

test('a connection that is lost while nobody uses it is told once', async () => {
  const log: string[] = [];
  const store = await open({ log: (text) => log.push(text) });
  await store.put('vm-1', '{}');
  const pids = await asked<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'cloudstack-registry'",
  );
  expect(pids).toHaveLength(1);
  await asked(`SELECT pg_terminate_backend(${pids[0]?.pid})`);
  await expect.poll(() => log.length).toBeGreaterThan(0);
  expect(await store.get('vm-1')).toBe('{}');
  expect(log).toEqual([
    'a database connection was lost: terminating connection due to administrator command',
  ]);
  await store.close();
});

test('a database that acknowledges before it is on disk is told of at the start', async () => {
  const log: string[] = [];
  const options = { log: (text: string) => log.push(text) };
  await (await open(options)).close();
  expect(log).toEqual([]);
  await asked('ALTER ROLE registry SET synchronous_commit = off');
  try {
    const store = await open(options);
    await store.put('vm-1', '{}');
    await store.close();
  } finally {
    await asked('ALTER ROLE registry RESET synchronous_commit');
  }
  expect(log.join('\n')).toMatch(/^the database has synchronous_commit off .* = on$/);
});
