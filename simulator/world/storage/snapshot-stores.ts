import type { SnapshotRow, SnapshotStoreRow, StoragePoolRow, ZoneRow } from '../entities.js';
import type { World } from '../world.js';

// On which stores a snapshot is: the pool on which it was taken, and secondary storage of zones.

/** Where a snapshot is or is about to be, in the order of its coming there. */
export function storesOf(world: World, snapshotId: string): SnapshotStoreRow[] {
  return world.snapshotStores.where('snapshotId', snapshotId);
}

/** The copy in the secondary storage of a zone that volumes and templates can be made from. */
export function readyImageIn(
  world: World,
  snapshotId: string,
  zoneId: string,
): SnapshotStoreRow | undefined {
  return storesOf(world, snapshotId).find(
    (store) => store.role === 'Image' && store.zoneId === zoneId && store.state === 'Ready',
  );
}

/** Whether something can be made from the snapshot in a zone, or the volume be reverted to it. */
export function isReadyIn(world: World, snapshotId: string, zoneId: string): boolean {
  return storesOf(world, snapshotId).some(
    (store) => store.zoneId === zoneId && store.state === 'Ready',
  );
}

/** Begins to put a snapshot onto the pool of its volume. */
export function beginOnPool(world: World, snapshot: SnapshotRow, pool: StoragePoolRow): void {
  begin(world, snapshot, {
    role: 'Primary',
    poolId: pool.id,
    zoneId: pool.zoneId,
    downloadState: null,
  });
}

/** Begins to put a snapshot into the secondary storage of its own zone. */
export function beginInSecondary(world: World, snapshot: SnapshotRow): void {
  begin(world, snapshot, {
    role: 'Image',
    poolId: null,
    zoneId: snapshot.zoneId,
    downloadState: null,
  });
}

/** Begins to copy a snapshot from the secondary storage of another zone. */
export function beginCopyTo(world: World, snapshot: SnapshotRow, zone: ZoneRow): void {
  begin(world, snapshot, {
    role: 'Image',
    poolId: null,
    zoneId: zone.id,
    downloadState: 'DOWNLOAD_IN_PROGRESS',
  });
}

/** What is being put onto the chosen stores is there. */
export function finishOnStores(
  world: World,
  snapshot: SnapshotRow,
  isMeant: (store: SnapshotStoreRow) => boolean,
): void {
  for (const store of storesOf(world, snapshot.id)) {
    if (store.state !== 'Creating' || !isMeant(store)) continue;
    world.snapshotStores.move(store, 'OperationSuccessed', {
      // Nobody writes to the simulated disks: a snapshot takes what the volume could hold at most.
      physicalSizeBytes: store.role === 'Image' ? snapshot.sizeBytes : 0,
      downloadState: store.downloadState === null ? null : 'DOWNLOADED',
    });
  }
}

/** What was being put onto a store did not get there (ObjectInDataStoreManagerImpl.deleteIfNotReady). */
export function dropUnfinished(world: World, snapshotId: string): void {
  for (const store of storesOf(world, snapshotId)) {
    if (store.state !== 'Creating') continue;
    world.snapshotStores.move(store, 'OperationFailed');
    world.snapshotStores.remove(store);
  }
}

/** Marks what is there for deletion; what a deletion that failed left there is so still. */
export function beginRemoval(world: World, stores: readonly SnapshotStoreRow[]): void {
  for (const store of stores) world.snapshotStores.move(store, 'DestroyRequested');
}

/** Takes what is there, or is being deleted, from its stores. */
export function finishRemoval(world: World, stores: readonly SnapshotStoreRow[]): void {
  for (const store of stores) {
    if (store.state !== 'Destroying') world.snapshotStores.move(store, 'DestroyRequested');
    world.snapshotStores.move(store, 'OperationSuccessed');
    world.snapshotStores.remove(store);
  }
}

function begin(
  world: World,
  snapshot: SnapshotRow,
  where: Pick<SnapshotStoreRow, 'role' | 'poolId' | 'zoneId' | 'downloadState'>,
): void {
  const store = world.snapshotStores.insert({
    snapshotId: snapshot.id,
    accountId: snapshot.accountId,
    state: 'Allocated',
    sizeBytes: snapshot.sizeBytes,
    physicalSizeBytes: 0,
    ...where,
  });
  world.snapshotStores.move(store, 'CreateOnlyRequested');
}
