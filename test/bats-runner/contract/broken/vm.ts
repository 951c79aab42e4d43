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
  'VM-01': [
    'remembers what is deleted',
    insteadOf('has_disk', () => good(true)),
    "expect(await cpi.result('has_disk', [disk])).toBe(false)",
  ],
  'VM-02': [
    'misses what is not there',
    insteadOf('has_vm', () => bad('VMNotFound')),
    'it failed with Bosh::Clouds::VMNotFound: broken',
  ],
  'VM-03': [
    'has destroyed VMs',
    insteadOf('has_vm', () => good(true)),
    "expect(await cpi.result('has_vm', [vm])).toBe(false)",
  ],
  'VM-04': ['takes a failure for absence', swallows(false), 'it should fail, and answered false'],
  'VM-05': [
    'misses what is gone',
    misses('delete_vm'),
    "expect([undefined, 'Bosh::Clouds::VMNotFound']).toContain(error?.type)",
  ],
  'VM-06': [
    'misses what goes meanwhile',
    answers((response, { method }) => (method === 'delete_vm' ? bad('VMNotFound') : response)),
    'it failed with Bosh::Clouds::VMNotFound: broken',
  ],
  'VM-07': [
    'keeps VMs',
    insteadOf('delete_vm'),
    "expect(await cpi.result('has_vm', [vm])).toBe(false)",
  ],
  'VM-08': [
    'keeps addresses',
    later('delete_vm'),
    /a static address is taken\. Address \S+ in network second is held/,
  ],
  'VM-09': [
    'answers before the VM is gone',
    later('delete_vm'),
    "has the name of this agent's VM and is in use",
  ],
  'VM-10': [
    'ignores disks',
    argument('create_vm', 4, () => []),
    /Disk \S+ \(\S+\) cannot be attached to VM .* local storage of another host/,
  ],
  'VM-11': [
    'ignores disks',
    argument('create_vm', 4, () => []),
    'expect(await hostOf(operator, vm)).toBe(host)',
  ],
  'VM-12': [
    'ignores tags of the environment',
    argument('create_vm', 5, ({ bosh, ...env }) => ({ ...env, bosh: { ...bosh, tags: {} } })),
    'expect(tagsOf(await cloud.vm(vm))).toMatchObject(tags)',
  ],
  'VM-13': [
    'reboots nothing',
    insteadOf('reboot_vm'),
    "expect(await cloud.vm(vm)).toMatchObject({ state: 'Running' })",
  ],
  'VM-14': ['hides failures', swallows(null), 'it should fail, and answered null'],
  'VM-15': [
    'names no other offering',
    errs((error) => ({ ...error, message: error.message.split(';')[0] })),
    'expect(error?.message).toContain(offers.computeOffering)',
  ],
  'VM-16': [
    'keeps the VM, without its address',
    after('create_vm', ({ error }, { arguments: given }) =>
      error === null ? undefined : { arguments: given.with(3, { private: given[3].private }) },
    ),
    'expect(await ownership.changes()).toEqual([])',
  ],
  'VM-17': [
    'does not say what took long',
    errs((error) => ({ ...error, message: 'timeout' })),
    'expect(message).toMatch(/start of VM .* was not finished after 2/)',
  ],
  'VM-18': [
    'hides the reason',
    errs((error) => ({ ...error, message: 'VM in state Error' })),
    'expect(message).toContain(text)',
  ],
  'VM-19': ['takes the default zone', properties(without('zone')), 'it should fail, and answered '],
  'VM-20': [
    'knows one of the keys only',
    properties(without('availability_zone')),
    'there is no network "private2"',
  ],
  'VM-22': ['goes without a key', properties(without('key_name')), 'it should fail, and answered '],
  'VM-23': [
    'takes the largest',
    results('calculate_vm_cloud_properties', (result) => ({
      ...result,
      compute_offering: 'large',
    })),
    "expect(row?.['memory']).toBeLessThan(2 * needs.ram)",
  ],
  'VM-24': [
    'names one thing at a time',
    errs((error) => ({ ...error, message: error.message.replaceAll('ephemeral_disk_size', '') })),
    'expect(error.message).toContain(name)',
  ],
  'VM-25': [
    'promises any disk',
    argument('calculate_vm_cloud_properties', 0, (needs) => ({
      ...needs,
      ephemeral_disk_size: 1024,
    })),
    'it should fail, and answered ',
  ],
  'VM-27': [
    'ignores the chosen memory',
    properties(({ ram, ...rest }) => ({ ...rest, ram: ram && 1024 })),
    'expect(await cloud.vm(vm)).toMatchObject({ cpunumber: 2, memory: 3072 })',
  ],
  'VM-28': [
    'ignores root_disk_size',
    properties(without('root_disk_size')),
    'expect(sizes[1]).toBe(21 * gib)',
  ],
  'VM-29': [
    'takes no size for none given',
    properties(without('root_disk_size')),
    'it should fail, and answered ',
  ],
  'VM-30': [
    'adds a disk that nobody asked for',
    properties((given) => ({ ...given, disk: 1024, ephemeral_disk_offering: 'any-size' })),
    "expect(await cloud.volumesOf(vm)).toMatchObject([{ type: 'ROOT', deviceid: 0, templateid }])",
  ],
  'VM-31': [
    'makes ephemeral disks of one size',
    properties((given) => ({ ...given, disk: 1024 })),
    'expect(data).toMatchObject([{ size: 4 * 1024 ** 3, diskofferingname: name }])',
  ],
  'VM-32': [
    'always makes an ephemeral disk',
    properties((given) => ({ ...given, disk: 1024, ephemeral_disk_offering: 'any-size' })),
    "expect(await cloud.volumesOf(vm)).toMatchObject([{ type: 'ROOT' }])",
  ],
  'VM-35': [
    'writes certificates on one line',
    argument('create_vm', 5, (env) => JSON.parse(JSON.stringify(env).replaceAll('\\n', ' '))),
    'expect(settings).toMatchObject({ agent_id: agentId, env })',
  ],
  'VM-39': [
    'ignores groups',
    properties(without('affinity_group')),
    "expect((await cloud.vm(vm))?.['affinitygroup']).toHaveLength(1)",
  ],
  'VM-40': [
    'takes every group for a soft one',
    properties((given) => ({ ...given, affinity_group_type: 'non-strict host anti-affinity' })),
    'it should fail, and answered ',
  ],
  'VM-41': [
    'keeps groups for a while',
    later('delete_vm'),
    'expect(await isThere(own)).toBe(false)',
  ],
  'VM-43': [
    'gives up',
    errs((error) => ({ ...error, ok_to_retry: false })),
    "expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', okToRetry: true })",
  ],
  'VM-45': [
    'writes ASCII only',
    argument('set_vm_metadata', 1, ({ name }) => ({ name: name.replace(/[^ -~]/g, '?') })),
    'expect(await cloud.vm(vm)).toMatchObject({ id: vm, displayname: name })',
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
    'it failed with Bosh::Clouds::CloudError: create_vm: the load balancer rule',
  ],
  'VM-47': [
    'names no rule',
    errs((error) => ({ ...error, message: 'a load balancer failed' })),
    'expect(error.message).toMatch(message)',
  ],
  'VM-48': [
    'lists one disk',
    results('get_disks', (disks) => disks.slice(0, 1)),
    'expect(Array.isArray(listed) && [...listed].sort()).toEqual([...disks].sort())',
  ],
  'VM-49': [
    'loses disks with their VM',
    losesDisks,
    /it failed with Bosh::Clouds::DiskNotFound: Disk \S+ does not exist or is/,
  ],
  'VM-50': [
    'hides the reason',
    errs((error) => ({ ...error, message: 'it failed' })),
    "expect(message).toContain('no tags today')",
  ],
  'VM-54': [
    'mistakes the agent',
    argument('create_vm', 0, () => crypto.randomUUID()),
    'expect(settings).toMatchObject({',
  ],
  'VM-56': [
    'makes no key pairs',
    asked((request) => ({ ...request, context: without('private_key')(request.context) })),
    "expect(message).toContain('not now')",
  ],
  'VM-57': [
    'keeps VMs',
    insteadOf('delete_vm'),
    "expect([undefined, 'Expunging']).toContain(all.find(({ id }) => id === vm)?.['state'])",
  ],
  'VM-55': [
    'drops what is null',
    argument('create_vm', 5, (env) =>
      Object.fromEntries(Object.entries(env).filter(([, value]) => value !== null)),
    ),
    "expect((await settingsOf(cloud, vm))['env']).toEqual(env)",
  ],
};
