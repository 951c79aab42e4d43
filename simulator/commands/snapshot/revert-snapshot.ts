import { asyncCommand, done, everyRole, objectOf, wait } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import { assertNoVmSnapshots } from '../../world/compute/vm-snapshots.js';
import type { SnapshotRow, VolumeRow } from '../../world/entities.js';
import { isReadyIn, storesOf } from '../../world/storage/snapshot-stores.js';
import { beginRevert, finishRevert, snapshotText } from '../../world/storage/snapshots.js';
import { hypervisorOf } from '../../world/storage/volumes.js';
import { createdSnapshotResponse, inOwnZone } from './snapshot-response.js';

/**
 * Gives a volume the contents and the size that it had when a snapshot of it was taken; on KVM only
 * (SnapshotManagerImpl.revertSnapshot, DefaultSnapshotStrategy.revertSnapshot).
 */
export const revertSnapshot = asyncCommand({
  name: 'revertSnapshot',
  summary: 'Takes a volume back to what it held when a snapshot of it was taken.',
  roles: everyRole,
  javaClass: { user: 'user.snapshot.RevertSnapshotCmd' },
  parameters: { id: entity('snapshot', { required: true, access: 'operate' }) },
  response: objectOf(createdSnapshotResponse),
  subject: ({ id }) => ({ type: 'Snapshot', id: id.id }),
  steps: [
    (context, { id: snapshot }) => {
      beginRevert(context.world, revertableVolume(context, snapshot));
      return wait('duration.snapshot.revert');
    },
    ({ world }, { id: snapshot }) => {
      finishRevert(world, world.volumes.require(snapshot.volumeId), snapshot);
      return done(inOwnZone(world, snapshot));
    },
  ],
  afterFailure: ({ world }, { id: snapshot }) => {
    const volume = world.volumes.require(snapshot.volumeId);
    if (volume.state === 'RevertSnapshotting') world.volumes.move(volume, 'OperationFailed');
  },
});

/** The volume of the snapshot, if it can be reverted now. */
function revertableVolume({ world }: CommandContext, snapshot: SnapshotRow): VolumeRow {
  if (snapshot.removedMs !== null && snapshot.state !== 'Destroyed') {
    throw invalidParameter('No such snapshot');
  }
  const volume = world.volumes.require(snapshot.volumeId);
  if (volume.removedMs !== null) {
    throw cloudRuntime(
      'Cannot invoke "com.cloud.storage.VolumeVO.getState()" because "volume" is null',
    );
  }
  if (volume.state !== 'Ready') throw invalidParameter('The volume is not in Ready state.');
  const vm = volume.vmId === null ? undefined : world.vms.require(volume.vmId);
  if (vm !== undefined && vm.state !== 'Stopped') {
    throw invalidParameter(
      'The VM the specified disk is attached to is not in the shutdown state.',
    );
  }
  if (vm !== undefined) {
    assertNoVmSnapshots(
      world,
      vm.id,
      'Unable to revert snapshot for VM, please remove VM snapshots before reverting VM from snapshot',
    );
  }
  if (storesOf(world, snapshot.id).length === 0) {
    throw cloudRuntime(`snapshot ${snapshot.name} [${snapshot.id}] does not exists in data store`);
  }
  if (hypervisorOf(world, volume) !== 'KVM' || !isReadyIn(world, snapshot.id, volume.zoneId)) {
    throw cloudRuntime(
      `Revert snapshot command failed for snapshot ${snapshotText(world, snapshot)}, because this command is supported only for KVM hypervisor`,
    );
  }
  return volume;
}
