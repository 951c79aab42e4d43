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
  'DSK-01': ['keeps disks', insteadOf('delete_disk')],
  'DSK-02': ['misses what is not there', insteadOf('has_disk', () => bad('DiskNotFound'))],
  'DSK-03': [
    'rounds down',
    argument('create_disk', 0, (mib) => Math.max(1, Math.floor(mib / 1024)) * 1024),
  ],
  'DSK-04': ['makes disks in the default zone', argument('create_disk', 2, () => null)],
  'DSK-05': ['hides the reason', reasonless],
  'DSK-06': ['has one offering', argument('create_disk', 1, () => anySize)],
  'DSK-07': ['prefers the configured offering', argument('create_disk', 1, () => ({}))],
  'DSK-08': ['takes another offering', argument('create_disk', 1, () => anySize)],
  'DSK-09': ['makes smaller disks', argument('create_disk', 0, (mib) => Math.min(mib, 524_288))],
  'DSK-11': [
    'tells the agent nothing',
    both(
      results('attach_disk', () => null),
      speaksVersion2('attach_disk'),
    ),
  ],
  'DSK-12': ['answers a number', results('attach_disk', () => ({ lun: 1 }))],
  'DSK-13': ['answers something else each time', results('attach_disk', () => crypto.randomUUID())],
  'DSK-14': ['takes disks from other VMs', detachesBefore('attach_disk', 1)],
  'DSK-15': ['lists ephemeral disks', results('get_disks', (disks) => [...disks, 'ephemeral'])],
  'DSK-16': ['detaches later', later('detach_disk')],
  'DSK-17': ['detaches from any VM', detachesBefore('detach_disk', 1)],
  'DSK-18': ['hides failures', swallows(null)],
  'DSK-19': ['misses what is gone', misses('delete_disk')],
  'DSK-20': ['detaches what it deletes', detachesBefore('delete_disk', 0)],
  'DSK-21': [
    'waits for nothing',
    gives(({ stderr }) =>
      /waiting/.test(stderr) ? { stdout: JSON.stringify(bad('CloudError')) } : {},
    ),
  ],
  'DSK-22': ['loses disks with their VM', losesDisks],
  'DSK-23': ['resizes nothing', insteadOf('resize_disk')],
  'DSK-24': ['always makes disks larger', argument('resize_disk', 1, (mib: number) => mib + 1024)],
  'DSK-25': ['has one error for all', hasOneError],
  'DSK-26': ['detaches what it resizes', detachesBefore('resize_disk', 0)],
  'DSK-27': ['hides failures', swallows(null)],
  'DSK-28': ['always makes disks larger', argument('update_disk', 1, (mib: number) => mib + 1024)],
  'DSK-29': ['answers another CID', results('update_disk', () => crypto.randomUUID())],
  'DSK-30': ['has one error for all', hasOneError],
  'DSK-31': ['keeps the offering', argument('update_disk', 2, () => anySize)],
  'DSK-32': ['changes one thing at a time', argument('update_disk', 1, () => 2048)],
  'DSK-33': ['has one error for all', hasOneError],
  'DSK-34': ['fails at changes', insteadOf('update_disk', () => bad('CpiError'))],
  'DSK-35': ['does not say what helps', reasonless],
  'DSK-37': [
    'numbers disks by itself',
    results('attach_disk', (hint) => ({ ...hint, path: '/dev/vdb' })),
  ],
  'DSK-38': ['has one hint for all', results('attach_disk', () => '/dev/vdb')],
  'DSK-39': ['ignores names', argument('create_disk', 1, without('name'))],
  'DSK-40': ['keeps no metadata', insteadOf('set_disk_metadata')],
  'SNP-01': ['keeps snapshots', insteadOf('delete_snapshot')],
  'SNP-02': ['detaches what it takes a snapshot of', detachesBefore('snapshot_disk', 0)],
  'SNP-03': ['keeps no metadata', argument('snapshot_disk', 1, () => ({}))],
  'SNP-04': [
    'wants metadata',
    answers((response, { method, arguments: given }) =>
      method === 'snapshot_disk' && given[1].index === undefined ? bad('CpiError') : response,
    ),
  ],
  'SNP-05': ['misses what is gone', misses('delete_snapshot')],
  'SNP-06': ['hides failures', swallows(null)],
  'SNP-07': ['has one error for all', hasOneError],
  'SNP-08': ['fails at snapshots', insteadOf('snapshot_disk', () => bad('NotSupported'))],
  'SNP-09': ['deletes snapshots with their disk', losesSnapshots()],
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
