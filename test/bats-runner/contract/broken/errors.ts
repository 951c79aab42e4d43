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
