import { assertMayOperate } from '../../declare/access.js';
import { asyncCreateCommand, done, everyRole, objectOf, wait } from '../../declare/command.js';
import { entity, text } from '../../declare/parameter.js';
import {
  invalidParameter,
  serverApiError,
  type CloudException,
} from '../../world/cloud-exception.js';
import { vmText } from '../../world/compute/virtual-machines.js';
import { vmSnapshotText } from '../../world/compute/vm-snapshots.js';
import type { SnapshotRow, VmRow, VmSnapshotRow, VolumeRow } from '../../world/entities.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import {
  allocateSnapshot,
  beginBackupOf,
  finishBackupOf,
  mayBeBackedUp,
  removeSnapshot,
} from '../../world/storage/snapshots.js';
import type { World } from '../../world/world.js';
import { volumeText } from '../volume/volume-rules.js';
import { createdSnapshotResponse, inOwnZone } from './snapshot-response.js';
import { assertReadyForSnapshot, assertVmAllows, assertZoneIsEnabled } from './snapshot-rules.js';

/**
 * Copies what a snapshot of a VM holds of one of its volumes to secondary storage; on KVM only, and a
 * snapshot that does not come about is removed (VolumeApiServiceImpl.allocSnapshotForVm,
 * SnapshotManagerImpl.backupSnapshotFromVmSnapshot).
 */
export const createSnapshotFromVmSnapshot = asyncCreateCommand({
  name: 'createSnapshotFromVMSnapshot',
  summary: 'Makes a snapshot of a volume from a snapshot of its VM.',
  since: '4.10.0',
  roles: everyRole,
  javaClass: { user: 'user.snapshot.CreateSnapshotFromVMSnapshotCmd' },
  parameters: {
    volumeid: entity('volume', { required: true }),
    vmsnapshotid: entity('vmsnapshot', { required: true }),
    name: text(),
  },
  response: objectOf(createdSnapshotResponse),
  subjectType: 'Snapshot',
  create: (context, { volumeid: volume, vmsnapshotid: vmSnapshot, name }) => {
    const { world } = context;
    const vm = vmOf(world, vmSnapshot);
    assertMayOperate(context, 'virtualmachine', vm);
    if (volume.removedMs !== null) throw volumeGone(volume);
    assertMayOperate(context, 'volume', volume);
    if (volume.vmId !== vm.id) {
      throw invalidParameter(
        `Creating snapshot failed due to volume:${volumeText(world, volume)} doesn't attach to vm :${vmText(vm)}`,
      );
    }
    assertZoneIsEnabled(context, world.zones.require(volume.zoneId));
    assertReadyForSnapshot(world, volume);
    assertVmAllows(world, volume);
    const owner = world.accounts.require(volume.accountId);
    assertWithinLimits(world, owner, { snapshot: 1, secondary_storage: volume.sizeBytes });
    return allocateSnapshot(world, volume, { name, type: 'MANUAL' });
  },
  steps: [
    ({ world }, { volumeid: volume, vmsnapshotid: vmSnapshot }, { createdId }) =>
      orRemoved(world, world.snapshots.require(createdId), () => {
        assertMayBackUp(world, volume, vmSnapshot);
        const snapshot = world.snapshots.require(createdId);
        const content = vmSnapshot.disks[volume.id];
        if (content === undefined || !mayBeBackedUp(world, snapshot)) {
          throw serverApiError(
            530,
            `Failed to create snapshot due to an internal error creating snapshot from vm snapshot ${vmSnapshotText(world, vmSnapshot)}`,
          );
        }
        beginBackupOf(world, snapshot, volume, content);
        return wait('duration.snapshot.backup');
      }),
    ({ world }, _, { createdId }) => {
      const snapshot = world.snapshots.require(createdId);
      finishBackupOf(world, snapshot);
      return done(inOwnZone(world, snapshot));
    },
  ],
  afterFailure: ({ world }, _, { createdId }) => {
    const snapshot = world.snapshots.require(createdId);
    if (snapshot.removedMs === null) removeSnapshot(world, snapshot);
  },
});

function vmOf(world: World, vmSnapshot: VmSnapshotRow): VmRow {
  if (vmSnapshot.removedMs !== null) {
    throw invalidParameter(`Unable to find vm snapshot by id=${vmSnapshot.internalId}`);
  }
  return world.vms.require(vmSnapshot.vmId);
}

function assertMayBackUp(world: World, volume: VolumeRow, vmSnapshot: VmSnapshotRow): void {
  const { hypervisor } = world.vms.require(vmSnapshot.vmId);
  if (hypervisor !== 'KVM') {
    throw invalidParameter(`Unsupported hypervisor type ${hypervisor}. This supports KVM only`);
  }
  if (vmSnapshot.removedMs !== null) {
    throw invalidParameter(
      `Creating snapshot failed due to vmSnapshot:${vmSnapshot.internalId} doesn't exist`,
    );
  }
  if (volume.removedMs !== null) throw volumeGone(volume);
  assertReadyForSnapshot(world, volume);
}

function volumeGone(volume: VolumeRow): CloudException {
  return invalidParameter(
    `Creating snapshot failed due to volume:${volume.internalId} doesn't exist`,
  );
}

function orRemoved<Out>(world: World, snapshot: SnapshotRow, act: () => Out): Out {
  try {
    return act();
  } catch (error) {
    if (snapshot.removedMs === null) removeSnapshot(world, snapshot);
    throw error;
  }
}
