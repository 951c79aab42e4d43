// Proves that listApis tells each caller all the commands that it may use and nothing else, that
// what it says of parameters is what the API does, and what a name that is none is answered with.
import { deepStrictEqual, match, strictEqual } from 'node:assert';
import { expect, test } from '@playwright/test';
import { listApis } from '../../../../simulator/commands/api/list-apis.js';
import { commands } from '../../../../simulator/commands/index.js';
import {
  everyRole,
  objectOf,
  success,
  syncCommand,
} from '../../../../simulator/declare/command.js';
import { entity, entityList, freeForm, text } from '../../../../simulator/declare/parameter.js';
import {
  dateField,
  listField,
  mapField,
  mapListField,
  objectField,
  responseObject,
  stringField,
} from '../../../../simulator/declare/response.js';
import { inProcess } from '../../../../simulator/doors/in-process.js';
import { smallApi, type SmallApi } from '../../../support/small-api.js';
import { signedQuery, testSimulator, type Reply } from '../../../support/simulator-client.js';

interface Api {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly required: boolean }[];
}

const UNKNOWN = 'Api Discovery plugin was unable to find an api by that name or process any apis';
const head = { summary: 'For this test.', roles: everyRole };

const inner = responseObject<null>('inner', { word: stringField(() => '') });
const disk = responseObject<null>('volume', {
  id: stringField(() => ''),
  created: dateField(() => 0),
  part: listField(inner, () => []),
  details: mapField(() => ({})),
  store: mapListField(() => []),
  result: objectField(() => ({})),
});
const changeDisk = syncCommand({
  ...head,
  name: 'changeDisk',
  parameters: {
    id: entity('volume', { required: true, description: 'the volume to change' }),
    zoneids: entityList('zone', { since: '4.19' }),
    userdata: text({ maxLength: 1_048_576 }),
    details: freeForm(),
    deploymentplanner: text({ rootOnly: true }),
  },
  response: objectOf(disk),
  run: () => null,
});
const readDisk = { ...changeDisk, name: 'readDisk' };
const forAdmins = syncCommand({
  ...head,
  name: 'forAdmins',
  roles: ['Admin'],
  parameters: {},
  response: success,
  run: () => undefined,
});

function api(): SmallApi {
  return smallApi([changeDisk, readDisk, forAdmins, listApis]);
}

function listed(account: 'admin' | 'bosh', name: string): Reply {
  return api().clientOf(account).call('listApis', { name })['api'][0];
}

test('a command is described with its parameters, its answer and its relatives', () => {
  expect(listed('bosh', 'changeDisk')).toEqual({
    name: 'changeDisk',
    description: 'For this test.',
    isasync: false,
    related: 'readDisk',
    params: [
      {
        name: 'id',
        description: 'the volume to change',
        type: 'uuid',
        length: 255,
        required: true,
        related: 'changeDisk,readDisk',
      },
      {
        name: 'zoneids',
        description: 'the ids of each zone',
        type: 'list',
        length: 255,
        required: false,
        since: '4.19',
      },
      {
        name: 'userdata',
        description: 'a text',
        type: 'string',
        length: 1_048_576,
        required: false,
      },
      {
        name: 'details',
        description: 'a map, written as name[0].field=value',
        type: 'map',
        length: 255,
        required: false,
      },
    ],
    response: [
      { name: 'id', description: 'the field id of volume', type: 'string' },
      { name: 'created', description: 'the field created of volume', type: 'date' },
      {
        name: 'part',
        description: 'the field part of volume',
        type: 'list',
        response: [{ name: 'word', description: 'the field word of inner', type: 'string' }],
      },
      { name: 'details', description: 'the field details of volume', type: 'map' },
      { name: 'store', description: 'the field store of volume', type: 'list' },
      { name: 'result', description: 'the field result of volume', type: 'responseobject' },
      { name: 'jobid', description: 'the id of the job', type: 'string' },
      { name: 'jobstatus', description: 'the state of the job', type: 'integer' },
    ],
  });
});

test('what only root admins may send is described to them only', () => {
  const names = (account: 'admin' | 'bosh'): string[] =>
    (listed(account, 'changeDisk')['params'] as { name: string }[]).map(({ name }) => name);
  expect(names('admin')).toEqual([...names('bosh'), 'deploymentplanner']);
});

test('commands without an answer of their own answer with success', () => {
  expect(listed('admin', 'forAdmins')['response'].map(({ name }: Reply) => name)).toEqual([
    'displaytext',
    'success',
    'jobid',
    'jobstatus',
  ]);
});

test('a name that is none, or none for the caller, is an error; its case counts', () => {
  for (const name of ['nothing', 'changedisk', '', 'forAdmins']) {
    expect(api().clientOf('bosh').fails('listApis', { name })).toMatchObject({
      httpStatus: 530,
      wrapper: 'listapisresponse',
      cserrorcode: 9999,
      errortext: UNKNOWN,
    });
  }
  expect(listed('admin', 'forAdmins')['name']).toBe('forAdmins');
});

test('each caller learns of the commands that it may call, and of no others', () => {
  const { admin, user } = testSimulator();
  const names = ({ api }: Reply): string[] => (api as Api[]).map(({ name }) => name);
  const all = admin.call('listApis');
  expect(names(all)).toEqual(commands.map(({ name }) => name));
  expect(all['count']).toBe(commands.length);
  const forUsers = commands.filter(({ roles }) => roles.includes('User'));
  expect(names(user.call('listApis'))).toEqual(forUsers.map(({ name }) => name));
});

test('whether a command has a job, and which parameters it wants, is as it is told', () => {
  const { admin } = testSimulator();
  for (const { name, params } of admin.call('listApis')['api'] as Api[]) {
    const required = params.filter((parameter) => parameter.required).map((one) => one.name);
    if (required.length === 0) continue;
    const { errortext, httpStatus } = admin.fails(name);
    strictEqual(httpStatus, 431, name);
    match(errortext, / due to missing parameter \w+$/);
    strictEqual(errortext.split(' ').at(-1), required[0], name);
  }
  const isAsync = Object.fromEntries(
    (admin.call('listApis')['api'] as Reply[]).map((one) => [one['name'], one['isasync']]),
  );
  deepStrictEqual(
    isAsync,
    Object.fromEntries(commands.map(({ name, kind }) => [name, kind !== 'sync'])),
  );
});

test('the nested fields of a VM are told, and the commands that give a zone', () => {
  const { user } = testSimulator();
  const vms = user.call('listApis', { name: 'listVirtualMachines' })['api'][0] as Reply;
  const nic = (vms['response'] as Reply[]).find(({ name }) => name === 'nic')!;
  expect(nic['response'].map(({ name }: Reply) => name)).toContain('macaddress');
  const zoneid = (vms['params'] as Reply[]).find(({ name }) => name === 'zoneid');
  expect(zoneid).toMatchObject({ type: 'uuid', required: false, related: 'listZones' });
});

test('in XML, too', () => {
  const { simulator, user } = testSimulator();
  const values = { response: 'xml', name: 'listApis' };
  const query = signedQuery(user.keys, 'listApis', values);
  const { body } = inProcess(simulator)({ method: 'GET', url: `?${query}` });
  expect(body).toContain(
    '<count>1</count><api><name>listApis</name><description>Lists the commands that the caller ' +
      'may use, with their parameters and answers.</description><since>4.1.0</since>' +
      '<isasync>false</isasync><params><name>name</name>',
  );
});
