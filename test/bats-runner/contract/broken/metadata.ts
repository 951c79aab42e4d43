// CPIs that break promises about metadata.
import {
  argument,
  bad,
  errs,
  first,
  insteadOf,
  swallows,
  without,
  type BrokenCpis,
} from '../broken-cpi.js';

export const brokenMetadata: BrokenCpis = {
  'MET-01': [
    'keeps no metadata',
    insteadOf('set_vm_metadata'),
    'expect(tagsOf(await cloud.vm(vm))).toMatchObject(metadata)',
  ],
  'MET-02': [
    'ignores compilation',
    argument('set_vm_metadata', 1, without('compiling')),
    /Expected: "compiling\/ruby"; Received: "web\/\d+"/,
  ],
  'MET-03': [
    'takes null for nothing',
    argument('set_vm_metadata', 1, (metadata) =>
      Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null)),
    ),
    "expect(Object.keys(tags)).not.toContain('first')",
  ],
  'MET-04': [
    'cuts too much',
    argument('set_vm_metadata', 1, (metadata) => ({ ...metadata, long: 'x'.repeat(63) })),
    'expect(tagsOf(await cloud.vm(vm))).toMatchObject({',
  ],
  'MET-05': [
    'replaces all tags',
    first('set_vm_metadata', ({ arguments: [vm] }) => ({ arguments: [vm, { foreign: null }] })),
    'expect(tagsOf(await cloud.vm(vm))).toMatchObject(expected)',
  ],
  'MET-06': ['hides failures', swallows(null), 'it should fail, and answered null'],
  'MET-07': [
    'loses one of several',
    argument('set_vm_metadata', 1, without('two')),
    "expect(tags).toMatchObject(Object.fromEntries(keys.map((key) => [key, 'here'])))",
  ],
  'MET-08': [
    'keeps no time',
    argument('set_disk_metadata', 1, without('attached_at')),
    'expect(tagsOf(await cloud.volume(disk))).toMatchObject(ofDisk)',
  ],
  'MET-09': [
    'keeps no index',
    argument('set_vm_metadata', 1, without('index')),
    'expect(tagsOf(await cloud.vm(vm))).toMatchObject(ofVm)',
  ],
  'MET-10': [
    'has no metadata',
    insteadOf('set_disk_metadata', () => bad('CloudError')),
    /^set_disk_metadata; .*Expected value: "Bosh::Clouds::CloudError"/,
  ],
  'MET-11': [
    'has one error for all',
    errs((error) => ({ ...error, type: 'Bosh::Clouds::CloudError' })),
    'expect(error.type).toBe(type)',
  ],
};
