import type { HostRow, StoragePoolRow, StorageType, VolumeRow } from '../entities.js';
import { allocatedBytesOf, hasRoom, mayPromise, promisedBytesOf } from './pool-space.js';
import type { World } from '../world.js';

/**
 * The pools that can hold a volume of a VM on this host, best first: up, in reach of the host, of
 * the offering's storage type, with all of its tags, and with room. Those of the host's cluster go
 * before those of the whole zone (LocalStoragePoolAllocator, ClusterScopeStoragePoolAllocator,
 * ZoneWideStoragePoolAllocator: the first that finds any decides).
 */
export function poolsFor(world: World, volume: VolumeRow, host: HostRow): StoragePoolRow[] {
  const near = poolsOfCluster(world, host.clusterId).filter((pool) => isInReach(pool, host));
  return firstAllocated(world, volume, near, world.storagePools.where('scope', 'ZONE'));
}

/** The same for the hosts of a cluster, some of which may not reach all of them. */
export function poolsInCluster(
  world: World,
  volume: VolumeRow,
  clusterId: string,
): StoragePoolRow[] {
  const zoneWide = world.storagePools.where('scope', 'ZONE');
  return firstAllocated(world, volume, poolsOfCluster(world, clusterId), zoneWide);
}

/** The pools of a whole zone that can hold a volume nothing ties to a host yet, best first. */
export function poolsOfZoneFor(world: World, volume: VolumeRow): StoragePoolRow[] {
  const [near, zoneWide] = [
    world.storagePools.all().filter((pool) => pool.scope !== 'ZONE'),
    world.storagePools.where('scope', 'ZONE'),
  ];
  return [...allocated(world, volume, near), ...allocated(world, volume, zoneWide)];
}

/** Whether a disk of an offering would find a pool near a host (isDiskOfferingSuitableForVm). */
export function hasPoolFor(
  world: World,
  needs: StorageNeeds,
  bytes: number,
  host: HostRow,
): boolean {
  const zoneWide = world.storagePools.where('scope', 'ZONE');
  return [...poolsOfCluster(world, host.clusterId), ...zoneWide].some(
    (pool) => isInReach(pool, host) && poolSuits(pool, needs) && mayPromise(world, pool, bytes),
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
    pool.state === 'Up' &&
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

/**
 * Whether a pool gives nothing at present, and takes nothing (StoragePool.isInMaintenance); one that
 * is disabled only takes nothing new.
 */
export function isInMaintenance({ state }: StoragePoolRow): boolean {
  return state !== 'Up' && state !== 'Disabled';
}

function poolsOfCluster({ storagePools }: World, clusterId: string): StoragePoolRow[] {
  return storagePools.where('clusterId', clusterId);
}

/** Pools of the whole zone are thought of where no other suits. */
function firstAllocated(
  world: World,
  volume: VolumeRow,
  near: readonly StoragePoolRow[],
  zoneWide: readonly StoragePoolRow[],
): StoragePoolRow[] {
  const found = allocated(world, volume, near);
  return found.length > 0 ? found : allocated(world, volume, zoneWide);
}

function allocated(
  world: World,
  volume: VolumeRow,
  pools: readonly StoragePoolRow[],
): StoragePoolRow[] {
  const needs = storageNeedsOf(world, volume);
  const { zoneId, sizeBytes: bytes, templateId } = volume;
  const suitable = pools.filter(
    (pool) =>
      pool.zoneId === zoneId &&
      poolSuits(pool, needs) &&
      hasRoom(world, pool, [{ bytes, templateId }]),
  );
  return suitable.length < 2 ? suitable : inOrder(world, volume, suitable);
}

/** `volume.allocation.algorithm` (AbstractStoragePoolAllocator.reorderStoragePoolsBasedOnAlgorithm). */
function inOrder(
  world: World,
  { accountId }: VolumeRow,
  pools: readonly StoragePoolRow[],
): StoragePoolRow[] {
  const lowestFirst = (rank: (pool: StoragePoolRow) => number): StoragePoolRow[] =>
    pools
      .map((pool) => ({ pool, rank: rank(pool) }))
      .sort((a, b) => a.rank - b.rank || a.pool.internalId - b.pool.internalId)
      .map(({ pool }) => pool);
  switch (world.settings.get('volume.allocation.algorithm')) {
    case 'random':
    case 'userconcentratedpod_random':
      return shuffled(world, pools);
    case 'userdispersing':
      return lowestFirst((pool) => readyVolumes(world, pool, accountId));
    case 'firstfitleastconsumed':
      return lowestFirst((pool) => allocatedBytesOf(world, pool) / promisedBytesOf(world, pool));
    default:
      return lowestFirst((pool) => pool.internalId);
  }
}

function readyVolumes(world: World, pool: StoragePoolRow, accountId: string): number {
  return world.volumes
    .where('poolId', pool.id)
    .filter((volume) => volume.accountId === accountId && volume.state === 'Ready').length;
}

function shuffled(world: World, pools: readonly StoragePoolRow[]): StoragePoolRow[] {
  const rest = [...pools];
  const order: StoragePoolRow[] = [];
  while (rest.length > 1) {
    order.push(...rest.splice(world.kernel.random.integer('pools', rest.length), 1));
  }
  return [...order, ...rest];
}
