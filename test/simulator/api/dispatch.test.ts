// The way of a request through the API: who may call what, in the order in which CloudStack checks
// it, and under which key and with which headers the answer stands.
import { expect, test } from '@playwright/test';
import { replyOf, type ApiResponse } from '../../../simulator/api/http.js';
import { everyRole, flat, success, syncCommand } from '../../../simulator/declare/command.js';
import { text } from '../../../simulator/declare/parameter.js';
import { stringField } from '../../../simulator/declare/response.js';
import { cloudRuntime, CloudException } from '../../../simulator/world/cloud-exception.js';
import { HOST_NOW_MS, smallApi, type SmallApi } from '../../support/small-api.js';
import { signedQuery, type Keys, type Values } from '../../support/simulator-client.js';

const echo = syncCommand({
  name: 'echoText',
  summary: 'Answers with its text.',
  roles: everyRole,
  parameters: { text: text() },
  response: flat<string>({ text: stringField((value) => value) }),
  run: (_, args) => args.text ?? '',
});
const adminOnly = syncCommand({
  name: 'adminOnly',
  summary: 'For root admins.',
  roles: ['Admin'],
  parameters: {},
  response: success,
  run: () => undefined,
});
const user: Keys = { apiKey: 'bosh-key', secretKey: 'bosh-secret' };
const admin: Keys = { apiKey: 'admin-key', secretKey: 'admin-secret' };
const CREDENTIALS = 'unable to verify user credentials and/or request signature';

function get(api: SmallApi, query: string, changes: object = {}): ApiResponse {
  const outcome = api.dispatch({
    method: 'GET',
    query,
    contentType: '',
    body: '',
    hostNowMs: HOST_NOW_MS,
    ...changes,
  });
  return replyOf(outcome);
}

function call(api: SmallApi, keys: Keys, command: string, values: Values = {}): ApiResponse {
  return get(api, signedQuery(keys, command, values));
}

function answer(response: ApiResponse): [number, unknown] {
  return [response.status, JSON.parse(response.body)];
}

function unauthorized(wrapper: string): [number, unknown] {
  return [401, { [wrapper]: { uuidList: [], errorcode: 401, errortext: CREDENTIALS } }];
}

test('a signed request is answered under the wrapper of its command', () => {
  const response = call(smallApi([echo]), user, 'echoText', { text: 'a b' });
  expect(answer(response)).toEqual([200, { echotextresponse: { text: 'a b' } }]);
});

test('a command may have a wrapper of its own, also for its errors', () => {
  const api = smallApi([{ ...echo, wrapper: 'somethingElse' }]);
  expect(answer(call(api, user, 'echoText'))).toEqual([200, { somethingElse: { text: '' } }]);
  expect(answer(call(api, { ...user, secretKey: 'wrong' }, 'echoText'))).toEqual(
    unauthorized('somethingElse'),
  );
});

test('headers: type, world time, and an error also as a header of printable characters', () => {
  const api = smallApi([echo]);
  api.kernel.advanceBy(61_000);
  expect(call(api, user, 'echoText').headers).toEqual({
    'content-type': 'application/json; charset=UTF-8',
    date: 'Thu, 01 Jan 2026 00:01:01 GMT',
    'x-content-type-options': 'nosniff',
    'x-xss-protection': '1;mode=block',
    'content-security-policy':
      '1, default-src=none, script-src=self, connect-src=self, img-src=self, style-src=self',
  });
  const refused = call(api, user, 'echoText', { text: 'x'.repeat(256), colour: 'blau\nö' });
  expect(refused.headers['x-description']).toContain('colour');
  const unprintable = call(api, user, 'echoText', { 'ö\n[0]': '1' });
  expect(unprintable.headers['x-description']).toContain('Unable to decode parameter ??[0]');
});

test('a request without a command is answered under the key "null"', () => {
  const api = smallApi([echo]);
  for (const query of ['response=json', 'response=json&Command=echoText']) {
    expect(answer(get(api, query))).toEqual(unauthorized('null'));
  }
  const empty = answer(get(api, 'response=json&command='));
  expect(empty).toEqual(unauthorized('errorresponse'));
});

test('an unknown command is a 401 even with good credentials; its case counts', () => {
  const api = smallApi([echo]);
  expect(answer(call(api, admin, 'destroyEverything'))).toEqual(unauthorized('errorresponse'));
  expect(answer(call(api, admin, 'echotext'))).toEqual(unauthorized('errorresponse'));
  expect(answer(call(api, admin, 'constructor'))).toEqual(unauthorized('errorresponse'));
});

test('GET and POST are the same', () => {
  const api = smallApi([echo]);
  const body = signedQuery(user, 'echoText', { text: 'a' });
  const form = { contentType: 'application/x-www-form-urlencoded', body };
  expect(get(api, '', { method: 'POST', ...form }).body).toBe(get(api, body).body);
});

for (const [method, status, text] of [
  ['PUT', 405, 'HTTP method PUT is not supported by this URL'],
  ['DELETE', 405, 'Http method DELETE is not supported by this URL'],
  ['PATCH', 501, 'Method PATCH is not defined in RFC 2068 and is not supported by the Servlet API'],
] as const) {
  test(`${method} gets the page of the web server, whatever it asks for`, () => {
    const api = smallApi([echo]);
    const refused = get(api, signedQuery(user, 'echoText', { text: 'a' }), { method });
    expect(refused.status).toBe(status);
    expect(refused.headers).toEqual({
      'content-type': 'text/html;charset=iso-8859-1',
      'cache-control': 'must-revalidate,no-cache,no-store',
      date: 'Thu, 01 Jan 2026 00:00:00 GMT',
    });
    expect(refused.body).toContain(`<title>Error ${status} ${text}</title>`);
    expect(refused.body).toContain(`<tr><th>MESSAGE:</th><td>${text}</td></tr>`);
  });
}

test('OPTIONS tells which methods there are', () => {
  const { status, headers, body } = get(smallApi([echo]), '', { method: 'OPTIONS' });
  expect([status, headers['allow'], body]).toEqual([200, 'GET, HEAD, POST, TRACE, OPTIONS', '']);
});

test('a value that looks like an escape comes out as its character, or breaks the JSON', () => {
  const text = (value: string): string =>
    call(smallApi([echo]), user, 'echoText', { text: value }).body;
  expect(text('ü<&>\\u00')).toBe('{"echotextresponse":{"text":"ü<&>\\\\u00"}}');
  expect(text('a\\u0022b')).toBe('{"echotextresponse":{"text":"a\\"b"}}');
  expect(text('a\\u0041b')).toBe('{"echotextresponse":{"text":"a\\Ab"}}');
  expect(() => JSON.parse(text('a\\u0041b')) as unknown).toThrow(SyntaxError);
});

test('HEAD is GET without the body, of which it tells the length', () => {
  const query = signedQuery(user, 'echoText', { text: 'ä' });
  const { status, headers, body } = get(smallApi([echo]), query);
  expect(get(smallApi([echo]), query, { method: 'HEAD' })).toEqual({
    status,
    headers: { ...headers, 'content-length': String(body.length + 1) },
    body: '',
  });
});

test.describe('credentials are checked one after the other', () => {
  const query = (values: Values = {}, keys = user): string => signedQuery(keys, 'echoText', values);
  const without = (name: string): string =>
    query()
      .split('&')
      .filter((part) => !part.startsWith(`${name}=`))
      .join('&');
  const cases: readonly (readonly [string, string])[] = [
    ['no signature', without('signature')],
    ['no API key', without('apiKey')],
    ['an unknown API key', query({}, { ...user, apiKey: 'stranger' })],
    ['a wrong secret', query({}, { ...user, secretKey: 'wrong' })],
    ["another user's secret", query({}, { ...user, secretKey: 'admin-secret' })],
    ['a parameter added after signing', `${query()}&text=b`],
    ['version 3 without expires', query({ signatureVersion: 3 })],
    ['version 3, expires is no time', query({ signatureVersion: 3, expires: 'tomorrow' })],
    [
      'version 3, a second too late',
      query({ signatureVersion: 3, expires: '2026-05-01T09:59:59Z' }),
    ],
  ];
  for (const [what, sent] of cases) {
    test(`${what}: 401`, () => {
      expect(answer(get(smallApi([echo]), sent))).toEqual(unauthorized('echotextresponse'));
    });
  }

  for (const [what, values] of [
    ['version 3, not expired yet', { signatureVersion: 3, expires: '2026-05-01T10:00:01Z' }],
    [
      'version 3 with its names in lower case',
      { signatureversion: 3, expires: '2026-05-01T12:00:00+0200' },
    ],
    ['another version, expired', { signatureVersion: 2, expires: '2020-01-01T00:00:00Z' }],
    ['expires without a version', { expires: 'whatever' }],
  ] as const) {
    test(`${what}: accepted`, () => {
      expect(get(smallApi([echo]), query(values)).status).toBe(200);
    });
  }

  test("an expiry goes by the host's time, not the world's", () => {
    const api = smallApi([echo]);
    api.kernel.advanceBy(300 * 86_400_000);
    const sent = query({ signatureVersion: 3, expires: '2026-05-01T10:00:01Z' });
    expect(get(api, sent).status).toBe(200);
    expect(get(api, sent, { hostNowMs: HOST_NOW_MS + 2_000 }).status).toBe(401);
  });

  test('a disabled user and a user of a disabled account are refused', () => {
    for (const disabled of ['user', 'account'] as const) {
      const api = smallApi([echo]);
      const row = api.world.users.where('apiKey', user.apiKey)[0]!;
      if (disabled === 'user') api.world.users.move(row, 'Disable');
      else api.world.accounts.move(api.world.accounts.require(row.accountId), 'Disable');
      expect(answer(get(api, query()))).toEqual(unauthorized('echotextresponse'));
    }
  });
});

test('a role that may not call a command is told so under errorresponse', () => {
  const api = smallApi([adminOnly]);
  const refusal = [
    432,
    {
      errorresponse: {
        uuidList: [],
        errorcode: 432,
        cserrorcode: 9999,
        errortext: 'The API [adminOnly] does not exist or is not available for the account bosh.',
      },
    },
  ];
  expect(answer(call(api, user, 'adminOnly'))).toEqual(refusal);
  // The role is checked before the signature, but after the key and its expiry.
  expect(answer(call(api, { ...user, secretKey: 'wrong' }, 'adminOnly'))).toEqual(refusal);
  expect(answer(call(api, { ...user, apiKey: 'stranger' }, 'adminOnly'))).toEqual(
    unauthorized('adminonlyresponse'),
  );
  expect(call(api, admin, 'adminOnly').status).toBe(200);
});

test('a parameter that is not simulated is refused by name, or ignored when loose', () => {
  for (const name of ['colour', 'constructor', 'tags[0].key']) {
    const refused = smallApi([echo])
      .clientOf('bosh')
      .fails('echoText', { [name]: 'blue' });
    expect(refused).toMatchObject({ httpStatus: 432, wrapper: 'errorresponse' });
    expect(refused.errortext).toContain(`the parameter ${name.replace(/\[.*/, '')} of echoText`);
    const loose = smallApi([echo], { loose: true }).clientOf('bosh');
    expect(loose.call('echoText', { [name]: 'blue' })).toEqual({ text: '' });
  }
});

test.describe('texts of what went wrong inside', () => {
  const failing = (error: unknown): SmallApi =>
    smallApi([
      syncCommand({
        name: 'fail',
        summary: 'Fails.',
        roles: everyRole,
        parameters: {},
        response: success,
        run: () => {
          throw error;
        },
      }),
    ]);
  const MASKED = 'Internal error executing command, please contact your system administrator';

  for (const [exception, httpStatus, isMasked] of [
    ['InvalidParameterValueException', 431, false],
    ['PermissionDeniedException', 531, false],
    ['AccountLimitException', 532, false],
    ['InsufficientCapacityException', 533, true],
    ['ResourceUnavailableException', 534, true],
    ['ResourceAllocationException', 535, false],
    ['CloudRuntimeException', 530, true],
    ['UncheckedException', 530, true],
  ] as const) {
    test(`${exception}: ${isMasked ? 'masked' : 'shown'} to ordinary users`, () => {
      const api = failing(new CloudException(exception, 'the reason'));
      expect(api.clientOf('admin').fails('fail')).toMatchObject({
        httpStatus,
        errorcode: httpStatus,
        errortext: 'the reason',
        wrapper: 'failresponse',
      });
      const seen = api.clientOf('bosh').fails('fail');
      expect(seen.httpStatus).toBe(httpStatus);
      expect(seen.errortext).toBe(isMasked ? MASKED : 'the reason');
    });
  }

  test('a code that the command itself chose is never masked', () => {
    const error = new CloudException('ServerApiException', 'no room', { httpStatus: 533 });
    expect(failing(error).clientOf('bosh').fails('fail').errortext).toBe('no room');
  });

  test('a mistake of the simulator is a 530 that names it, and is reported', () => {
    const mistake = new TypeError('x is not a function');
    const api = failing(mistake);
    expect(api.clientOf('admin').fails('fail')).toMatchObject({
      httpStatus: 530,
      errortext: 'Unexpected exception: TypeError: x is not a function',
    });
    expect(api.clientOf('bosh').fails('fail').errortext).toBe(MASKED);
    expect(api.faults).toEqual([mistake, mistake]);
  });

  test('a refusal may name the entities it is about', () => {
    const uuidList = [{ uuid: 'u', description: 'vmId' }];
    const api = failing(new CloudException('InvalidParameterValueException', 'no', { uuidList }));
    const { body } = api.clientOf('bosh').send('fail');
    expect(body['failresponse']).toMatchObject({ uuidList });
  });

  test('a 432 thrown inside stands under errorresponse', () => {
    const error = new CloudException('ServerApiException', 'unsupported', { httpStatus: 432 });
    expect(failing(error).clientOf('bosh').fails('fail').wrapper).toBe('errorresponse');
  });

  test('what changed before an error stays logged with its request', () => {
    const api = smallApi([
      syncCommand({
        name: 'halfway',
        summary: 'Fails after a change.',
        roles: everyRole,
        parameters: {},
        response: success,
        run: ({ world }) => {
          world.osTypes.insert({ description: 'Plan 9', categoryId: 'Plan' });
          throw cloudRuntime('halfway');
        },
      }),
    ]);
    api.clientOf('bosh').fails('halfway');
    expect(api.kernel.log.after(0).at(-1)).toMatchObject({
      cause: 'request:1 halfway',
      entity: 'ostype',
    });
  });
});
