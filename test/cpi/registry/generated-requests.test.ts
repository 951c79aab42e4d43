// Requests that nobody would send: random methods, names, credentials, headers and bodies, and random
// bytes in place of HTTP. Each is answered as its parts say, changes the store only if it may, and
// leaves the registry serving. SEED repeats a run.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from '@playwright/test';
import fc from 'fast-check';
import { createMemoryStore } from '../../../cpi/registry/memory-store.js';
import { assertProperty } from '../../support/property.js';
import {
  registryCredentials,
  startSettingsRegistry,
  type SettingsRegistry,
} from '../../support/settings-registry.js';

const settingsBytesMax = 300;
const { username, password } = registryCredentials;
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

interface Sent {
  readonly method: string;
  /** As it stands in the path. */
  readonly name: string;
  readonly authorization: string | undefined;
  readonly body: Buffer;
  readonly headers: OutgoingHttpHeaders;
}

/** What HTTP lets stand in a header. */
const headerText = fc.string({
  unit: fc.constantFrom(...Array.from('abcXYZ019 :;,=/+-_.~!"#$%&\'()*<>?@[]^`{|}')),
  maxLength: 60,
});

const soundNames = ['vm-1', 'a.b:c_D', '__proto__', 'constructor', 'x'.repeat(255)];
const names = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...soundNames) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '..%2f..%2fetc',
      '%2e%2e',
      'a%00b',
      '%ff',
      '%',
      '%E2%82%AC',
      'x'.repeat(256),
      'x'.repeat(9_000),
    ),
  },
  { weight: 2, arbitrary: fc.string().map(encodeURIComponent) },
);

const authorizations = fc.oneof(
  { weight: 4, arbitrary: fc.constant(basic(`${username}:${password}`)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      undefined,
      '',
      'Basic',
      'Basic =',
      basic(username),
      basic(`${username}:`),
      basic(`:${password}`),
      basic(`${username}:${password}\0`),
      basic(`${username.toUpperCase()}:${password}`),
      `Bearer ${basic(`${username}:${password}`)}`,
    ),
  },
  { weight: 1, arbitrary: headerText },
  { weight: 1, arbitrary: fc.string().map((any) => basic(any)) },
);

const deep = '['.repeat(120) + ']'.repeat(120);
const bodies = fc
  .oneof(
    {
      weight: 3,
      arbitrary: fc.dictionary(fc.string(), fc.jsonValue()).map((o) => JSON.stringify(o)),
    },
    { weight: 1, arbitrary: fc.json() },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', '{', '{}', ' {} ', '\ufeff{}', `{"a":${deep}}`, '{"a":1}\0'),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(`{"a":"${'é'.repeat(160)}"}`, `{"a":"${'x'.repeat(291)}"}`),
    },
  )
  .map((any) => Buffer.from(any));
const bytes = fc.uint8Array({ maxLength: 400 }).map((any) => Buffer.from(any));

const sent: fc.Arbitrary<Sent> = fc.record({
  method: fc.constantFrom(
    'GET',
    'PUT',
    'PUT',
    'PUT',
    'DELETE',
    'HEAD',
    'POST',
    'PATCH',
    'PROPFIND',
  ),
  name: names,
  authorization: authorizations,
  body: fc.oneof({ weight: 3, arbitrary: bodies }, { weight: 1, arbitrary: bytes }),
  headers: fc.record(
    {
      'content-type': headerText,
      'content-encoding': fc.constantFrom('gzip', 'br', 'x'),
      accept: headerText,
      'if-match': fc.oneof(headerText, fc.constant('*')),
      'if-none-match': fc.oneof(headerText, fc.constant('*')),
      'x-forwarded-for': fc.constantFrom('127.0.0.1', '10.0.0.1'),
      'transfer-encoding': fc.constant('chunked'),
    },
    { requiredKeys: [] },
  ),
});

/** What the parts of a request say about its answer. */
function expectedStatus(
  { method, name, authorization, body, headers }: Sent,
  held: boolean,
): number {
  const decoded = decodedName(name);
  if (decoded === undefined) return 400;
  if (!/^(?!\.{1,2}$)[\w.:-]{1,255}$/.test(decoded)) return 404;
  if (!['GET', 'HEAD', 'PUT', 'DELETE'].includes(method)) return 405;
  if (authorization !== basic(`${username}:${password}`)) return 401;
  // No other text happens to be the tag of what is there.
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  const isMatched = ifMatch === undefined || (held && ifMatch.trim() === '*');
  const isSame = held && ifNoneMatch?.trim() === '*';
  if (method === 'GET' || method === 'HEAD') {
    if (!held) return 404;
    return isMatched ? (isSame ? 304 : 200) : 412;
  }
  const done = isMatched && !isSame ? 200 : 412;
  if (method === 'DELETE') return done;
  if (body.length > settingsBytesMax) return 413;
  if (!isObjectText(body)) return 400;
  return done;
}

function decodedName(name: string): string | undefined {
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

function isObjectText(body: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(textOf(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** With the mark that some programs begin texts with: no JSON has it. */
function textOf(body: Buffer): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
}

async function answerTo(
  { endpoint }: SettingsRegistry,
  { method, name, authorization, body, headers }: Sent,
): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(endpoint);
  // The path as it is: a URL would be made tidy.
  const path = `/instances/${name}/settings`;
  const outgoing = request({
    hostname,
    port,
    path,
    method,
    agent: false,
    headers: {
      ...headers,
      ...(authorization !== undefined && { authorization }),
      ...(headers['transfer-encoding'] === undefined && { 'content-length': body.length }),
    },
  });
  // Who is refused before all has been sent may find the line closed.
  outgoing.on('error', () => undefined);
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: await text(response) };
}

test('any request is answered as its parts say, and changes only what it may', async () => {
  const store = createMemoryStore();
  const failures: unknown[] = [];
  await using registry = await startSettingsRegistry({
    store,
    settingsBytesMax,
    onFailure: (failure) => failures.push(failure),
  });
  const held = new Map<string, string>();
  await assertProperty(
    fc.asyncProperty(sent, async (one) => {
      const name = decodedName(one.name) ?? '';
      const expected = expectedStatus(one, held.has(name));
      const { status, body } = await answerTo(registry, one);
      assert.equal(status, expected, body);
      if (one.method !== 'HEAD' && status !== 304) assert.equal(typeof JSON.parse(body), 'object');
      if (status === 200 && one.method === 'GET') {
        assert.deepEqual(JSON.parse(body), { status: 'ok', settings: held.get(name) });
      }
      if (status === 200 && one.method === 'PUT') held.set(name, textOf(one.body));
      if (status === 200 && one.method === 'DELETE') held.delete(name);
      for (const known of [name, ...soundNames]) {
        assert.equal(await store.get(known), held.get(known), known);
      }
    }),
    600,
  );
  assert.deepEqual(failures, []);
});

test('bytes that are no HTTP end their connection and nothing else', async () => {
  await using registry = await startSettingsRegistry();
  const { hostname, port } = new URL(registry.endpoint);
  const head = `PUT /instances/vm-1/settings HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(`${username}:${password}`)}\r\n`;
  const starts = [
    '',
    head,
    `${head}Content-Length: 5\r\nContent-Length: 6\r\n\r\n`,
    `${head}Content-Length: -1\r\n\r\n`,
    `${head}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n`,
    `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
    `${head}X: ${'x'.repeat(20_000)}\r\n\r\n`,
    `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`,
  ];
  await assertProperty(
    fc.asyncProperty(fc.constantFrom(...starts), fc.uint8Array(), async (start, noise) => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.resume();
      socket.end(Buffer.concat([Buffer.from(start), noise]));
      await once(socket, 'close');
      assert.equal((await fetch(`${registry.endpoint}/health`)).status, 200);
      assert.deepEqual(await registry.entries(), {});
    }),
    150,
  );
});
