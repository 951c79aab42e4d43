import type { JsonObject } from '../../kernel/json.js';
import { hypervisorOf, volumesOf } from './volumes.js';
import { contentOf, copyOf, type DiskContent } from './disk-content.js';
import type { SnapshotRow, SnapshotType, VolumeRow, ZoneRow } from '../entities.js';
import { takesMore } from './image-store-space.js';
import { snapshotItem } from '../jobs.js';
import {
  beginInSecondary,
  beginOnPool,
  dropUnfinished,
  finishOnStores,
  finishRemoval,
  storesOf,
} from './snapshot-stores.js';
import { copyInBackground } from './snapshot-copies.js';
import type { SnapshotState } from '../states/snapshot.js';
import { removeTags } from '../tags.js';
import type { World } from '../world.js';

/** The task that backs a snapshot up after the job that took it has ended. */
const BACKUP_TASK = 'snapshot.backup';

/** The tasks of this file, by kind. */
export const snapshotTasks: Readonly<Record<string, (world: World, args: JsonObject) => void>> = {
  [BACKUP_TASK]: (world, { snapshotId, zoneIds, isLost }) => {
    if (typeof snapshotId !== 'string' || !Array.isArray(zoneIds)) {
      throw new Error('a backup names no snapshot, or no zones');
    }
    const snapshot = world.snapshots.require(snapshotId);
    if (isLost === true && snapshot.state === 'BackingUp') {
      failBackup(world, snapshot);
      removeSnapshot(world, snapshot);
      return;
    }
    finishBackup(world, snapshot);
    const zones = zoneIds.map((id) => world.zones.require(String(id)));
    copyInBackground(world, snapshot, zones);
  },
};

/** Enters a snapshot, Allocated: the volume itself is not touched yet. */
export function allocateSnapshot(
  world: World,
  volume: VolumeRow,
  { name, type }: { readonly name?: string | undefined; readonly type: SnapshotType },
): SnapshotRow {
  return world.snapshots.insert({
    name: name ?? defaultName(world, volume),
    state: 'Allocated',
    type,
    accountId: volume.accountId,
    zoneId: volume.zoneId,
    volumeId: volume.id,
    diskOfferingId: volume.diskOfferingId,
    serviceOfferingId: volume.serviceOfferingId,
    sizeBytes: volume.sizeBytes,
    goesToSecondary: world.settings.get('snapshot.backup.to.secondary'),
    ...copyOf(volume),
  });
}

/** `<VM>_<volume>_<yyyyMMddHHmmss>` in GMT (SnapshotManagerImpl.allocSnapshot). */
function defaultName(world: World, volume: VolumeRow): string {
  const vm = volume.vmId === null ? 'detached' : world.vms.require(volume.vmId).name;
  const time = new Date(world.kernel.nowMs).toISOString().slice(0, 19).replace(/\D/g, '');
  return `${vm}_${volume.name}_${time}`;
}

/** Begins to take a snapshot; until `finishOnPrimary` nothing else can be done to the volume. */
export function beginSnapshot(world: World, snapshot: SnapshotRow, volume: VolumeRow): void {
  world.volumes.move(volume, 'SnapshotRequested');
  beginOnPool(world, snapshot, world.storagePools.require(volume.poolId ?? ''));
  world.snapshots.move(snapshot, 'CreateRequested', copyOf(volume));
}

/**
 * The snapshot is taken and the volume is usable again. Next comes the way to secondary storage,
 * unless the snapshot stays where it is.
 */
export function finishOnPrimary(world: World, snapshot: SnapshotRow, volume: VolumeRow): void {
  world.volumes.move(volume, 'OperationSucceeded');
  finishOnStores(world, snapshot, ({ role }) => role === 'Primary');
  world.snapshots.move(snapshot, 'OperationSucceeded');
  if (snapshot.goesToSecondary) {
    world.snapshots.move(snapshot, 'BackupToSecondary');
    beginInSecondary(world, snapshot);
  } else {
    world.snapshots.move(snapshot, 'OperationNotPerformed');
  }
}

/** What a snapshot of the VM holds of the volume goes to secondary storage; the volume knows nothing. */
export function beginBackupOf(
  world: World,
  snapshot: SnapshotRow,
  volume: VolumeRow,
  content: DiskContent,
): void {
  world.snapshots.move(snapshot, 'CreateRequested', contentOf(content));
  beginOnPool(world, snapshot, world.storagePools.require(volume.poolId ?? ''));
  finishOnStores(world, snapshot, ({ role }) => role === 'Primary');
  world.snapshots.move(snapshot, 'OperationSucceeded');
  world.snapshots.move(snapshot, 'BackupToSecondary');
  beginInSecondary(world, snapshot);
}

/** On its pool there is the snapshot of the VM only. */
export function finishBackupOf(world: World, snapshot: SnapshotRow): void {
  finishBackup(world, snapshot);
  for (const store of storesOf(world, snapshot.id)) {
    if (store.role === 'Primary') world.snapshotStores.remove(store);
  }
}

/**
 * Has the backup, and the copies to other zones, end by themselves after the job (`asyncbackup`). One
 * for which there is no room is removed, and nobody is told (SnapshotManagerImpl.BackupSnapshotTask).
 */
export function backUpInBackground(
  world: World,
  snapshot: SnapshotRow,
  zones: readonly ZoneRow[],
): void {
  world.kernel.schedule({
    kind: BACKUP_TASK,
    args: {
      snapshotId: snapshot.id,
      zoneIds: zones.map(({ id }) => id),
      isLost: !mayBeBackedUp(world, snapshot),
    },
    afterMs: world.settings.get('duration.snapshot.backup'),
    item: snapshotItem(snapshot.id),
  });
}

/**
 * The snapshot is in secondary storage. On XenServer, which keeps the difference to the one before
 * only, the pool forgets the earlier ones (DefaultSnapshotStrategy.postSnapshotCreation).
 */
export function finishBackup(world: World, snapshot: SnapshotRow): void {
  if (snapshot.state !== 'BackingUp') return;
  finishOnStores(world, snapshot, ({ role }) => role === 'Image');
  world.snapshots.move(snapshot, 'OperationSucceeded');
  const volume = world.volumes.require(snapshot.volumeId);
  if (hypervisorOf(world, volume) !== 'XenServer') return;
  const [own] = storesOf(world, snapshot.id).filter(({ role }) => role === 'Primary');
  const earlier = world.snapshots
    .where('volumeId', volume.id)
    .filter(({ internalId }) => internalId < snapshot.internalId)
    .flatMap(({ id }) => storesOf(world, id))
    .filter(({ role, poolId }) => role === 'Primary' && poolId === own?.poolId);
  for (const store of earlier) world.snapshotStores.remove(store);
}

/** From now on the volume is taken back; until `finishRevert` nothing else can be done to it. */
export function beginRevert(world: World, volume: VolumeRow): void {
  world.volumes.move(volume, 'RevertSnapshotRequested');
}

/** The volume holds what the snapshot holds, and is as large again as it was then. */
export function finishRevert(world: World, volume: VolumeRow, snapshot: SnapshotRow): void {
  world.volumes.move(volume, 'OperationSucceeded', {
    sizeBytes: snapshot.sizeBytes,
    ...contentOf(snapshot),
  });
}

/** Whether the secondary storage of its zone takes a snapshot (SnapshotServiceImpl.findSnapshotImageStore). */
export function mayBeBackedUp(world: World, { zoneId }: SnapshotRow): boolean {
  return takesMore(world, world.zones.require(zoneId));
}

/** A snapshot that was taken cannot be backed up, and stays on its pool as what failed. */
export function failBackup(world: World, snapshot: SnapshotRow): void {
  dropUnfinished(world, snapshot.id);
  world.snapshots.move(snapshot, 'OperationFailed');
}

/** Removes a snapshot for good, from all its stores, and its tags. */
export function removeSnapshot(world: World, snapshot: SnapshotRow): void {
  dropUnfinished(world, snapshot.id);
  finishRemoval(world, storesOf(world, snapshot.id));
  world.snapshots.remove(snapshot);
  removeTags(world, snapshot.id);
}

/** Whether a snapshot of the volume is on its way: such a volume must stay as it is. */
export function isBeingSnapshotted(world: World, volume: VolumeRow): boolean {
  return world.snapshots.where('volumeId', volume.id).some(isOnItsWay);
}

export function isOnItsWay({ state }: SnapshotRow): boolean {
  return onItsWay.includes(state);
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
  return `Snapshot ${snapshotFields(world, snapshot)}`;
}

/** The fields by which a text tells which snapshot it means. */
export function snapshotFields(world: World, snapshot: SnapshotRow): string {
  const { internalId, id, name, volumeId } = snapshot;
  const volume = world.volumes.require(volumeId).internalId;
  return JSON.stringify({ id: internalId, name, uuid: id, volumeId: volume });
}
