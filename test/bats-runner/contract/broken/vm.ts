// CPIs that break promises about VMs.
import {
  after,
  answers,
  argument,
  asked,
  bad,
  errs,
  good,
  insteadOf,
  later,
  losesDisks,
  misses,
  properties,
  results,
  swallows,
  without,
  type BrokenCpis,
} from '../broken-cpi.js';

export const brokenVms: BrokenCpis = {
  'VM-01': ['remembers what is deleted', insteadOf('has_disk', () => good(true))],
  'VM-02': ['misses what is not there', insteadOf('has_vm', () => bad('VMNotFound'))],
  'VM-03': ['has destroyed VMs', insteadOf('has_vm', () => good(true))],
  'VM-04': ['takes a failure for absence', swallows(false)],
  'VM-05': ['misses what is gone', misses('delete_vm')],
  'VM-06': [
    'misses what goes meanwhile',
    answers((response, { method }) => (method === 'delete_vm' ? bad('VMNotFound') : response)),
  ],
  'VM-07': ['keeps VMs', insteadOf('delete_vm')],
  'VM-08': ['keeps addresses', later('delete_vm')],
  'VM-09': ['answers before the VM is gone', later('delete_vm')],
  'VM-10': ['ignores disks', argument('create_vm', 4, () => [])],
  'VM-11': ['ignores disks', argument('create_vm', 4, () => [])],
  'VM-12': [
    'ignores tags of the environment',
    argument('create_vm', 5, ({ bosh, ...env }) => ({ ...env, bosh: { ...bosh, tags: {} } })),
  ],
  'VM-13': ['reboots nothing', insteadOf('reboot_vm')],
  'VM-14': ['hides failures', swallows(null)],
  'VM-15': [
    'names no other offering',
    errs((error) => ({ ...error, message: error.message.split(';')[0] })),
  ],
  'VM-16': [
    'keeps the VM, without its address',
    after('create_vm', ({ error }, { arguments: given }) =>
      error === null ? undefined : { arguments: given.with(3, { private: given[3].private }) },
    ),
  ],
  'VM-17': ['does not say what took long', errs((error) => ({ ...error, message: 'timeout' }))],
  'VM-18': ['hides the reason', errs((error) => ({ ...error, message: 'VM in state Error' }))],
  'VM-19': ['takes the default zone', properties(without('zone'))],
  'VM-20': ['knows one of the keys only', properties(without('availability_zone'))],
  'VM-22': ['goes without a key', properties(without('key_name'))],
  'VM-23': [
    'takes the largest',
    results('calculate_vm_cloud_properties', (result) => ({
      ...result,
      compute_offering: 'large',
    })),
  ],
  'VM-24': [
    'names one thing at a time',
    errs((error) => ({ ...error, message: error.message.replaceAll('ephemeral_disk_size', '') })),
  ],
  'VM-25': [
    'promises any disk',
    argument('calculate_vm_cloud_properties', 0, (needs) => ({
      ...needs,
      ephemeral_disk_size: 1024,
    })),
  ],
  'VM-27': [
    'ignores the chosen memory',
    properties(({ ram, ...rest }) => ({ ...rest, ram: ram && 1024 })),
  ],
  'VM-28': ['ignores root_disk_size', properties(without('root_disk_size'))],
  'VM-29': ['takes no size for none given', properties(without('root_disk_size'))],
  'VM-30': [
    'adds a disk that nobody asked for',
    properties((given) => ({ ...given, disk: 1024, ephemeral_disk_offering: 'any-size' })),
  ],
  'VM-31': ['makes ephemeral disks of one size', properties((given) => ({ ...given, disk: 1024 }))],
  'VM-32': [
    'always makes an ephemeral disk',
    properties((given) => ({ ...given, disk: 1024, ephemeral_disk_offering: 'any-size' })),
  ],
  'VM-35': [
    'writes certificates on one line',
    argument('create_vm', 5, (env) => JSON.parse(JSON.stringify(env).replaceAll('\\n', ' '))),
  ],
  'VM-39': ['ignores groups', properties(without('affinity_group'))],
  'VM-40': [
    'takes every group for a soft one',
    properties((given) => ({ ...given, affinity_group_type: 'non-strict host anti-affinity' })),
  ],
  'VM-41': ['keeps groups for a while', later('delete_vm')],
  'VM-43': ['gives up', errs((error) => ({ ...error, ok_to_retry: false }))],
  'VM-45': [
    'writes ASCII only',
    argument('set_vm_metadata', 1, ({ name }) => ({ name: name.replace(/[^ -~]/g, '?') })),
  ],
  'VM-46': [
    'has a rule for each VM',
    properties(({ lbs, ...rest }) => ({
      ...rest,
      lbs: lbs.map((lb: { name: string }) => ({
        ...lb,
        name: `${lb.name}-${crypto.randomUUID()}`,
      })),
    })),
  ],
  'VM-47': ['names no rule', errs((error) => ({ ...error, message: 'a load balancer failed' }))],
  'VM-48': ['lists one disk', results('get_disks', (disks) => disks.slice(0, 1))],
  'VM-49': ['loses disks with their VM', losesDisks],
  'VM-50': ['hides the reason', errs((error) => ({ ...error, message: 'it failed' }))],
  'VM-54': ['mistakes the agent', argument('create_vm', 0, () => crypto.randomUUID())],
  'VM-56': [
    'makes no key pairs',
    asked((request) => ({ ...request, context: without('private_key')(request.context) })),
  ],
  'VM-57': ['keeps VMs', insteadOf('delete_vm')],
  'VM-55': [
    'drops what is null',
    argument('create_vm', 5, (env) =>
      Object.fromEntries(Object.entries(env).filter(([, value]) => value !== null)),
    ),
  ],
};
