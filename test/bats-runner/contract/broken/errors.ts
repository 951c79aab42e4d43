// CPIs that break promises about errors, repeated calls and versions.
import {
  after,
  answers,
  argument,
  asked,
  bad,
  errs,
  gives,
  good,
  insteadOf,
  speaksVersion2,
  withVersion,
  type BrokenCpis,
} from '../broken-cpi.js';

export const brokenErrors: BrokenCpis = {
  'ERR-01': [
    'never tries again',
    errs((error) => ({ ...error, ok_to_retry: false })),
    "expect(await cpi.error('create_vm', args)).toMatchObject({",
  ],
  'ERR-02': [
    'always tries again',
    errs((error) => ({ ...error, ok_to_retry: true })),
    'deployVirtualMachine failed with code 530',
  ],
  'ERR-03': [
    'keeps VMs',
    insteadOf('delete_vm'),
    "expect(await cpi.result('has_vm', [silent])).toBe(false)",
  ],
  'ERR-04': [
    'misses what is gone',
    insteadOf('delete_vm', () => bad('CloudError')),
    "expect([undefined, 'Bosh::Clouds::VMNotFound']).toContain(error?.type)",
  ],
  'ERR-05': [
    'keeps disks attached',
    insteadOf('detach_disk'),
    "expect(await cloud.volume(disk)).not.toHaveProperty('virtualmachineid')",
  ],
  'ERR-06': [
    'misses what is gone',
    insteadOf('delete_disk', () => bad('CloudError')),
    "expect([undefined, 'Bosh::Clouds::DiskNotFound']).toContain(error?.type)",
  ],
  'ERR-07': [
    'attaches without a hint',
    insteadOf('attach_disk', () => good('')),
    'the result of attach_disk is no disk hint (a string or an object that is not empty): ""',
  ],
  'ERR-08': [
    'has a type of its own',
    insteadOf('delete_stemcell', () => bad('StemcellNotFound')),
    'the Director does not know the error type Bosh::Clouds::StemcellNotFound',
  ],
  'ERR-09': [
    'has no log in errors',
    answers((response) => ({ ...response, log: null })),
    '"log" is no string',
  ],
  'ERR-10': [
    'starts at home only',
    gives((_exchange, _input, { cwd }) => (cwd === '/' ? { stdout: '' } : {})),
    'stdout is empty',
  ],
  'ERR-11': [
    'has every disk',
    insteadOf('has_disk', () => good(true)),
    /^has_disk; .*Expected: false; Received: true/,
  ],
  'ERR-12': [
    'misses what is gone',
    insteadOf('detach_disk', () => bad('CloudError')),
    'expect([undefined, ...tolerated]).toContain(error?.type)',
  ],
  'ERR-13': [
    'has a type of its own',
    insteadOf('delete_stemcell', () => bad('StemcellNotFound')),
    'it failed with Bosh::Clouds::StemcellNotFound: broken',
  ],
  'ERR-14': [
    'gives another hint each time',
    answers((response, { method }) =>
      method === 'attach_disk' ? { ...response, result: crypto.randomUUID() } : response,
    ),
    "expect(await cpi.result('attach_disk', [vm, disk])).toEqual(hint)",
  ],
  'ERR-15': [
    'hides the reason',
    errs((error) => ({ ...error, message: 'attachVolume failed' })),
    'expect(message).toContain(text)',
  ],
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
    /^request \d+, createAffinityGroup; .*left over: volume \S+/,
  ],
  'VER-01': [
    'answers a list in version 1, too',
    speaksVersion2('create_vm'),
    'the result of create_vm is no CID (a string)',
  ],
  'VER-02': [
    'answers a hint in version 1, too',
    speaksVersion2('attach_disk'),
    'if (apiVersion === 1) expect(result).toBeNull()',
  ],
  'VER-03': [
    'has a text for each version',
    errs((error, { api_version }) => ({ ...error, message: `${error.message} v${api_version}` })),
    /^create_vm; .*there is no compute offering/,
  ],
  'VER-04': [
    'takes all stemcells for new',
    asked((request) => ({
      ...request,
      context: { ...request.context, vm: { stemcell: { api_version: 3 } } },
    })),
    /it should fail, and answered "\S+"/,
  ],
  'VER-05': [
    'mistakes the agent',
    argument('create_vm', 0, () => crypto.randomUUID()),
    'expect(settings).toMatchObject({ agent_id: agentId, networks: { private: {} } })',
  ],
  'VER-06': [
    'knows version 1 only',
    answers((response, { method }) => (method === 'info' ? withVersion(response, 1) : response)),
    'expect(versionIn(info)).toBeGreaterThanOrEqual(2)',
  ],
  'VER-07': [
    'speaks every version',
    asked((request) => ({ ...request, api_version: request.api_version && 2 })),
    'it should fail, and answered false',
  ],
  'VER-08': [
    'has no third argument',
    asked((request) => ({
      ...request,
      arguments: request.arguments.length === 3 ? [] : request.arguments,
    })),
    'Arguments are not correct, got 0',
  ],
  'VER-09': [
    'demands a version',
    answers((response, { api_version }) =>
      api_version === undefined ? bad('CpiError') : response,
    ),
    'it failed with Bosh::Clouds::CpiError: broken',
  ],
};
