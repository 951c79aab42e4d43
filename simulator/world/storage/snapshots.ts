import type { JsonObject } from '../../kernel/json.js';
import { copyOf } from './disk-content.js';
import type { SnapshotRow, VolumeRow } from '../entities.js';
import { snapshotItem } from '../jobs.js';
import type { SnapshotState } from '../states/snapshot.js';
import { removeTags } from '../tags.js';
import { volumesOf } from './volumes.js';
import type { World } from '../world.js';

/** The task that backs a snapshot up after the job that took it has ended. */
const BACKUP_TASK = 'snapshot.backup';

/** The tasks of this file, by kind. */
export const snapshotTasks: Readonly<Record<string, (world: World, args: JsonObject) => void>> = {
  [BACKUP_TASK]: (world, { snapshotId }) => {
    if (typeof snapshotId !== 'string') throw new Error('a backup names no snapshot');
    finishBackup(world, world.snapshots.require(snapshotId));
  },
};

/** Enters a snapshot, Allocated: the volume itself is not touched yet. */
export function allocateSnapshot(world: World, volume: VolumeRow, name: string): SnapshotRow {
  return world.snapshots.insert({
    name,
    state: 'Allocated',
    accountId: volume.accountId,
    zoneId: volume.zoneId,
    volumeId: volume.id,
    diskOfferingId: volume.diskOfferingId,
    serviceOfferingId: volume.serviceOfferingId,
    sizeBytes: volume.sizeBytes,
    physicalSizeBytes: 0,
    ...copyOf(volume),
  });
}

/** Begins to take a snapshot; until `finishOnPrimary` nothing else can be done to the volume. */
export function beginSnapshot(world: World, snapshot: SnapshotRow, volume: VolumeRow): void {
  world.volumes.move(volume, 'SnapshotRequested');
  world.snapshots.move(snapshot, 'CreateRequested', copyOf(volume));
}

/**
 * The snapshot is taken and the volume is usable again. Next comes the way to secondary storage,
 * unless `snapshot.backup.to.secondary` says that the snapshot stays where it is.
 */
export function finishOnPrimary(world: World, snapshot: SnapshotRow, volume: VolumeRow): void {
  world.volumes.move(volume, 'OperationSucceeded');
  world.snapshots.move(snapshot, 'OperationSucceeded');
  if (world.settings.get('snapshot.backup.to.secondary')) {
    world.snapshots.move(snapshot, 'BackupToSecondary');
  } else {
    world.snapshots.move(snapshot, 'OperationNotPerformed', physicalSize(snapshot));
  }
}

/** Has the backup end by itself, after the job (`asyncbackup`). */
export function backUpInBackground(world: World, snapshot: SnapshotRow): void {
  world.kernel.schedule({
    kind: BACKUP_TASK,
    args: { snapshotId: snapshot.id },
    afterMs: world.settings.get('duration.snapshot.backup'),
    item: snapshotItem(snapshot.id),
  });
}

export function finishBackup(world: World, snapshot: SnapshotRow): void {
  world.snapshots.move(snapshot, 'OperationSucceeded', physicalSize(snapshot));
}

/** Nobody writes to the simulated disks: a snapshot takes what the volume could hold at most. */
function physicalSize({ sizeBytes }: SnapshotRow): { physicalSizeBytes: number } {
  return { physicalSizeBytes: sizeBytes };
}

/** Removes a snapshot for good, and its tags. */
export function removeSnapshot(world: World, snapshot: SnapshotRow): void {
  world.snapshots.remove(snapshot);
  removeTags(world, snapshot.id);
}

/** Whether a snapshot of the volume is on its way: such a volume must stay as it is. */
export function isBeingSnapshotted(world: World, volume: VolumeRow): boolean {
  return world.snapshots.where('volumeId', volume.id).some(({ state }) => onItsWay.includes(state));
}

/**
 * Whether a snapshot of one of the VM's volumes is on its way. CloudStack does not count those
 * whose volume is in state Snapshotting (SnapshotDaoImpl.listByInstanceId).
 */
export function hasActiveSnapshots(world: World, vmId: string): boolean {
  return volumesOf(world, vmId).some(
    (volume) => volume.state === 'Ready' && isBeingSnapshotted(world, volume),
  );
}

const onItsWay: readonly SnapshotState[] = ['Creating', 'CreatedOnPrimary', 'BackingUp'];

/** A snapshot as error texts name it (SnapshotVO.toString). */
export function snapshotText(world: World, snapshot: SnapshotRow): string {
  const { internalId, id, name, volumeId } = snapshot;
  const volume = world.volumes.require(volumeId).internalId;
  return `Snapshot ${JSON.stringify({ id: internalId, name, uuid: id, volumeId: volume })}`;
}
