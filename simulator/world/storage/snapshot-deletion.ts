import { cloudRuntime, serverApiError, type CloudException } from '../cloud-exception.js';
import type { SnapshotRow, SnapshotStoreRow } from '../entities.js';
import type { World } from '../world.js';
import { beginRemoval, finishRemoval, storesOf } from './snapshot-stores.js';
import { removeSnapshot, snapshotFields, snapshotText } from './snapshots.js';

/**
 * Begins to delete a snapshot, or its copies in one zone (DefaultSnapshotStrategy.deleteSnapshot).
 * What no store has, or only the pool on which it was taken, is gone at once.
 */
export function beginDeletion(
  world: World,
  snapshot: SnapshotRow,
  zoneId: string | undefined,
): 'removed' | 'begun' {
  const { state } = snapshot;
  const onlyOnPrimary = state === 'Allocated' || state === 'CreatedOnPrimary';
  if (zoneId !== undefined && onlyOnPrimary) {
    throw invalid(`Snapshot in ${state} can not be deleted for a zone`);
  }
  if (onlyOnPrimary || state === 'Error') {
    if (state === 'CreatedOnPrimary') world.snapshots.move(snapshot, 'DestroyRequested');
    removeSnapshot(world, snapshot);
    return 'removed';
  }
  if (state !== 'BackedUp' && state !== 'Destroying') {
    throw invalid(
      `Can't delete snapshot ${snapshotText(world, snapshot)} due to it is in ${state} Status`,
    );
  }
  const stores = storesToLeave(world, snapshot, zoneId);
  if (stores.length === 0) throw serverApiError(530, 'Failed to delete snapshot');
  assertNotBeingRead(world, snapshot, stores);
  if (stores.length === storesOf(world, snapshot.id).length) {
    world.snapshots.move(snapshot, 'DestroyRequested');
  }
  beginRemoval(world, stores);
  return 'begun';
}

/** Ends what `beginDeletion` began, unless a second deletion that came meanwhile has. */
export function finishDeletion(
  world: World,
  snapshot: SnapshotRow,
  zoneId: string | undefined,
): void {
  const stores = storesToLeave(world, snapshot, zoneId);
  finishRemoval(
    world,
    stores.filter(({ state }) => state === 'Destroying'),
  );
  if (snapshot.state !== 'Destroying') return;
  world.snapshots.move(snapshot, 'OperationSucceeded');
  removeSnapshot(world, snapshot);
}

/** The stores from which the snapshot is to go: all, or those of one zone. */
function storesToLeave(
  world: World,
  snapshot: SnapshotRow,
  zoneId: string | undefined,
): SnapshotStoreRow[] {
  return storesOf(world, snapshot.id).filter(
    (store) => zoneId === undefined || store.zoneId === zoneId,
  );
}

/** Secondary storage keeps what a volume is being made of. */
function assertNotBeingRead(
  world: World,
  snapshot: SnapshotRow,
  stores: readonly SnapshotStoreRow[],
): void {
  if (stores.every(({ role }) => role === 'Primary')) return;
  const readers = world.volumes
    .all()
    .filter(({ snapshotId, state }) => snapshotId === snapshot.id && state === 'Creating');
  if (readers.length === 0) return;
  const volumes = readers.map(({ internalId }) => ({ resourceId: internalId }));
  throw cloudRuntime(
    `Failed to delete snapshot:com.cloud.utils.exception.CloudRuntimeException: Unable to delete snapshot [${snapshotFields(world, snapshot)}] because it is being used by the following volumes: ${JSON.stringify(volumes)}.`,
  );
}

/** The strategy's refusals reach callers as the text of a Java exception, class name included. */
function invalid(text: string): CloudException {
  return cloudRuntime(
    `Failed to delete snapshot:com.cloud.exception.InvalidParameterValueException: ${text}`,
  );
}
