import type { HostRow, StoragePoolRow, StorageType, VolumeRow } from '../entities.js';
import { takenBytesOfPool } from '../compute/occupancy.js';
import type { World } from '../world.js';

/**
 * The pools that can hold a volume of a VM on this host, best first: up, in reach of the host, of
 * the offering's storage type, with all of its tags, and with room. A volume that exists on a pool
 * stays there: that pool is its only candidate.
 *
 * The order is CloudStack's: local pools, then those of the cluster, then those of the zone
 * (LocalStoragePoolAllocator, ClusterScopeStoragePoolAllocator, ZoneWideStoragePoolAllocator);
 * among equals the one with most room, so that a run can be repeated.
 */
export function poolsFor(world: World, volume: VolumeRow, host: HostRow): StoragePoolRow[] {
  if (volume.poolId !== null) {
    const pool = world.storagePools.require(volume.poolId);
    return pool.up && isInReach(pool, host) ? [pool] : [];
  }
  return allocatable(
    world,
    volume,
    poolsNear(world, host).filter((pool) => isInReach(pool, host)),
  );
}

/** All pools that can be in reach of a host. */
function poolsNear({ storagePools }: World, host: HostRow): StoragePoolRow[] {
  const ofCluster = storagePools.where('clusterId', host.clusterId);
  return [
    ...storagePools.where('hostId', host.id),
    ...ofCluster.filter((pool) => pool.scope === 'CLUSTER'),
    ...storagePools.where('scope', 'ZONE'),
  ];
}

/** The pools of a whole zone that can hold a volume nothing ties to a host yet, best first. */
export function poolsOfZoneFor(world: World, volume: VolumeRow): StoragePoolRow[] {
  return allocatable(
    world,
    volume,
    world.storagePools.all().filter((pool) => pool.zoneId === volume.zoneId),
  );
}

/** What an offering asks of a pool. */
export interface StorageNeeds {
  readonly storageType: StorageType;
  readonly storageTags: readonly string[];
}

/** Whether a pool is up, of the right storage type, and has all of the tags. */
export function poolSuits(
  pool: StoragePoolRow,
  { storageType, storageTags }: StorageNeeds,
): boolean {
  return (
    pool.up &&
    (pool.scope === 'HOST') === (storageType === 'local') &&
    storageTags.every((tag) => pool.tags.includes(tag))
  );
}

/** What a volume's offering asks of its pool. */
export function storageNeedsOf(world: World, volume: VolumeRow): StorageNeeds {
  if (volume.diskOfferingId !== null) return world.diskOfferings.require(volume.diskOfferingId);
  if (volume.serviceOfferingId !== null) {
    return world.serviceOfferings.require(volume.serviceOfferingId);
  }
  throw new Error(`volume ${volume.id} has no offering`);
}

export function isInReach(pool: StoragePoolRow, host: HostRow): boolean {
  switch (pool.scope) {
    case 'ZONE':
      return pool.zoneId === host.zoneId;
    case 'CLUSTER':
      return pool.clusterId === host.clusterId;
    case 'HOST':
      return pool.hostId === host.id;
  }
}

function allocatable(
  world: World,
  volume: VolumeRow,
  pools: readonly StoragePoolRow[],
): StoragePoolRow[] {
  const needs = storageNeedsOf(world, volume);
  return pools
    .filter((pool) => !pool.full && poolSuits(pool, needs))
    .map((pool) => ({ pool, freeBytes: pool.sizeBytes - takenBytesOfPool(world, pool) }))
    .filter(({ freeBytes }) => freeBytes >= volume.sizeBytes)
    .sort(
      (a, b) =>
        SCOPE_ORDER.indexOf(a.pool.scope) - SCOPE_ORDER.indexOf(b.pool.scope) ||
        b.freeBytes - a.freeBytes ||
        a.pool.internalId - b.pool.internalId,
    )
    .map(({ pool }) => pool);
}

const SCOPE_ORDER: readonly StoragePoolRow['scope'][] = ['HOST', 'CLUSTER', 'ZONE'];
