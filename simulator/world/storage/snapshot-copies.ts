import type { JsonObject } from '../../kernel/json.js';
import { CloudException } from '../cloud-exception.js';
import type { SnapshotRow, ZoneRow } from '../entities.js';
import { assertWithinLimits } from '../identity/resource-limits.js';
import { snapshotItem } from '../jobs.js';
import type { World } from '../world.js';
import { takesMore } from './image-store-space.js';
import { beginCopyTo, finishOnStores, readyImageIn, storesOf } from './snapshot-stores.js';

/** The task that ends copies of a snapshot which no job waits for. */
const COPY_TASK = 'snapshot.copy';

/** The tasks of this file, by kind. */
export const snapshotCopyTasks: Readonly<Record<string, (world: World, args: JsonObject) => void>> =
  {
    [COPY_TASK]: (world, { snapshotId, zoneIds }) => {
      if (typeof snapshotId !== 'string' || !Array.isArray(zoneIds)) {
        throw new Error('a copy names no snapshot, or no zones');
      }
      finishCopies(world, world.snapshots.require(snapshotId), zoneIds.map(String));
    },
  };

/**
 * Begins to copy a snapshot from a zone, its own if none is given, to those that lack it. Its owner
 * and the other zone must have room for each copy, and the secondary storage VMs of both zones must work
 * (SnapshotManagerImpl.copySnapshotToZones).
 *
 * @returns the zones to which it cannot be copied.
 */
export function beginCopies(
  world: World,
  snapshot: SnapshotRow,
  zones: readonly ZoneRow[],
  source: ZoneRow = world.zones.require(snapshot.zoneId),
): ZoneRow[] {
  return zones.filter((zone) => {
    const isOnItsWay = storesOf(world, snapshot.id).some(
      ({ role, zoneId, state }) => role === 'Image' && zoneId === zone.id && state === 'Creating',
    );
    if (isOnItsWay || readyImageIn(world, snapshot.id, zone.id) !== undefined) return false;
    const canMove = source.secondaryStorageVmUp && zone.secondaryStorageVmUp;
    if (!canMove || !takesMore(world, zone) || !hasRoom(world, snapshot)) return true;
    beginCopyTo(world, snapshot, zone);
    return false;
  });
}

/** The copies in these zones are there. */
export function finishCopies(
  world: World,
  snapshot: SnapshotRow,
  zoneIds: readonly string[],
): void {
  finishOnStores(
    world,
    snapshot,
    ({ role, zoneId }) => role === 'Image' && zoneIds.includes(zoneId),
  );
}

/**
 * Has a snapshot that was backed up in the background copied to other zones; what cannot be copied
 * nobody is told of (SnapshotManagerImpl.copyNewSnapshotToZones).
 */
export function copyInBackground(
  world: World,
  snapshot: SnapshotRow,
  zones: readonly ZoneRow[],
): void {
  if (zones.length === 0) return;
  beginCopies(world, snapshot, zones);
  world.kernel.schedule({
    kind: COPY_TASK,
    args: { snapshotId: snapshot.id, zoneIds: zones.map(({ id }) => id) },
    afterMs: world.settings.get('duration.snapshot.copy'),
    item: snapshotItem(snapshot.id),
  });
}

function hasRoom(world: World, { accountId, sizeBytes }: SnapshotRow): boolean {
  try {
    assertWithinLimits(world, world.accounts.require(accountId), { secondary_storage: sizeBytes });
    return true;
  } catch (error) {
    if (error instanceof CloudException) return false;
    throw error;
  }
}
