// The registry's HTTP API as agents and CPIs use it: who may read and write, what each answer looks
// like, and that nothing a client sends gets in, stays half-written or ends the process.
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { CloudStackError } from '../../../cpi/cloudstack/errors.js';
import { createMemoryStore } from '../../../cpi/registry/memory-store.js';
import { TooManyReads } from '../../../cpi/registry/limited-reads.js';
import { registryApp, type RegistryOptions } from '../../../cpi/registry/registry-app.js';
import { StoreUnavailable, type SettingsStore } from '../../../cpi/registry/settings-store.js';
import { realClock } from '../../../cpi/flow/clock.js';
import type { AccessLine } from '../../../cpi/serving/access-log.js';
import { serve } from '../../../cpi/serving/serve.js';

const users = [
  { username: 'registry', password: 'pass:word-é' },
  { username: 'old', password: 'old-password' },
];

interface Registry {
  readonly url: string;
  readonly store: SettingsStore;
  readonly access: AccessLine[];
  readonly failures: unknown[];
  [Symbol.asyncDispose](): Promise<void>;
}

async function startRegistry(options: Partial<RegistryOptions> = {}): Promise<Registry> {
  const store = options.store ?? createMemoryStore();
  const access: AccessLine[] = [];
  const failures: unknown[] = [];
  const app = registryApp({
    users,
    settingsBytesMax: 10_000,
    nowMs: () => 0,
    onAccess: (line) => access.push(line),
    onFailure: (failure) => failures.push(failure),
    ...options,
    store,
  });
  const serving = await serve(app, {
    host: '127.0.0.1',
    port: 0,
    requestTimeoutMs: 1_000,
    clock: realClock,
    onFailure: (failure) => {
      throw failure;
    },
  });
  return {
    url: serving.endpoint,
    store,
    access,
    failures,
    [Symbol.asyncDispose]: () => serving.stop(0),
  };
}

interface Sent {
  readonly as?: string | undefined;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly method?: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

async function send(
  { url }: Registry,
  path: string,
  { as, method = 'GET', body, ifMatch, ifNoneMatch }: Sent = {},
): Promise<{ status: number; answer: unknown; headers: Headers }> {
  const response = await fetch(`${url}${path}`, {
    method,
    ...(body !== undefined && { body }),
    headers: {
      ...(as !== undefined && { authorization: `Basic ${Buffer.from(as).toString('base64')}` }),
      ...(ifMatch !== undefined && { 'if-match': ifMatch }),
      ...(ifNoneMatch !== undefined && { 'if-none-match': ifNoneMatch }),
    },
  });
  const text = await response.text();
  const answer = text === '' ? undefined : (JSON.parse(text) as unknown);
  return { status: response.status, answer, headers: response.headers };
}

const ours = 'registry:pass:word-é';
const path = '/instances/vm-1/settings';

test('settings are put, read as a text that holds JSON, replaced and removed', async () => {
  await using registry = await startRegistry();
  const settings = '{ "agent_id": "a", "é": [1] }';
  expect(await send(registry, path, { as: ours })).toMatchObject({
    status: 404,
    answer: { status: 'not_found' },
  });
  const put = await send(registry, path, { as: ours, method: 'PUT', body: settings });
  expect(put).toMatchObject({ status: 200, answer: { status: 'ok' } });
  const read = await send(registry, path, { as: 'old:old-password' });
  expect(read).toMatchObject({ status: 200, answer: { status: 'ok', settings } });
  await send(registry, path, { as: ours, method: 'PUT', body: '{}' });
  expect((await send(registry, path, { as: ours })).answer).toEqual({
    status: 'ok',
    settings: '{}',
  });
  for (const time of ['the first', 'the second']) {
    const removed = await send(registry, path, { as: ours, method: 'DELETE' });
    expect(removed, time).toMatchObject({ status: 200, answer: { status: 'ok' } });
  }
  expect((await send(registry, path, { as: ours })).status).toBe(404);
});

test('settings are replaced only where they are still those that were read, if one says so', async () => {
  await using registry = await startRegistry();
  const put = (body: string, ifMatch?: string): ReturnType<typeof send> =>
    send(registry, path, {
      as: ours,
      method: 'PUT',
      body,
      ...(ifMatch !== undefined && { ifMatch }),
    });
  const tagOf = async (): Promise<string> =>
    (await send(registry, path, { as: ours })).headers.get('etag') ?? '';
  const refused = { status: 412, answer: { status: 'precondition_failed' } };
  for (const ifMatch of ['*', '"x"'])
    expect(await put('{"first":1}', ifMatch)).toMatchObject(refused);
  expect(await registry.store.get('vm-1'), 'there is nothing to replace').toBeUndefined();
  await put('{"first":1}');
  const first = await tagOf();
  const second = await put('{"second":1}', first);
  expect(second).toMatchObject({ status: 200, answer: { status: 'ok' } });
  expect(second.headers.get('etag')).toBe(await tagOf());
  for (const ifMatch of [first, `W/${await tagOf()}`, '', '"x", "y"', (await tagOf()).slice(1)]) {
    expect(await put('{"third":1}', ifMatch), ifMatch).toMatchObject(refused);
  }
  expect(await registry.store.get('vm-1')).toBe('{"second":1}');
  expect((await put('no JSON', first)).status, 'what is wrong by itself').toBe(400);
  expect((await put('{"third":1}', `"x", ${await tagOf()}`)).status).toBe(200);
  expect((await put('{"fourth":1}', ' * ')).status).toBe(200);
  expect(await registry.store.get('vm-1')).toBe('{"fourth":1}');
});

test('what is there, or that nothing is, must fit the conditions of any request', async () => {
  await using registry = await startRegistry();
  const statusOf = async (method: string, conditions: Sent = {}): Promise<number> => {
    const body = method === 'PUT' ? { body: '{"new":1}' } : {};
    return (await send(registry, path, { as: ours, method, ...body, ...conditions })).status;
  };
  expect(await statusOf('DELETE', { ifMatch: '*' }), 'there is nothing').toBe(412);
  expect(await statusOf('DELETE', { ifNoneMatch: '*' })).toBe(200);
  expect(await statusOf('PUT', { ifNoneMatch: '*' })).toBe(200);
  await registry.store.put('vm-1', '{"old":1}');
  const { headers } = await send(registry, path, { as: ours });
  const tag = headers.get('etag') ?? '';
  for (const unmet of [
    { ifNoneMatch: '*' },
    { ifNoneMatch: `"x", W/${tag}` },
    { ifMatch: tag, ifNoneMatch: tag },
    { ifMatch: '"other"' },
  ]) {
    for (const method of ['PUT', 'DELETE']) {
      expect(await statusOf(method, unmet), `${method} ${JSON.stringify(unmet)}`).toBe(412);
    }
  }
  expect(await registry.store.get('vm-1')).toBe('{"old":1}');
  expect(await statusOf('GET', { ifMatch: '"other"' })).toBe(412);
  expect(await statusOf('GET', { ifMatch: tag })).toBe(200);
  expect(await statusOf('PUT', { ifNoneMatch: '"other"' })).toBe(200);
  expect(await statusOf('DELETE', { ifMatch: tag }), 'it is another by now').toBe(412);
  expect(await registry.store.get('vm-1')).toBe('{"new":1}');
  expect(await statusOf('DELETE', { ifMatch: '*', ifNoneMatch: tag })).toBe(200);
  expect(await registry.store.get('vm-1')).toBeUndefined();
});

test('users are told whose settings there are, and nobody else is', async () => {
  await using registry = await startRegistry({ mayRead: () => Promise.resolve(true) });
  for (const id of ['vm-1', 'vm-2']) await registry.store.put(id, '{}');
  expect(await send(registry, '/instances', { as: ours })).toMatchObject({
    status: 200,
    answer: { status: 'ok', instances: ['vm-1', 'vm-2'] },
  });
  for (const as of [undefined, 'registry:wrong']) {
    expect(await send(registry, '/instances', { as })).toMatchObject({
      status: 401,
      answer: { status: 'access_denied' },
    });
  }
  for (const method of ['PUT', 'DELETE', 'POST']) {
    const told = await send(registry, '/instances', { as: ours, method });
    expect(told, method).toMatchObject({ status: 405, answer: { status: 'method_not_allowed' } });
    expect(told.headers.get('allow')).toBe('GET, HEAD');
  }
});

for (const [what, as] of [
  ['no credentials', undefined],
  ['a wrong password', 'registry:wrong'],
  ['the password of another user', 'registry:old-password'],
  ['a user without a password', 'registry:'],
  ['an unknown user', 'nobody:pass:word-é'],
  ['a name alone', 'registry'],
  ['nothing in its header', ''],
] as const) {
  test(`with ${what} nobody reads, writes or removes`, async () => {
    await using registry = await startRegistry();
    await registry.store.put('vm-1', '{"secret":1}');
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const body = method === 'PUT' ? { body: '{"mine":1}' } : {};
      const refused = await send(registry, path, { as, method, ...body });
      expect(refused, method).toMatchObject({ status: 401, answer: { status: 'access_denied' } });
      expect(refused.headers.get('www-authenticate')).toBe('Basic realm="Bosh Registry"');
    }
    expect(await registry.store.get('vm-1')).toBe('{"secret":1}');
  });
}

test('unusual Authorization headers let nobody in', async () => {
  await using registry = await startRegistry();
  await registry.store.put('vm-1', '{}');
  const encoded = Buffer.from(ours).toString('base64');
  for (const authorization of [
    `Bearer ${encoded}`,
    `Digest username="registry"`,
    `Basic ${encoded} ${encoded}`,
    'Basic ====',
    `Basic ${ours.replace('é', 'e')}`,
    `Basic ${'A'.repeat(4_000)}`,
  ]) {
    const { status } = await fetch(`${registry.url}${path}`, { headers: { authorization } });
    expect(status, authorization.slice(0, 40)).toBe(401);
  }
  const { status } = await fetch(`${registry.url}${path}`, {
    headers: { authorization: `basic  ${encoded}` },
  });
  expect(status, 'the scheme is written as one likes').toBe(200);
});

test('a reader without credentials gets in by its address alone, and only to read', async () => {
  const asked: string[] = [];
  await using registry = await startRegistry({
    mayRead: (instanceId, address) => {
      asked.push(`${instanceId} ${address}`);
      return Promise.resolve(instanceId === 'vm-1');
    },
  });
  await registry.store.put('vm-1', '{"own":1}');
  await registry.store.put('vm-2', '{"of another":1}');
  expect((await send(registry, path)).status).toBe(200);
  expect((await send(registry, path, { as: 'registry:wrong' })).status).toBe(200);
  expect((await send(registry, '/instances/vm-2/settings')).status).toBe(401);
  expect((await send(registry, path, { method: 'PUT', body: '{}' })).status).toBe(401);
  expect((await send(registry, path, { method: 'DELETE' })).status).toBe(401);
  expect(asked).toEqual(['vm-1 127.0.0.1', 'vm-1 127.0.0.1', 'vm-2 127.0.0.1']);
  await send(registry, path, { as: ours });
  expect(asked, 'who has credentials is not asked for').toHaveLength(3);
  await registry.store.remove('vm-1');
  expect((await send(registry, path)).status, 'the VM itself may know').toBe(404);
});

test('readers who ask too often are told to wait, and no operator is bothered', async () => {
  await using registry = await startRegistry({
    mayRead: () => Promise.reject(new TooManyReads('asked too often')),
  });
  await registry.store.put('vm-1', '{}');
  const told = await send(registry, path);
  expect(told).toMatchObject({ status: 429, answer: { status: 'too_many_requests' } });
  expect(told.headers.get('retry-after')).toBe('1');
  expect((await send(registry, path, { as: ours })).status).toBe(200);
  expect(registry.failures).toEqual([]);
});

for (const [what, mayRead] of [
  ['is let in', () => Promise.resolve(false)],
  ['may ask', () => Promise.reject(new TooManyReads('asked too often'))],
  [
    'can be told apart',
    () =>
      Promise.reject(
        new CloudStackError({
          kind: 'unreachable',
          command: 'listVirtualMachines',
          text: 'refused',
        }),
      ),
  ],
] as const) {
  test(`where nobody ${what}, the answer is the same whether there are settings or not`, async () => {
    await using registry = await startRegistry({ mayRead });
    await registry.store.put('vm-1', '{}');
    const [there, nowhere] = [
      await send(registry, path),
      await send(registry, '/instances/vm-3/settings'),
    ];
    expect(there.status).toBeGreaterThanOrEqual(401);
    expect(nowhere.status).toBe(there.status);
    expect(nowhere.answer).toEqual(there.answer);
  });
}

for (const [what, failure, status, answer] of [
  ['a fault', new Error('no address'), 500, 'error'],
  [
    'CloudStack',
    new CloudStackError({ kind: 'unreachable', command: 'listVirtualMachines', text: 'refused' }),
    503,
    'unavailable',
  ],
] as const) {
  test(`where ${what} keeps addresses from being checked, nobody gets in, and the operator is told`, async () => {
    await using registry = await startRegistry({ mayRead: () => Promise.reject(failure) });
    await registry.store.put('vm-1', '{}');
    expect(await send(registry, path)).toMatchObject({ status, answer: { status: answer } });
    expect(registry.failures).toEqual([failure]);
  });
}

for (const [what, body] of [
  ['empty', ''],
  ['no JSON', 'agent_id: a'],
  ['JSON that is no object', '["a"]'],
  ['null', 'null'],
  ['cut-off JSON', '{"a":'],
  ['not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ['a NUL', '{"a":"\0"}'],
  ['JSON after a byte order mark', '\ufeff{"a":1}'],
] as const) {
  test(`a body that is ${what} is refused and changes nothing`, async () => {
    await using registry = await startRegistry();
    await registry.store.put('vm-1', '{"old":1}');
    const refused = await send(registry, path, { as: ours, method: 'PUT', body });
    expect(refused).toMatchObject({ status: 400, answer: { status: 'bad_request' } });
    expect(await registry.store.get('vm-1')).toBe('{"old":1}');
  });
}

test('a body that is too long is refused before it has all come', async () => {
  await using registry = await startRegistry();
  const { host, port, hostname } = new URL(registry.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const authorization = Buffer.from(ours).toString('base64');
  socket.write(
    `PUT ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Basic ${authorization}\r\n` +
      `Content-Length: 104857600\r\n\r\n${'x'.repeat(20_000)}`,
  );
  const [first] = (await once(socket, 'data')) as [Buffer];
  expect(first.toString()).toContain('413');
  expect(first.toString()).toContain('too_large');
  socket.destroy();
  expect(await registry.store.get('vm-1')).toBeUndefined();
});

test('a body that breaks off changes nothing; one that never ends is given up', async () => {
  await using registry = await startRegistry();
  await registry.store.put('vm-1', '{"old":1}');
  const { host, port, hostname } = new URL(registry.url);
  const authorization = Buffer.from(ours).toString('base64');
  const head =
    `PUT ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Basic ${authorization}\r\n` +
    'Content-Length: 20\r\n\r\n{"new":';
  const cutOff = connect(Number(port), hostname);
  await once(cutOff, 'connect');
  cutOff.end(head);
  cutOff.resume();
  await once(cutOff, 'close');
  const slow = connect(Number(port), hostname);
  await once(slow, 'connect');
  slow.write(head);
  const [told] = (await once(slow, 'data')) as [Buffer];
  expect(told.toString()).toContain('408');
  slow.destroy();
  expect(await registry.store.get('vm-1')).toBe('{"old":1}');
  expect((await send(registry, path, { as: ours })).status, 'it lives').toBe(200);
});

test('who has been told that the body breaks off gets no other answer, and nothing has failed', async () => {
  let tellAnswered = (): void => undefined;
  const answered = new Promise<void>((resolve) => (tellAnswered = resolve));
  await using registry = await startRegistry({
    store: { ...createMemoryStore(), get: () => answered.then(() => undefined) },
    onAccess: () => tellAnswered(),
  });
  const { port, hostname } = new URL(registry.url);
  const authorization = Buffer.from(ours).toString('base64');
  const socket = connect(Number(port), hostname);
  socket.end(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${authorization}\r\n` +
      'Content-Length: 20\r\n\r\nabc',
  );
  const told = await text(socket);
  expect(told).toMatch(/^HTTP\/1\.1 400 [^]*the request breaks off\n$/);
  expect((await send(registry, '/health')).status, 'it lives').toBe(200);
  expect(registry.failures).toEqual([]);
});

test('names that are none are not found, whoever asks', async () => {
  await using registry = await startRegistry();
  for (const name of [
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e',
    'a%00b',
    'a%20b',
    'x'.repeat(256),
    '%E2%82%AC',
    'a;b',
    "a'b",
  ]) {
    const told = await send(registry, `/instances/${name}/settings`, { as: ours });
    expect(told.status, name).toBe(404);
    const put = await send(registry, `/instances/${name}/settings`, {
      as: ours,
      method: 'PUT',
      body: '{}',
    });
    expect(put.status, name).toBe(404);
  }
  expect((await send(registry, '/instances/%ff/settings', { as: ours })).status).toBe(400);
  for (const other of ['/HEALTH', '/Instances', '/INSTANCES/vm-1/settings']) {
    expect((await send(registry, other, { as: ours })).status, other).toBe(404);
  }
  expect((await send(registry, '/', { as: ours })).status).toBe(404);
  expect((await send(registry, '/instances/vm-1', { as: ours })).status).toBe(404);
});

test('other methods are named as not allowed', async () => {
  await using registry = await startRegistry();
  for (const method of ['POST', 'PATCH', 'PROPFIND']) {
    const told = await send(registry, path, { as: ours, method });
    expect(told, method).toMatchObject({ status: 405, answer: { status: 'method_not_allowed' } });
    expect(told.headers.get('allow')).toBe('GET, HEAD, PUT, DELETE');
  }
});

test('a store that cannot do it now is told as such, to clients without details', async () => {
  const away = new StoreUnavailable('disk of host-7 is full');
  await using registry = await startRegistry({
    store: {
      ...createMemoryStore(),
      put: () => Promise.reject(away),
      check: () => Promise.reject(away),
    },
  });
  const put = await send(registry, path, { as: ours, method: 'PUT', body: '{}' });
  expect(put).toMatchObject({ status: 503, answer: { status: 'unavailable' } });
  expect((await send(registry, '/health')).status).toBe(503);
  expect(registry.failures).toEqual([away, away]);
});

test('health needs no credentials and tells nothing else', async () => {
  await using registry = await startRegistry();
  expect(await send(registry, '/health')).toMatchObject({ status: 200, answer: { status: 'ok' } });
});

test('the access log has a line for each request, without any secret', async () => {
  await using registry = await startRegistry();
  await send(registry, `${path}?token=canary-1`, {
    as: ours,
    method: 'PUT',
    body: '{"p":"canary-2"}',
  });
  await send(registry, path, { as: 'registry:canary-3' });
  expect(registry.access).toEqual([
    { method: 'PUT', path, status: 200, durationMs: 0, from: '127.0.0.1' },
    {
      method: 'GET',
      path,
      status: 401,
      durationMs: 0,
      from: '127.0.0.1',
      reason: 'user or password wrong, and check_source_address is off',
    },
  ]);
});
