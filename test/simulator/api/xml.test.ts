// Answers in XML, which is what CloudStack sends unless it is asked for JSON: each form that
// ApiResponseSerializer gives to an object, a list, a map, a job and an error, to the letter; and
// for requests made up at random, that XML and JSON say the same.
import { deepStrictEqual, strictEqual } from 'node:assert';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import type { ApiResponse } from '../../../simulator/api/http.js';
import {
  asyncCommand,
  asyncCreateCommand,
  done,
  everyRole,
  listOf,
  objectOf,
  succeeded,
  success,
  syncCommand,
  type AnyCommand,
} from '../../../simulator/declare/command.js';
import { text } from '../../../simulator/declare/parameter.js';
import {
  booleanField,
  dateField,
  emptyListField,
  integerField,
  listField,
  mapField,
  mapListField,
  responseObject,
  rootOnly,
  stringField,
} from '../../../simulator/declare/response.js';
import { inProcess } from '../../../simulator/doors/in-process.js';
import { CloudException, cloudRuntime } from '../../../simulator/world/cloud-exception.js';
import { assertProperty } from '../../support/property.js';
import { intentions, prelude, requestFor, zoneForLogs } from '../../support/request-log.js';
import { smallApi, type SmallApi } from '../../support/small-api.js';
import { signedQuery, type Values } from '../../support/simulator-client.js';

const head = { summary: 'For this test.', roles: everyRole, parameters: {} };
const START = '<?xml version="1.0" encoding="UTF-8"?>';
const user = { apiKey: 'bosh-key', secretKey: 'bosh-secret' };

interface Thing {
  readonly name: string;
  readonly parts: readonly string[];
}

const part = responseObject<string>('partofit', { name: stringField((name) => name) });
const thing = responseObject<Thing>('thing', {
  name: stringField((row) => row.name),
  size: integerField(() => 7),
  ready: booleanField(() => false),
  created: dateField(() => Date.parse('2021-10-04T09:24:38Z')),
  removed: dateField(() => null),
  part: listField(part, (row) => row.parts),
  tags: emptyListField(),
  details: mapField(() => ({ 'a<b': '1', 'c & d': 'é' })),
  nothing: mapField(() => ({})),
  downloads: mapListField(() => [{ store: 'one' }]),
  word: { type: 'list', value: () => ['one & two', 'three'] },
  host: rootOnly(stringField(() => 'host1')),
});

function ask(command: AnyCommand, values: Values = {}): ApiResponse {
  return get(smallApi([command]), signedQuery(user, command.name, { response: 'xml', ...values }));
}

function get(api: SmallApi, query: string): ApiResponse {
  return inProcess(api)({ method: 'GET', url: `/client/api?${query}` });
}

function listing(rows: readonly Thing[]): AnyCommand {
  return syncCommand({
    ...head,
    name: 'listThings',
    parameters: { page: text(), pagesize: text() },
    response: listOf(thing),
    run: () => rows,
  });
}

function failing(error: Error): AnyCommand {
  return syncCommand({
    ...head,
    name: 'fail',
    response: success,
    run: () => {
      throw error;
    },
  });
}

const thingXml =
  '<name>&quot;&apos;&lt;&gt;&amp;</name><size>7</size><ready>false</ready>' +
  '<created>2021-10-04T09:24:38+0000</created><part><name>p</name></part><part><name>q</name></part>' +
  '<details>{a&lt;b=1, c &amp; d=é}</details><nothing>{}</nothing>' +
  '<word>one & two</word><word>three</word>';

test('an object stands in an element of its name, its lists as elements of theirs', () => {
  const command = syncCommand({
    ...head,
    name: 'getThing',
    response: objectOf(thing),
    run: () => ({ name: `"'<>&`, parts: ['p', 'q'] }),
  });
  expect(ask(command).body).toBe(
    `${START}<getthingresponse cloud-stack-version="4.20.2.0">` +
      `<thing>${thingXml}</thing></getthingresponse>`,
  );
});

test('a list: the count, then each row; an empty one has neither', () => {
  const rows = [
    { name: `"'<>&`, parts: ['p', 'q'] },
    { name: `"'<>&`, parts: ['p', 'q'] },
  ];
  const start = `${START}<listthingsresponse cloud-stack-version="4.20.2.0">`;
  expect(ask(listing(rows)).body).toBe(
    `${start}<count>2</count><thing>${thingXml}</thing><thing>${thingXml}</thing></listthingsresponse>`,
  );
  expect(ask(listing([])).body).toBe(`${start}</listthingsresponse>`);
});

test('success, submitted jobs and created ids stand directly in the wrapper', () => {
  const start = (name: string): string =>
    `${START}<${name}response cloud-stack-version="4.20.2.0">`;
  const plain = syncCommand({ ...head, name: 'doIt', response: success, run: () => undefined });
  expect(ask(plain).body).toBe(`${start('doit')}<success>true</success></doitresponse>`);
  const job = asyncCommand({ ...head, name: 'do', response: success, steps: [() => succeeded] });
  expect(ask(job).body).toMatch(
    /^<\?xml .*\?><doresponse cloud-stack-version="4.20.2.0"><jobid>[0-9a-f-]{36}<\/jobid><\/doresponse>$/,
  );
  const creation = asyncCreateCommand({
    ...head,
    name: 'make',
    response: success,
    subjectType: 'OsType',
    create: ({ world }) => world.osTypes.insert({ description: 'Plan 9', categoryId: 'Plan' }),
    steps: [() => succeeded],
  });
  expect(ask(creation).body).toMatch(
    /><id>[0-9a-f-]{36}<\/id><jobid>[0-9a-f-]{36}<\/jobid><\/makeresponse>$/,
  );
});

test.describe('the result of a job', () => {
  const resultOf = (command: AnyCommand): string => {
    const api = smallApi([command]);
    const jobid = String(api.clientOf('bosh').call(command.name)['jobid']);
    api.kernel.advanceUntilIdle();
    const query = signedQuery(user, 'queryAsyncJobResult', { response: 'xml', jobid });
    const { body } = get(api, query);
    expect(body).toContain(
      '<queryasyncjobresultresponse cloud-stack-version="4.20.2.0"><accountid>',
    );
    return /<jobresult>.*<\/jobresult>/.exec(body)![0];
  };
  const job = { ...head, name: 'work' };

  test('an object, with its maps', () => {
    const command = asyncCommand({
      ...job,
      response: objectOf(thing),
      steps: [() => done({ name: `"'<>&`, parts: ['p', 'q'] })],
    });
    expect(resultOf(command)).toBe(`<jobresult><thing>${thingXml}</thing></jobresult>`);
  });

  test('success', () => {
    const command = asyncCommand({ ...job, response: success, steps: [() => succeeded] });
    expect(resultOf(command)).toBe('<jobresult><success>true</success></jobresult>');
  });

  test('an error', () => {
    const steps = [
      () => {
        throw cloudRuntime('a < b');
      },
    ];
    const command = asyncCommand({ ...job, response: success, steps });
    expect(resultOf(command)).toBe(
      '<jobresult><errorcode>530</errorcode><errortext>a &lt; b</errortext></jobresult>',
    );
  });
});

test.describe('errors', () => {
  const start = '<failresponse cloud-stack-version="4.20.2.0">';

  test('code, cserrorcode and text', () => {
    const reply = ask(failing(new CloudException('InvalidParameterValueException', '"x" & y')));
    expect(reply.status).toBe(431);
    expect(reply.headers).toMatchObject({
      'content-type': 'text/xml; charset=UTF-8',
      'x-description': '"x" & y',
    });
    expect(reply.body).toBe(
      `${START}${start}<errorcode>431</errorcode><cserrorcode>4350</cserrorcode>` +
        `<errortext>&quot;x&quot; &amp; y</errortext></failresponse>`,
    );
  });

  test('what an error is about stands in one uuidList', () => {
    const uuidList = [
      { uuid: 'u-1', description: 'vmId' },
      { uuid: 'u-2', description: 'volumeId' },
    ];
    const error = new CloudException('InvalidParameterValueException', 'no', { uuidList });
    expect(ask(failing(error)).body).toContain(
      `${start}<uuidList><uuid>u-1</uuid><uuidProperty>vmId</uuidProperty>` +
        '<uuid>u-2</uuid><uuidProperty>volumeId</uuidProperty></uuidList><errorcode>431</errorcode>',
    );
  });

  test('a refused signature has neither cserrorcode nor X-Description', () => {
    const reply = ask(failing(cloudRuntime('never reached')), { signature: 'wrong' });
    expect(reply.status).toBe(401);
    expect(reply.headers['x-description']).toBeUndefined();
    expect(reply.body).toBe(
      `${START}${start}<errorcode>401</errorcode>` +
        '<errortext>unable to verify user credentials and/or request signature</errortext></failresponse>',
    );
  });
});

test('only "json" in any case, under that very name, gives JSON', () => {
  const command = syncCommand({ ...head, name: 'doIt', response: success, run: () => undefined });
  const typeOf = (query: string): string => {
    const reply = get(smallApi([command]), query);
    expect(reply.body.startsWith(reply.headers['content-type']!.includes('json') ? '{' : '<')).toBe(
      true,
    );
    return reply.headers['content-type']!;
  };
  for (const json of ['response=json', 'response=JSON', 'response=xml&response=json']) {
    expect(typeOf(`command=doIt&${json}`), json).toBe('application/json; charset=UTF-8');
  }
  for (const xml of ['', 'response=xml', 'response=', 'response=yaml', 'Response=json']) {
    expect(typeOf(`command=doIt&${xml}`), xml).toBe('text/xml; charset=UTF-8');
    expect(typeOf(xml), xml).toBe('text/xml; charset=UTF-8');
  }
});

test('requests made up at random are answered with the same in XML and in JSON', async () => {
  await assertProperty(
    fc.property(intentions, (sequence) => {
      const zones = { json: zoneForLogs().simulator, xml: zoneForLogs().simulator };
      for (const zone of Object.values(zones)) prelude(zone).forEach(inProcess(zone));
      for (const intention of sequence) {
        const [json, xml] = (['json', 'xml'] as const).map((format) => {
          const request = requestFor(zones[format], { ...intention, format });
          return inProcess(zones[format])(request);
        }) as [ApiResponse, ApiResponse];
        strictEqual(xml.status, json.status);
        deepStrictEqual(parsed(xml.body), asXml(JSON.parse(json.body)), json.body);
      }
    }),
    60,
  );
});

function parsed(xml: string): unknown {
  const parser = new XMLParser({
    parseTagValue: false,
    trimValues: false,
    ignoreDeclaration: true,
  });
  return parser.parse(xml);
}

/** Fields that hold a map, which XML shows as Java writes one. */
const MAPS: readonly string[] = [
  'details',
  'accountdetails',
  'serviceofferingdetails',
  'resourcedetails',
  'storagecapabilities',
];

/** A JSON answer as the parser shows the XML that should say the same. */
function asXml(value: unknown, name = ''): unknown {
  if (typeof value !== 'object' || value === null) return String(value);
  if (MAPS.includes(name)) {
    const entries = Object.entries(value).map(([key, text]) => `${key}=${String(text)}`);
    return `{${entries.join(', ')}}`;
  }
  const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    if (!Array.isArray(inner)) return [[key, asXml(inner, key)]];
    if (inner.length === 0 || key === 'downloaddetails') return [];
    if (key === 'uuidList') return [[key, uuidsAsXml(inner)]];
    return [[key, oneOrMany(inner.map((item) => asXml(item)))]];
  });
  return entries.length === 0 ? '' : Object.fromEntries(entries);
}

function uuidsAsXml(items: { uuid: string; description: string }[]): unknown {
  return {
    uuid: oneOrMany(items.map(({ uuid }) => uuid)),
    uuidProperty: oneOrMany(items.map(({ description }) => description)),
  };
}

function oneOrMany(items: readonly unknown[]): unknown {
  return items.length === 1 ? items[0] : items;
}
