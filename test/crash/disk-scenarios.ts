// The methods of disks and snapshots.
import { attachedDisk, createDisk, createVm, deleteBy } from './made-before.js';
import type { CallOptions } from '../support/cpi-zone.js';
import type { Scenario } from './scenario.js';

const snapshots = { 'kvm.snapshot.enabled': true };

/** Callers of this version tell agents nothing about disks. */
const firstVersion: CallOptions = { apiVersion: 1 };

export function diskScenarios(): readonly Scenario[] {
  return [
    {
      method: 'create_disk',
      about: 'with a name',
      creates: true,
      prepare: () =>
        Promise.resolve([1024, { disk_offering: 'shared.custom', name: 'data' }, null]),
      undo: deleteBy('delete_disk'),
    },
    {
      method: 'delete_disk',
      about: 'that was in use',
      hasNoJobs: true,
      prepare: async (zone) => {
        const [vm, disk] = await attachedDisk(zone);
        await zone.result('detach_disk', [vm, disk]);
        return [disk];
      },
    },
    {
      method: 'attach_disk',
      about: 'to a running VM',
      prepare: async (zone) => [...(await createVm(zone)), await createDisk(zone)],
    },
    {
      method: 'detach_disk',
      about: 'from a running VM',
      prepare: attachedDisk,
    },
    {
      method: 'attach_disk',
      about: 'that is to be in the user data',
      options: firstVersion,
      prepare: async (zone) => [...(await createVm(zone)), await createDisk(zone)],
    },
    {
      method: 'detach_disk',
      about: 'that is in the user data',
      options: firstVersion,
      prepare: async (zone) => {
        const [vm] = await createVm(zone);
        const disk = await createDisk(zone);
        await zone.result('attach_disk', [vm, disk], firstVersion);
        return [vm, disk];
      },
    },
    {
      method: 'resize_disk',
      about: 'to three times its size',
      prepare: async (zone) => {
        const [vm, disk] = await attachedDisk(zone);
        await zone.result('detach_disk', [vm, disk]);
        return [disk, 3072];
      },
    },
    {
      method: 'update_disk',
      about: 'to another offering',
      prepare: async (zone) => {
        const [vm, disk] = await attachedDisk(zone);
        await zone.result('detach_disk', [vm, disk]);
        return [disk, 3072, { disk_offering: 'ephemeral' }];
      },
    },
    {
      method: 'set_disk_metadata',
      about: 'in place of other metadata',
      prepare: async (zone) => {
        const disk = await createDisk(zone);
        await zone.result('set_disk_metadata', [disk, { director: 'd', job: 'old' }]);
        return [disk, { director: 'd', job: 'new' }];
      },
    },
    {
      method: 'snapshot_disk',
      about: 'with metadata',
      settings: snapshots,
      creates: true,
      lastChange: 'deleteTags',
      prepare: async (zone) => [(await attachedDisk(zone))[1], { director: 'd' }],
      undo: deleteBy('delete_snapshot'),
    },
    {
      method: 'delete_snapshot',
      about: 'of a disk in use',
      settings: snapshots,
      prepare: async (zone) => {
        const [, disk] = await attachedDisk(zone);
        return [await zone.result('snapshot_disk', [disk, { director: 'd' }])];
      },
    },
  ];
}
