// CPIs that break promises about disks and their snapshots.
import {
  answers,
  argument,
  bad,
  both,
  detachesBefore,
  errs,
  gives,
  handles,
  insteadOf,
  later,
  losesDisks,
  misses,
  results,
  speaksVersion2,
  swallows,
  without,
  type Break,
  type BrokenCpis,
} from '../broken-cpi.js';

const anySize = { disk_offering: 'any-size' };

/** Whatever goes wrong is a CloudError. */
const hasOneError = errs((error) => ({ ...error, type: 'Bosh::Clouds::CloudError' }));

const reasonless = errs((error) => ({ ...error, message: 'it failed' }));

export const brokenDisks: BrokenCpis = {
  'DSK-01': [
    'keeps disks',
    insteadOf('delete_disk'),
    "expect(await cpi.result('has_disk', [disk])).toBe(false)",
  ],
  'DSK-02': [
    'misses what is not there',
    insteadOf('has_disk', () => bad('DiskNotFound')),
    'it failed with Bosh::Clouds::DiskNotFound: broken',
  ],
  'DSK-03': [
    'rounds down',
    argument('create_disk', 0, (mib) => Math.max(1, Math.floor(mib / 1024)) * 1024),
    'expect(await cloud.volume(textOf(disk))).toMatchObject({ size: expected * gib })',
  ],
  'DSK-04': [
    'makes disks in the default zone',
    argument('create_disk', 2, () => null),
    'expect(await cloud.volume(disk)).toMatchObject({ zonename: zone })',
  ],
  'DSK-05': ['hides the reason', reasonless, 'expect(message).toContain(text)'],
  'DSK-06': [
    'has one offering',
    argument('create_disk', 1, () => anySize),
    'expect(await cloud.volume(disk)).toMatchObject({ diskofferingname: name })',
  ],
  'DSK-07': [
    'prefers the configured offering',
    argument('create_disk', 1, () => ({})),
    'expect(await cloud.volume(disk)).toMatchObject({ diskofferingname: expected })',
  ],
  'DSK-08': [
    'takes another offering',
    argument('create_disk', 1, () => anySize),
    /it should fail, and answered "\S+"/,
  ],
  'DSK-09': [
    'makes smaller disks',
    argument('create_disk', 0, (mib) => Math.min(mib, 524_288)),
    "expect(await cloud.volume(disk)).toMatchObject({ size: 1024 * gib, state: 'Ready' })",
  ],
  'DSK-11': [
    'tells the agent nothing',
    both(
      results('attach_disk', () => null),
      speaksVersion2('attach_disk'),
    ),
    'expect(Object.keys(told)).toEqual([disk])',
  ],
  'DSK-12': [
    'answers a number',
    results('attach_disk', () => ({ lun: 1 })),
    'for (const part of parts) expect(part).toEqual(expect.stringMatching(/./))',
  ],
  'DSK-13': [
    'answers something else each time',
    results('attach_disk', () => crypto.randomUUID()),
    "expect(await cpi.result('attach_disk', [vm, disk])).toEqual(first)",
  ],
  'DSK-14': [
    'takes disks from other VMs',
    detachesBefore('attach_disk', 1),
    'it should fail, and answered ',
  ],
  'DSK-15': [
    'lists ephemeral disks',
    results('get_disks', (disks) => [...disks, 'ephemeral']),
    "expect(await cpi.result('get_disks', [vm])).toEqual([])",
  ],
  'DSK-16': [
    'detaches later',
    later('detach_disk'),
    "expect(await cloud.volume(disk)).not.toHaveProperty('virtualmachineid')",
  ],
  'DSK-17': [
    'detaches from any VM',
    detachesBefore('detach_disk', 1),
    "expect(error?.type).toBe('Bosh::Clouds::DiskNotAttached')",
  ],
  'DSK-18': ['hides failures', swallows(null), 'it should fail, and answered null'],
  'DSK-19': [
    'misses what is gone',
    misses('delete_disk'),
    "expect([undefined, 'Bosh::Clouds::DiskNotFound']).toContain(error?.type)",
  ],
  'DSK-20': [
    'detaches what it deletes',
    detachesBefore('delete_disk', 0),
    'it should fail, and answered null',
  ],
  'DSK-21': [
    'waits for nothing',
    gives(({ stderr }) =>
      /waiting/.test(stderr) ? { stdout: JSON.stringify(bad('CloudError')) } : {},
    ),
    'it failed with Bosh::Clouds::CloudError: broken',
  ],
  'DSK-22': [
    'loses disks with their VM',
    losesDisks,
    "expect(await cpi.result('has_disk', [disk])).toBe(true)",
  ],
  'DSK-23': [
    'resizes nothing',
    insteadOf('resize_disk'),
    'expect(await cloud.volume(disk)).toMatchObject({ size: 4 * gib })',
  ],
  'DSK-24': [
    'always makes disks larger',
    argument('resize_disk', 1, (mib: number) => mib + 1024),
    "expect(door.requests.map(({ command }) => command)).not.toContain('resizeVolume')",
  ],
  'DSK-25': [
    'has one error for all',
    hasOneError,
    "expect(type).toBe('Bosh::Clouds::NotSupported')",
  ],
  'DSK-26': [
    'detaches what it resizes',
    detachesBefore('resize_disk', 0),
    'expect(await cloud.volume(disk)).toMatchObject({',
  ],
  'DSK-27': ['hides failures', swallows(null), 'it should fail, and answered null'],
  'DSK-28': [
    'always makes disks larger',
    argument('update_disk', 1, (mib: number) => mib + 1024),
    'expect(await cloud.volume(disk)).toEqual(before)',
  ],
  'DSK-29': [
    'answers another CID',
    results('update_disk', () => crypto.randomUUID()),
    'expect([null, disk]).toContain(await update(tools, disk, 4096, tools.offers.diskOffering))',
  ],
  'DSK-30': [
    'has one error for all',
    hasOneError,
    "expect(type).toBe('Bosh::Clouds::NotSupported')",
  ],
  'DSK-31': [
    'keeps the offering',
    argument('update_disk', 2, () => anySize),
    'expect(await cloud.volume(now)).toMatchObject({ diskofferingname: other, size: 2 * gib })',
  ],
  'DSK-32': [
    'changes one thing at a time',
    argument('update_disk', 1, () => 2048),
    'expect(await cloud.volume(disk)).toMatchObject({ diskofferingname: other, size: 5 * gib })',
  ],
  'DSK-33': [
    'has one error for all',
    hasOneError,
    "expect(type).toBe('Bosh::Clouds::NotSupported')",
  ],
  'DSK-34': [
    'fails at changes',
    insteadOf('update_disk', () => bad('CpiError')),
    /^update_disk; .*Expected value: "Bosh::Clouds::CpiError"/,
  ],
  'DSK-35': [
    'does not say what helps',
    reasonless,
    'expect(message).toMatch(/local storage of another host.*bosh recreate/)',
  ],
  'DSK-37': [
    'numbers disks by itself',
    results('attach_disk', (hint) => ({ ...hint, path: '/dev/vdb' })),
    'expect(await volumeAt(simulator, vm, path)).toBe(disk)',
  ],
  'DSK-38': [
    'has one hint for all',
    results('attach_disk', () => '/dev/vdb'),
    'expect(hints.size).toBe(2)',
  ],
  'DSK-39': [
    'ignores names',
    argument('create_disk', 1, without('name')),
    "expect(tagsOf(await cloud.volume(disk))).toMatchObject({ name: 'dynamic-disk' })",
  ],
  'DSK-40': [
    'keeps no metadata',
    insteadOf('set_disk_metadata'),
    'expect(tagsOf(await cloud.volume(disk))).toMatchObject(metadata)',
  ],
  'SNP-01': [
    'keeps snapshots',
    insteadOf('delete_snapshot'),
    'expect(await cloud.snapshot(snapshot)).toBeUndefined()',
  ],
  'SNP-02': [
    'detaches what it takes a snapshot of',
    detachesBefore('snapshot_disk', 0),
    "expect(await cloud.volume(disk)).toMatchObject({ virtualmachineid: vm, vmstate: 'Running' })",
  ],
  'SNP-03': [
    'keeps no metadata',
    argument('snapshot_disk', 1, () => ({})),
    "expect(tags).toMatchObject({ ...metadata, index: '3' })",
  ],
  'SNP-04': [
    'wants metadata',
    answers((response, { method, arguments: given }) =>
      method === 'snapshot_disk' && given[1].index === undefined ? bad('CpiError') : response,
    ),
    'it failed with Bosh::Clouds::CpiError: broken',
  ],
  'SNP-05': [
    'misses what is gone',
    misses('delete_snapshot'),
    'it failed with Bosh::Clouds::CloudError: broken',
  ],
  'SNP-06': ['hides failures', swallows(null), 'it should fail, and answered null'],
  'SNP-07': [
    'has one error for all',
    hasOneError,
    "expect(nothing.type).toBe('Bosh::Clouds::DiskNotFound')",
  ],
  'SNP-08': [
    'fails at snapshots',
    insteadOf('snapshot_disk', () => bad('NotSupported')),
    "expect([undefined, 'Bosh::Clouds::NotImplemented']).toContain(error?.type)",
  ],
  'SNP-09': [
    'deletes snapshots with their disk',
    losesSnapshots(),
    'expect(await cloud.snapshot(snapshot)).toBeDefined()',
  ],
};

function losesSnapshots(): Break {
  return (cpi) => {
    const snapshots: string[] = [];
    return handles(async (request, call) => {
      if (request.method === 'delete_disk') {
        for (const cid of snapshots.splice(0)) {
          await call({ ...request, method: 'delete_snapshot', arguments: [cid] });
        }
      }
      const response = await call(request);
      if (request.method === 'snapshot_disk') snapshots.push(response.result);
      return response;
    })(cpi);
  };
}
