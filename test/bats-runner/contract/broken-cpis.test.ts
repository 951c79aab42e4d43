// Each case of the contract can fail: for every one there is a CPI that breaks just the promise which
// the case is about, by answering or doing something else than the real one, and the case finds it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runCase } from '../../../bats-runner/contract/run-case.js';
import { contractCases } from '../../../bats-runner/specs/cases.js';
import {
  after,
  answers,
  argument,
  asked,
  bad,
  errs,
  first,
  gives,
  good,
  insteadOf,
  swallows,
  type Break,
} from './broken-cpi.js';
import { openSession, type InProcessSession } from './in-process-session.js';

const withVersion = (response: { result: object }, version: number): object => ({
  ...response,
  result: { ...response.result, api_version: version },
});

const without =
  (key: string) =>
  (metadata: object): object => ({ ...metadata, [key]: undefined });

const speaksVersion2 = (method: string): Break =>
  asked((request) => (request.method === method ? { ...request, api_version: 2 } : request));

/** By case: what the CPI does wrong, and how. */
const broken: Readonly<Record<string, readonly [what: string, how: Break]>> = {
  'ENV-01': ['has one key more', answers((response) => ({ ...response, more: true }))],
  'ENV-02': [
    'exits 1 after an error',
    gives(({ stdout }) => ({ exitCode: stdout.includes('"error":{') ? 1 : 0 })),
  ],
  'ENV-03': ['takes a refusal for absence', swallows(false)],
  'ENV-04': [
    'repeats the wrong key',
    errs((error, { context }) => ({ ...error, message: `${error.message} ${context.api_key}` })),
  ],
  'ENV-05': ['needs no configuration to know', swallows(false)],
  'ENV-06': [
    'ignores the context',
    asked(({ context: { director_uuid, request_id }, ...request }) => ({
      ...request,
      context: { director_uuid, request_id },
    })),
  ],
  'ENV-07': [
    'ignores arguments that are too many',
    asked((request) => ({ ...request, arguments: request.arguments.slice(0, 1) })),
  ],
  'ENV-08': ['has every method', insteadOf('zzz')],
  'ENV-09': [
    'dies of garbage',
    gives((exchange, input) => (input.startsWith('{"method":"has') ? exchange : { stdout: '' })),
  ],
  'ENV-10': [
    'rounds versions',
    asked((request) => ({
      ...request,
      api_version: Math.floor(Number(request.api_version)) || request.api_version,
    })),
  ],
  'ENV-11': [
    'needs a home',
    gives((_exchange, _input, { environment }) =>
      environment['HOME'] === undefined ? { stdout: '' } : {},
    ),
  ],
  'ENV-12': ['talks on stdout', gives(({ stdout, stderr }) => ({ stdout: `${stderr}${stdout}` }))],
  'ENV-13': [
    'forgets the request id',
    answers((response) => ({ ...response, log: response.log.replace(/cpi-\d+/, '') })),
  ],
  'ENV-14': ['logs its request', gives(({ stderr }, input) => ({ stderr: `${stderr}${input}` }))],
  'ENV-15': [
    'tells everything twice',
    gives(({ stdout, stderr }) => ({
      stdout: JSON.stringify({ ...JSON.parse(stdout), log: stderr }),
    })),
  ],
  'ENV-16': ['adds a protocol by itself', swallows(false)],
  'ENV-17': [
    'takes another zone',
    asked((request) => ({ ...request, context: { ...request.context, default_zone: 'zone1' } })),
  ],
  'ENV-18': ['takes a bad certificate for absence', swallows(false)],
  'ENV-20': ['passes on half characters', errs((error) => ({ ...error, message: '\ud83d' }))],
  'ENV-21': [
    'knows its version only when told one',
    answers((response, { api_version }) =>
      api_version === undefined ? withVersion(response, 1) : response,
    ),
  ],
  'ENV-22': [
    'asks the cloud before info',
    first('info', () => ({ method: 'has_vm', arguments: ['any'] })),
  ],
  'ENV-23': ['takes bad weather for absence', swallows(false)],
  'ENV-24': ['makes all disks of one size', argument('create_disk', 0, () => 1024)],
  'STM-01': ['keeps templates', insteadOf('delete_stemcell')],
  'STM-02': ['forgets the name', argument('create_stemcell', 1, without('name'))],
  'STM-04': [
    'does not tell light stemcells',
    answers((response) => ({ ...response, result: response.result.replace(' light', '') })),
  ],
  'STM-05': ['takes any template', swallows('template light')],
  'STM-06': ['gives up at once', onlyOnce()],
  'STM-07': ['starts nothing', insteadOf('create_vm', () => good(['no-vm', {}]))],
  'STM-08': [
    'refuses to delete light stemcells',
    insteadOf('delete_stemcell', () => bad('CpiError')),
  ],
  'STM-10': [
    'misses what is gone',
    answers((response, { method }) =>
      method === 'delete_stemcell' ? bad('CloudError') : response,
    ),
  ],
  'STM-11': ['asks to try again', errs((error) => ({ ...error, ok_to_retry: true }))],
  'STM-12': ['asks to try again', errs((error) => ({ ...error, ok_to_retry: true }))],
  'STM-14': ['keeps templates', insteadOf('delete_stemcell')],
  'STM-15': [
    'answers one VM for two',
    answers((response, { method }) =>
      method === 'create_vm' ? { ...response, result: ['one-vm', {}] } : response,
    ),
  ],
  'STM-17': [
    'has no third argument',
    asked((request) => ({ ...request, arguments: request.arguments.slice(0, 2) })),
  ],
  'STM-18': [
    'leaves what it unpacks',
    gives((_exchange, _input, { environment, cwd }) => {
      writeFileSync(join(environment['TMPDIR'] ?? cwd, 'root.img'), '');
      return {};
    }),
  ],
  'MET-01': ['keeps no metadata', insteadOf('set_vm_metadata')],
  'MET-02': ['ignores compilation', argument('set_vm_metadata', 1, without('compiling'))],
  'MET-03': [
    'takes null for nothing',
    argument('set_vm_metadata', 1, (metadata) =>
      Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null)),
    ),
  ],
  'MET-04': [
    'cuts too much',
    argument('set_vm_metadata', 1, (metadata) => ({ ...metadata, long: 'x'.repeat(63) })),
  ],
  'MET-05': [
    'replaces all tags',
    first('set_vm_metadata', ({ arguments: [vm] }) => ({ arguments: [vm, { foreign: null }] })),
  ],
  'MET-06': ['hides failures', swallows(null)],
  'MET-07': ['loses one of several', argument('set_vm_metadata', 1, without('two'))],
  'MET-08': ['keeps no time', argument('set_disk_metadata', 1, without('attached_at'))],
  'MET-09': ['keeps no index', argument('set_vm_metadata', 1, without('index'))],
  'MET-10': ['has no metadata', insteadOf('set_disk_metadata', () => bad('CloudError'))],
  'MET-11': [
    'has one error for all',
    errs((error) => ({ ...error, type: 'Bosh::Clouds::CloudError' })),
  ],
  'ERR-01': ['never tries again', errs((error) => ({ ...error, ok_to_retry: false }))],
  'ERR-02': ['always tries again', errs((error) => ({ ...error, ok_to_retry: true }))],
  'ERR-03': ['keeps VMs', insteadOf('delete_vm')],
  'ERR-04': ['misses what is gone', insteadOf('delete_vm', () => bad('CloudError'))],
  'ERR-05': ['keeps disks attached', insteadOf('detach_disk')],
  'ERR-06': ['misses what is gone', insteadOf('delete_disk', () => bad('CloudError'))],
  'ERR-07': ['attaches without a hint', insteadOf('attach_disk', () => good(''))],
  'ERR-08': ['has a type of its own', insteadOf('delete_stemcell', () => bad('StemcellNotFound'))],
  'ERR-09': ['has no log in errors', answers((response) => ({ ...response, log: null }))],
  'ERR-10': [
    'starts at home only',
    gives((_exchange, _input, { cwd }) => (cwd === '/' ? { stdout: '' } : {})),
  ],
  'ERR-11': ['has every disk', insteadOf('has_disk', () => good(true))],
  'ERR-12': ['misses what is gone', insteadOf('detach_disk', () => bad('CloudError'))],
  'ERR-13': ['has a type of its own', insteadOf('delete_stemcell', () => bad('StemcellNotFound'))],
  'ERR-14': [
    'gives another hint each time',
    answers((response, { method }) =>
      method === 'attach_disk' ? { ...response, result: crypto.randomUUID() } : response,
    ),
  ],
  'ERR-15': ['hides the reason', errs((error) => ({ ...error, message: 'attachVolume failed' }))],
  'ERR-16': [
    'leaks a disk with each VM that fails',
    after('create_vm', ({ error }) =>
      error === null
        ? undefined
        : {
            method: 'create_disk',
            arguments: [1024, { disk_offering: 'any-size' }, null],
          },
    ),
  ],
  'VER-01': ['answers a list in version 1, too', speaksVersion2('create_vm')],
  'VER-02': ['answers a hint in version 1, too', speaksVersion2('attach_disk')],
  'VER-03': [
    'has a text for each version',
    errs((error, { api_version }) => ({ ...error, message: `${error.message} v${api_version}` })),
  ],
  'VER-04': [
    'takes all stemcells for new',
    asked((request) => ({
      ...request,
      context: { ...request.context, vm: { stemcell: { api_version: 3 } } },
    })),
  ],
  'VER-05': ['mistakes the agent', argument('create_vm', 0, () => crypto.randomUUID())],
  'VER-06': [
    'knows version 1 only',
    answers((response, { method }) => (method === 'info' ? withVersion(response, 1) : response)),
  ],
  'VER-07': [
    'speaks every version',
    asked((request) => ({ ...request, api_version: request.api_version && 2 })),
  ],
  'VER-08': [
    'has no third argument',
    asked((request) => ({
      ...request,
      arguments: request.arguments.length === 3 ? [] : request.arguments,
    })),
  ],
  'VER-09': [
    'demands a version',
    answers((response, { api_version }) =>
      api_version === undefined ? bad('CpiError') : response,
    ),
  ],
};

/** A CPI that does not try a request again: each answer of a cloud is its last word. */
function onlyOnce(): Break {
  let calls = 0;
  return answers((response) => ((calls += 1) === 1 ? response : bad('CloudError')));
}

let session: InProcessSession;
test.beforeAll(async () => {
  session = await openSession();
});
test.afterAll(() => session.close());

/** Kinds of cases of which each has its broken CPI. */
const kinds = ['ENV', 'STM', 'MET', 'ERR', 'VER'];
const breakable = contractCases.filter(({ id }) => kinds.includes(id.split('-')[0]!));

test('there is a broken CPI for every case', () => {
  const cases = breakable.map(({ id }) => id);
  expect(cases.filter((id) => broken[id] === undefined)).toEqual([]);
  expect(Object.keys(broken).filter((id) => !cases.includes(id))).toEqual([]);
});

for (const contractCase of breakable) {
  const [what, how] = broken[contractCase.id] ?? ['', (cpi) => cpi];
  test(`${contractCase.id} finds a CPI that ${what}`, async () => {
    let found = 0;
    for (const version of contractCase.versions) {
      await runCase(session.through(how), contractCase, version).catch(() => (found += 1));
    }
    expect(found).toBeGreaterThan(0);
  });
}
