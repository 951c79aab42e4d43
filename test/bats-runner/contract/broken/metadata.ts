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
};
