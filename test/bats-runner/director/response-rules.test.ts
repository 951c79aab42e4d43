// The rules accept every answer that a real Director and a real CLI were content with, and name
// what is wrong with each answer that one of them would refuse or misread.
import { readdirSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { loadRecording, type CpiRequest } from '../../../bats-runner/director/recording.js';
import { judge, knownErrorTypes } from '../../../bats-runner/director/response-rules.js';
import type { Caller } from '../../../bats-runner/director/scenarios.js';
import { paths } from '../support.js';

const complaintsOf = (
  caller: Caller,
  method: string,
  stdout: string,
  { apiVersion = 2, exitCode = 0 }: { apiVersion?: number; exitCode?: number } = {},
): string[] => {
  const request: CpiRequest = { method, arguments: [], context: {}, api_version: apiVersion };
  return judge(caller, request, { stdout, exitCode }).complaints;
};

const success = (result: unknown): string => JSON.stringify({ result, error: null, log: '' });

test('every recorded answer is accepted', () => {
  const files = readdirSync(paths.recordings).filter((name) => /\.v\d\.json$/.test(name));
  let answers = 0;
  for (const file of files) {
    const [, scenario = '', version] = /^(.*)\.v(\d)\.json$/.exec(file) ?? [];
    for (const call of loadRecording(paths.recordings, scenario, Number(version)).calls) {
      const stdout = JSON.stringify(call.response);
      const { complaints } = judge(call.caller, call.request, { stdout, exitCode: 0 });
      if (complaints.length > 0) throw new Error(`${file}: ${complaints.join('; ')}`);
      answers += 1;
    }
  }
  expect(answers).toBeGreaterThan(2_000);
});

const error = { type: 'Bosh::Clouds::CloudError', message: 'm', ok_to_retry: false };

const refusedByDirector: readonly (readonly [string, string, RegExp])[] = [
  ['nothing at all', '', /stdout is empty/],
  ['no log', '{"result":null,"error":null}', /"log" is missing/],
  ['log null', '{"result":null,"error":null,"log":null}', /"log" is no string/],
  ['no result', '{"error":null,"log":""}', /"result" is missing/],
  ['no error', '{"result":null,"log":""}', /"error" is missing/],
  ['error a string', '{"result":null,"error":"x","log":""}', /neither null nor an object/],
  [
    'error without ok_to_retry',
    JSON.stringify({ result: null, error: { type: error.type, message: 'm' }, log: '' }),
    /ok_to_retry" is neither/,
  ],
  [
    'error without message',
    JSON.stringify({ result: null, error: { ...error, message: null }, log: '' }),
    /message" is no string/,
  ],
  [
    'an error type that it does not know',
    JSON.stringify({ result: null, error: { ...error, type: 'Timeout' }, log: '' }),
    /does not know the error type Timeout/,
  ],
  ['two objects', success(null).repeat(2), /not one JSON document/],
  ['text before the JSON', `warming up\n${success(null)}`, /not one JSON document/],
  ['text after the JSON', `${success(null)}\nbye`, /not one JSON document/],
  ['a list', '[]', /no object/],
];

for (const [what, stdout, complaint] of refusedByDirector) {
  test(`the Director refuses ${what}`, () => {
    expect(complaintsOf('bosh-director', 'delete_vm', stdout).join()).toMatch(complaint);
  });
}

test('white space around the document does no harm', () => {
  expect(complaintsOf('bosh-director', 'delete_vm', `\n ${success(null)}\n`)).toEqual([]);
});

test('each of the ten error types is known, and so is the older spelling of NotImplemented', () => {
  expect(knownErrorTypes.size).toBe(10);
  const types = [...knownErrorTypes].map((type) => ({ ...error, type }));
  const older = { type: 'InvalidCall', message: 'Method is not known, got x', ok_to_retry: false };
  for (const known of [...types, older]) {
    const stdout = JSON.stringify({ result: null, error: known, log: '' });
    expect(complaintsOf('bosh-director', 'delete_vm', stdout)).toEqual([]);
  }
  const other = JSON.stringify({ result: null, error: { ...older, message: 'x' }, log: '' });
  expect(complaintsOf('bosh-director', 'delete_vm', other)).not.toEqual([]);
});

test('only the CLI cares for the exit code', () => {
  const failed = { exitCode: 1 };
  expect(complaintsOf('bosh-director', 'delete_vm', success(null), failed)).toEqual([]);
  expect(complaintsOf('bosh-cli', 'delete_vm', success(null), failed)).toEqual([
    'the exit code is 1, not 0',
  ]);
});

test('the CLI takes missing keys, but no wrong types', () => {
  expect(complaintsOf('bosh-cli', 'delete_vm', '{}')).toEqual([]);
  expect(complaintsOf('bosh-cli', 'delete_vm', '{"log":null}')).toEqual([]);
  expect(complaintsOf('bosh-cli', 'delete_vm', '{"log":3}').join()).toMatch(/"log"/);
  expect(complaintsOf('bosh-cli', 'delete_vm', '{"error":"x"}').join()).toMatch(/"error"/);
  expect(complaintsOf('bosh-cli', 'delete_vm', '{"error":{"type":3}}').join()).toMatch(/type/);
});

const badResults: Readonly<Record<string, readonly unknown[]>> = {
  create_stemcell: [null, '', 3, {}],
  create_vm: ['vm-cid', null, [], [null, {}], ['', {}], ['vm-cid'], ['vm-cid', null]],
  has_vm: [null, 'true', 1, 0],
  has_disk: [null, 'false'],
  create_disk: [null, '', ['disk-cid']],
  attach_disk: [null, '', {}, 3, true, ['/dev/sdc']],
  snapshot_disk: [null, ''],
  get_disks: [null, 'disk-cid', [3]],
  calculate_vm_cloud_properties: [null, []],
  create_network: [null, ['cid'], ['cid', {}, null], [null, {}, {}]],
  update_disk: ['', 3],
  current_vm_id: [null],
  info: [null, [], { stemcell_formats: 'x' }, { stemcell_formats: [], api_version: '2' }],
};

for (const [method, results] of Object.entries(badResults)) {
  test(`both callers refuse bad results of ${method}`, () => {
    for (const caller of ['bosh-director', 'bosh-cli'] as const) {
      for (const result of results) {
        const [complaint] = complaintsOf(caller, method, success(result));
        expect(complaint, JSON.stringify(result)).toMatch(`the result of ${method}`);
      }
    }
  });
}

test('the shape of a result depends on the version of the request', () => {
  const version1 = { apiVersion: 1 };
  expect(complaintsOf('bosh-cli', 'create_vm', success('vm-cid'), version1)).toEqual([]);
  expect(complaintsOf('bosh-cli', 'create_vm', success(['vm-cid', {}]), version1)).not.toEqual([]);
  expect(complaintsOf('bosh-cli', 'attach_disk', success(null), version1)).toEqual([]);
  for (const hint of ['/dev/sdc', { path: '/dev/sdc' }]) {
    expect(complaintsOf('bosh-cli', 'attach_disk', success(hint))).toEqual([]);
  }
});

test('the CLI needs stemcell_formats, the Director does not', () => {
  const stdout = success({ api_version: 2 });
  expect(complaintsOf('bosh-director', 'info', stdout)).toEqual([]);
  expect(complaintsOf('bosh-cli', 'info', stdout)).not.toEqual([]);
});
