// The registry's database as it really is: over TLS, which no part of the URL can weaken and from which
// nothing falls back to clear text; gone, killed or silent in the middle of a query. Its table is the
// matter of postgres-table.test.ts, the contract of all stores that of stores.test.ts.
import { connect } from 'node:net';
import { expect, test } from '@playwright/test';
import { loopbackTls } from '../../../bats-runner/contract/loopback-tls.js';
import type { PostgresOptions } from '../../../cpi/registry/postgres-store.js';
import { StoreUnavailable, type SettingsStore } from '../../../cpi/registry/settings-store.js';
import { askDatabase, connectTo, openStoreIn } from '../../support/postgres-database.js';
import { startPostgres, type PostgresServer } from '../../support/postgres-server.js';
import { listening } from '../../support/tcp-line.js';

/** For 127.0.0.1, too, but not what the server has. */
const otherCa = `-----BEGIN CERTIFICATE-----
MIIBpTCCAUqgAwIBAgIURN6qeDpgLry2KYvJVvVSz358Q9EwCgYIKoZIzj0EAwIw
HjEcMBoGA1UEAwwTYW5vdGhlciBjZXJ0aWZpY2F0ZTAgFw0yNjExMjYxNDEyMjVa
GA8yMTI2MTEwMjE0MTIyNVowHjEcMBoGA1UEAwwTYW5vdGhlciBjZXJ0aWZpY2F0
ZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNzhgmX1dBJUkKgO+lbfNi8hIRI4
HWnFipnwbr9BUQ/aD6lr0oMSIRt8St6djtdlvv/387goOiwy4/26aJTvc1KjZDBi
MB0GA1UdDgQWBBQiL6QL6iHMUXuMAEM+11DOwIZWTzAfBgNVHSMEGDAWgBQiL6QL
6iHMUXuMAEM+11DOwIZWTzAPBgNVHRMBAf8EBTADAQH/MA8GA1UdEQQIMAaHBH8A
AAEwCgYIKoZIzj0EAwIDSQAwRgIhAO+PtIRqoZdghI7b8KnN/lvyS5avV75wWYAe
dqiEcN/oAiEA5APzR0rewYnsvws4JL3eIgaxkFkNwC2QRqcOHjq5OVA=
-----END CERTIFICATE-----`;

const ca = loopbackTls.cert;
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

function tcpUrl(parameters = '', host = '127.0.0.1', port = server.port): string {
  return `postgres://registry:canary@${host}:${port}/postgres${parameters}`;
}

async function connectionsAre(encrypted: boolean): Promise<void> {
  const rows = await asked<{ ssl: boolean }>(
    'SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) ' +
      "WHERE application_name = 'cloudstack-registry'",
  );
  expect(rows).not.toEqual([]);
  for (const { ssl } of rows) expect(ssl).toBe(encrypted);
}

for (const parameters of [
  '',
  '?sslmode=disable',
  '?sslmode=no-verify',
  '?ssl=0',
  '?sslmode=require&uselibpqcompat=true',
]) {
  test(`with tls the database is spoken to over TLS, also with "${parameters}" in its URL`, async () => {
    const store = await open({ url: tcpUrl(parameters), tls: { ca } });
    await store.put('vm-1', '{}');
    await connectionsAre(true);
    await store.close();
    await expect(open({ url: tcpUrl(parameters), tls: { ca: otherCa } })).rejects.toThrow(
      /database cannot be used: self-signed certificate/,
    );
  });
}

test('without tls it is not, whatever the URL and the environment have', async () => {
  process.env.PGSSLMODE = 'require';
  try {
    const store = await open({ url: tcpUrl('?sslmode=require') });
    await store.check();
    await connectionsAre(false);
    await store.close();
  } finally {
    delete process.env.PGSSLMODE;
  }
});

for (const [what, options, reason] of [
  ['the well-known certificates', { tls: true }, /self-signed certificate/],
  ['another host name', { url: 'localhost', tls: { ca } }, /does not match certificate's altnames/],
] as const) {
  test(`a database whose certificate is not good for ${what} is refused`, async () => {
    const url = tcpUrl('', 'url' in options ? options.url : undefined);
    const refused = open({ ...options, url });
    await expect(refused).rejects.toThrow(StoreUnavailable);
    await expect(refused).rejects.toThrow(reason);
  });
}

test('a database that has no TLS any more is refused, and told nothing in clear text', async () => {
  const store = await open({ url: tcpUrl(), tls: { ca } });
  await store.put('vm-1', '{"before":1}');
  await server.stop();
  await server.start(false);
  try {
    const refusal = /server does not support SSL connections/;
    await expect(store.get('vm-1')).rejects.toThrow(refusal);
    await expect(open({ url: tcpUrl(), tls: true })).rejects.toThrow(refusal);
  } finally {
    await server.stop();
    await server.start();
  }
  expect(await store.get('vm-1')).toBe('{"before":1}');
  await store.close();
  // The same from the other end: all that comes is the question for TLS.
  let hangUp: () => void = () => undefined;
  const hungUp = new Promise<void>((resolve) => (hangUp = resolve));
  await using line = await listening((socket) => {
    socket.once('data', () => socket.write('N')).once('close', () => hangUp());
  });
  await expect(open({ url: tcpUrl('', '127.0.0.1', line.port), tls: { ca } })).rejects.toThrow();
  await hungUp;
  expect(line.received()).toEqual(Buffer.from('0000000804d2162f', 'hex'));
});

test('a query that is under way when the database is killed fails, and works when it is back', async () => {
  const store = await open();
  await store.put('vm-1', '{"before":1}');
  const holder = await connectTo(server);
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE registry_instances');
  const waiting = [store.put('vm-1', '{"new":1}'), store.get('vm-1'), store.remove('vm-2')];
  const settled = Promise.allSettled(waiting);
  await expect
    .poll(() =>
      asked("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'").then(
        (all) => all.length,
      ),
    )
    .toBe(3);
  await server.stop('SIGQUIT');
  for (const one of await settled) {
    expect(one).toMatchObject({ status: 'rejected', reason: { name: 'StoreUnavailable' } });
  }
  await expect(store.check()).rejects.toThrow(StoreUnavailable);
  await server.start();
  await store.check();
  expect(await store.get('vm-1')).toBe('{"before":1}');
  await store.put('vm-1', '{"new":2}');
  expect(await store.get('vm-1')).toBe('{"new":2}');
  await store.close();
});

test('more requests than connections wait for one, and all are answered', async () => {
  const store = await open();
  await Promise.all(Array.from({ length: 60 }, (_, one) => store.put(`vm-${one}`, `{"n":${one}}`)));
  const read = await Promise.all(Array.from({ length: 60 }, (_, one) => store.get(`vm-${one}`)));
  expect(read).toEqual(Array.from({ length: 60 }, (_, one) => `{"n":${one}}`));
  const [{ count } = { count: '' }] = await asked<{ count: string }>(
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cloudstack-registry'",
  );
  expect(Number(count)).toBeLessThanOrEqual(10);
  await store.close();
});

test('a database that falls silent is given up, also while it is asked, and used when it speaks', async () => {
  let isSilent = false;
  await using line = await listening((socket) => {
    const far = connect(server.port, '127.0.0.1');
    for (const [from, to] of [
      [socket, far],
      [far, socket],
    ] as const) {
      from.on('error', () => undefined).on('close', () => to.destroy());
      from.on('data', (bytes) => isSilent || to.write(bytes));
    }
  });
  const patience = { connectWithinMs: 500, answerWithinMs: 500 };
  const url = tcpUrl('', '127.0.0.1', line.port);
  const store = await open({ url, ...patience });
  await store.put('vm-1', '{"before":1}');
  isSilent = true;
  await expect(store.get('vm-1')).rejects.toThrow(/database cannot be used: .*timeout/i);
  await expect(store.check()).rejects.toThrow(StoreUnavailable);
  await expect(open({ url, ...patience })).rejects.toThrow(StoreUnavailable);
  isSilent = false;
  expect(await store.get('vm-1')).toBe('{"before":1}');
  await store.check();
  await store.close();
});
