// Proves the forms of disk hints by hypervisor, by cases.
import { expect, test } from '@playwright/test';
import { diskHint } from '../../../cpi/agent/disk-hint.js';

const volumeId = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6';

for (const [hypervisor, deviceId, hint] of [
  ['KVM', 1, { path: '/dev/disk/by-id/virtio-f81d4fae7dec11d0a765' }],
  ['kvm', 4, { path: '/dev/disk/by-id/virtio-f81d4fae7dec11d0a765' }],
  ['XenServer', 1, { path: '/dev/xvdb', volume_id: '1' }],
  ['XenServer', 4, { path: '/dev/xvde', volume_id: '4' }],
  ['XenServer', 26, { path: '/dev/xvdaa', volume_id: '26' }],
  ['VMware', 2, { volume_id: '2' }],
  ['Simulator', 2, { path: '/dev/sdc' }],
  [undefined, 2, { path: '/dev/sdc' }],
] as const) {
  test(`device ${deviceId} on ${hypervisor ?? 'an unknown hypervisor'}`, () => {
    expect(diskHint({ volumeId, deviceId, hypervisor })).toEqual(hint);
  });
}

test('KVM guests with SCSI disks', () => {
  const disk = { volumeId, deviceId: 1, hypervisor: 'KVM', diskController: 'scsi' };
  expect(diskHint(disk)).toEqual({
    path: '/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_f81d4fae7dec11d0a765',
  });
});
