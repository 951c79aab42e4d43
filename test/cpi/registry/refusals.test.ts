// Each refusal of the registry says why, in a sentence to the client and in the access log; to who is
// not let in the same sentence whatever is there, and never anything that was sent.
import { expect, test } from '@playwright/test';
import { CloudStackError } from '../../../cpi/cloudstack/errors.js';
import { createMemoryStore } from '../../../cpi/registry/memory-store.js';
import { TooManyReads } from '../../../cpi/registry/limited-reads.js';
import type { RegistryOptions } from '../../../cpi/registry/registry-app.js';
import { StoreUnavailable } from '../../../cpi/registry/settings-store.js';
import type { AccessLine } from '../../../cpi/serving/access-log.js';
import { registryCredentials, startSettingsRegistry } from '../../support/settings-registry.js';

const { username, password } = registryCredentials;
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const ours = basic(`${username}:${password}`);
const there = '/instances/vm-1/settings';
const nowhere = '/instances/vm-9/settings';

interface Refused {
  readonly status: number;
  readonly answer: unknown;
  /** What the access log has. */
  readonly logged: string | undefined;
}

async function refusalOf(
  path: string,
  { options = {}, ...init }: RequestInit & { readonly options?: Partial<RegistryOptions> } = {},
): Promise<Refused> {
  const lines: AccessLine[] = [];
  const store = createMemoryStore();
  await store.put('vm-1', '{"canary":1}');
  await using registry = await startSettingsRegistry({
    store,
    settingsBytesMax: 100,
    onAccess: (line) => lines.push(line),
    ...options,
  });
  const response = await fetch(`${registry.endpoint}${path}`, init);
  const answer = (await response.json()) as unknown;
  await expect.poll(() => lines.length).toBe(1);
  expect(JSON.stringify([answer, lines]).replace(path, '')).not.toContain('canary');
  return { status: response.status, answer, logged: lines[0]?.reason };
}

const asUser = { headers: { authorization: ours } };
const putOf = (body: BodyInit): RequestInit => ({ ...asUser, method: 'PUT', body });

for (const [what, path, init, status, word, reason] of [
  ['settings that are not there', nowhere, asUser, 404, 'not_found', /^there are no settings of/],
  ['a name that is none', '/instances/a%20canary/settings', asUser, 404, 'not_found', /^a name is/],
  ['a path that is none', '/canary', {}, 404, 'not_found', /^settings are at \/instances\/NAME/],
  ['a path without meaning', '/instances/%zz/settings', asUser, 400, 'bad_request', /^the path/],
  [
    'another method',
    there,
    { ...asUser, method: 'POST' },
    405,
    'method_not_allowed',
    /PUT, DELETE/,
  ],
  ['no body', there, putOf(''), 400, 'bad_request', /a JSON object: it is empty$/],
  ['no JSON', there, putOf('canary: 1'), 400, 'bad_request', /a JSON object: it is not JSON$/],
  ['a list', there, putOf('["canary"]'), 400, 'bad_request', /: it is JSON, and no object$/],
  ['a mark before JSON', there, putOf('\ufeff{}'), 400, 'bad_request', /a byte order mark$/],
  ['no UTF-8', there, putOf(Uint8Array.of(0xff)), 400, 'bad_request', /: it is not UTF-8$/],
  ['too much', there, putOf('x'.repeat(101)), 413, 'too_large', /have 100 bytes at most/],
  [
    'a condition that is not met',
    there,
    { headers: { authorization: ours, 'if-match': '"canary"' } },
    412,
    'precondition_failed',
    /If-Match/,
  ],
] as const) {
  test(`${what}: ${status}, with the reason to the client and in the log`, async () => {
    const refused = await refusalOf(path, init);
    expect(refused).toEqual({
      status,
      answer: { status: word, reason: expect.stringMatching(reason) as unknown },
      logged: (refused.answer as { reason: string }).reason,
    });
  });
}

for (const [what, authorization, mayRead, logged] of [
  ['nothing', undefined, undefined, 'no credentials, and check_source_address is off'],
  [
    'a wrong password',
    basic(`${username}:canary`),
    undefined,
    'user or password wrong, and check_source_address is off',
  ],
  [
    'another scheme',
    'Bearer canary',
    undefined,
    'no credentials of HTTP Basic, and check_source_address is off',
  ],
  [
    'the address of another VM',
    undefined,
    () => Promise.resolve(false),
    'no credentials, and the address is not known to be that of the VM',
  ],
] as const) {
  test(`who comes with ${what} is told the same whatever is there; the log knows more`, async () => {
    const headers = authorization === undefined ? {} : { authorization };
    for (const path of [there, nowhere]) {
      expect(await refusalOf(path, { headers, options: { mayRead } })).toEqual({
        status: 401,
        answer: {
          status: 'access_denied',
          reason: 'this needs user and password of a user of the registry, by HTTP Basic',
        },
        logged,
      });
    }
    const [written] = logged.split(', and');
    const put = await refusalOf(there, { headers, method: 'PUT', body: '{}' });
    expect(put).toMatchObject({ status: 401, logged: written });
  });
}

for (const [what, failure, status, word, reason] of [
  ['the store', new StoreUnavailable('canary'), 503, 'unavailable', /^the store cannot do it now/],
  [
    'CloudStack',
    new CloudStackError({ kind: 'unreachable', command: 'listVirtualMachines', text: 'canary' }),
    503,
    'unavailable',
    /^whose the address is cannot be asked now/,
  ],
  ['a limit', new TooManyReads('too many ask at once'), 429, 'too_many_requests', /^too many ask/],
  ['a fault', new Error('canary'), 500, 'error', /^a fault of the registry/],
] as const) {
  test(`where ${what} fails, the client is told that much and no more`, async () => {
    const options = { mayRead: (): Promise<never> => Promise.reject(failure) };
    expect(await refusalOf(there, { options })).toEqual({
      status,
      answer: { status: word, reason: expect.stringMatching(reason) as unknown },
      logged: expect.stringMatching(reason) as unknown,
    });
  });
}

test('health says that the store does not work', async () => {
  const check = (): Promise<never> => Promise.reject(new StoreUnavailable('canary'));
  const refused = await refusalOf('/health', {
    options: { store: { ...createMemoryStore(), check } },
  });
  expect(refused).toMatchObject({
    status: 503,
    logged: expect.stringMatching(/^the store cannot/),
  });
});
