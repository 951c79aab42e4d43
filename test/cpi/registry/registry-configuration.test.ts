// registry.json is checked as a whole before anything is opened: every problem is named at once, no
// secret is repeated, and what has no effect is told.
import { expect, test } from '@playwright/test';
import { readRegistryConfiguration } from '../../../cpi/registry/registry-configuration.js';

const users = { username: 'registry', password: 'registry-password' };
const cloudstack = {
  endpoint: 'https://cloud.example.com/client/api',
  api_key: 'key-of-cloudstack',
  secret_access_key: 'secret-of-cloudstack',
};

test('a user and a password are enough: the rest has defaults', () => {
  const { registry, cloudStack, warnings } = readRegistryConfiguration(
    JSON.stringify({ registry: users }),
  );
  expect(registry).toMatchObject({ host: '0.0.0.0', port: 25_777, settings_max_kib: 1024 });
  expect(registry.store).toEqual({
    type: 'file',
    path: '/var/vcap/store/cloudstack_registry/registry.sqlite',
  });
  expect(cloudStack).toBeUndefined();
  expect(warnings).toEqual([]);
});

test('addresses are checked through CloudStack where that is asked for', () => {
  const asked = { registry: { ...users, check_source_address: true }, cloudstack };
  expect(readRegistryConfiguration(JSON.stringify(asked)).cloudStack).toEqual({
    endpoint: cloudstack.endpoint,
    apiKey: cloudstack.api_key,
    secretKey: cloudstack.secret_access_key,
    caCert: undefined,
  });
  const without = { registry: { ...users, check_source_address: true } };
  expect(() => readRegistryConfiguration(JSON.stringify(without))).toThrow(
    /cloudstack\.endpoint is missing: registry\.check_source_address needs it/,
  );
});

test('all secrets are known as such', () => {
  const { secrets } = readRegistryConfiguration(
    JSON.stringify({
      registry: {
        ...users,
        additional_users: [{ username: 'old', password: 'old-password' }],
        store: { type: 'postgres', url: 'postgres://u:database-password@db/registry' },
        tls: { certificate: 'c', private_key: 'key-in-pem' },
      },
      cloudstack,
    }),
  );
  for (const secret of [
    'registry-password',
    'old-password',
    'database-password',
    'key-in-pem',
    'key-of-cloudstack',
    'secret-of-cloudstack',
  ]) {
    expect(secrets, secret).toContain(secret);
  }
});

test('every problem is named at once, no secret is repeated', () => {
  const wrong = {
    registry: {
      password: 4711,
      port: 0,
      store: { type: 'postgres', url: 'mysql://u:database-password@db' },
      settings_max_kib: '10',
      additional_users: [{ username: 'old-password' }],
    },
    cloudstack: { endpoint: 'cloud' },
    registri: {},
  };
  const read = (): unknown => readRegistryConfiguration(JSON.stringify(wrong));
  expect(read).toThrow(
    /registry\.username is missing.*registry\.password must be.*got a number.*cloudstack\.endpoint must be an http/,
  );
  expect(read).toThrow(/registry\.port must be a port/);
  expect(read).toThrow(/registry\.store must be \{"type": "file"/);
  expect(read).toThrow(/settings_max_kib must be a whole number of KiB from 1 to 102400/);
  expect(read).toThrow(/registri is unknown and was ignored \(did you mean registry\?\)/);
  for (const secret of ['database-password', 'old-password', '4711']) {
    expect(read).not.toThrow(new RegExp(secret));
  }
});

for (const [what, text] of [
  ['no JSON', 'registry:'],
  ['a list', '[]'],
  ['a section that is no object', '{"registry": "yes"}'],
] as const) {
  test(`${what} is refused`, () => {
    expect(() => readRegistryConfiguration(text)).toThrow(
      /Invalid configuration \(registry\.json\)/,
    );
  });
}

for (const [what, store] of [
  ['an unknown type', { type: 'mysql' }],
  ['a file without a path', { type: 'file' }],
  ['a database without an address', { type: 'postgres' }],
  ['TLS that is neither on nor off', { type: 'postgres', url: 'postgres://db/r', tls: 'yes' }],
  ['TLS by its URL', { type: 'postgres', url: 'postgres://db/r?sslmode=disable', tls: true }],
  ['an authority by its URL', { type: 'postgres', url: 'postgres://db/r?a=b&sslrootcert=/x' }],
  ['rules of libpq by its URL', { type: 'postgres', url: 'postgres://db/r?uselibpqcompat=true' }],
] as const) {
  test(`a store with ${what} is refused`, () => {
    const text = JSON.stringify({ registry: { ...users, store } });
    expect(() => readRegistryConfiguration(text)).toThrow(/registry\.store must be/);
  });
}

for (const [what, url] of [
  ['@ and /', 'postgres://registry:pa@ss/canary@db/registry'],
  ['@', 'postgres://registry:can@ry-canary@db/registry'],
  ['/', 'postgres://registry:12/canary@db/registry'],
  ['#', 'postgres://registry:#canary@db/registry'],
  ['%', 'postgres://registry:100%canary@db/registry'],
] as const) {
  test(`a URL whose password has ${what} as it is: to be percent-encoded, and not told`, () => {
    const store = { type: 'postgres', url };
    const read = (): unknown =>
      readRegistryConfiguration(JSON.stringify({ registry: { ...users, store } }));
    expect(read).toThrow(/its url cannot be read: percent-encode .*@ is %40/);
    expect(read).not.toThrow(/canary|pa@|ss\/|ry-/);
  });
}

test('a percent-encoded password is taken', () => {
  const store = { type: 'postgres', url: 'postgres://registry:p%40ss%2Fword@db:5432/registry' };
  const text = JSON.stringify({ registry: { ...users, store } });
  expect(readRegistryConfiguration(text).registry.store).toEqual(store);
});

for (const [given, part] of [
  [{ store: { type: 'file' } }, /registry\.store must .*, got an object: its path is no text/],
  [{ store: { type: 'sqlite' } }, /registry\.store .*: its type is none of file, postgres/],
  [{ store: { type: 'postgres', url: 'postgres://d', tls: 1 } }, /store .*: its tls is neither/],
  [{ additional_users: [users, {}] }, /additional_users .*: number 2 of the list has no username/],
  [{ additional_users: [{ username: 'old' }] }, /: number 1 of the list has no password/],
] as const) {
  test(`a wrong part is told where it is: ${JSON.stringify(given)}`, () => {
    const text = JSON.stringify({ registry: { ...users, ...given } });
    expect(() => readRegistryConfiguration(text)).toThrow(part);
  });
}

test('a key without effect is told, with the nearest name', () => {
  const text = JSON.stringify({ registry: { ...users, prot: 1 } });
  expect(readRegistryConfiguration(text).warnings).toEqual([
    'registry.prot is unknown and was ignored (did you mean port?)',
  ]);
});
