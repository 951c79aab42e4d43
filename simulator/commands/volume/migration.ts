import { cloudRuntime, serverApiError } from '../../world/cloud-exception.js';
import type { StoragePoolRow, VolumeRow } from '../../world/entities.js';
import {
  allocatedBytesOf,
  hasRoom,
  promisedBytesOf,
  type Asked,
} from '../../world/storage/pool-space.js';
import { poolSuits, type StorageNeeds } from '../../world/storage/storage-pools.js';
import { hypervisorOf, hypervisorOfPool } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';

// How a volume moves to another pool because its size or its offering asks for that (`automigrate`).

/**
 * The pools on which the volume could be with such an offering, its own one among them. Of detached
 * volumes CloudStack looks at the tags alone, of which one will do, and not at local or shared
 * (ManagementServerImpl.findAllSuitableStoragePoolsForDetachedVolume); of others at the cluster of
 * their VM.
 */
export function suitablePools(
  world: World,
  volume: VolumeRow,
  needs: StorageNeeds,
): StoragePoolRow[] {
  if (volume.state !== 'Ready') return [];
  const pools = world.storagePools
    .all()
    .filter((pool) => pool.zoneId === volume.zoneId && pool.state === 'Up')
    .filter((pool) => isOfHypervisor(world, volume, pool));
  if (volume.vmId === null) {
    const { storageTags: tags } = needs;
    return pools.filter((pool) => tags.length === 0 || tags.some((tag) => pool.tags.includes(tag)));
  }
  const clusterId = clusterOf(world, volume);
  const hostId = hostOf(world, volume);
  return pools
    .filter((pool) => poolSuits(pool, needs))
    .filter((pool) => pool.scope === 'ZONE' || clusterId === null || pool.clusterId === clusterId)
    .filter((pool) => pool.scope !== 'HOST' || hostId === null || pool.hostId === hostId);
}

function isOfHypervisor(world: World, volume: VolumeRow, pool: StoragePoolRow): boolean {
  const [own, other] = [hypervisorOf(world, volume), hypervisorOfPool(world, pool)];
  return own === undefined || other === undefined || own === other;
}

function clusterOf(world: World, { poolId }: VolumeRow): string | null {
  return poolId === null ? null : world.storagePools.require(poolId).clusterId;
}

function hostOf(world: World, { vmId }: VolumeRow): string | null {
  if (vmId === null) return null;
  const { hostId, lastHostId } = world.vms.require(vmId);
  return hostId ?? lastHostId;
}

/**
 * Where the volume is to go. CloudStack takes any of the pools with room; here it is the one with
 * most, so that a run can be repeated.
 *
 * @param failure how the text of a refusal begins
 * @throws 530 if no pool suits, or none has room
 */
export function destinationFor(
  world: World,
  pools: readonly StoragePoolRow[],
  asked: Asked,
  failure: { readonly withoutPool: string; readonly withoutRoom: string },
): StoragePoolRow {
  if (pools.length === 0) throw serverApiError(530, failure.withoutPool);
  const [best] = pools
    .filter((pool) => hasRoom(world, pool, [asked]))
    .map((pool) => ({
      pool,
      freeBytes: promisedBytesOf(world, pool) - allocatedBytesOf(world, pool),
    }))
    .sort((a, b) => b.freeBytes - a.freeBytes || a.pool.internalId - b.pool.internalId);
  if (best === undefined) throw serverApiError(530, failure.withoutRoom);
  return best.pool;
}

/** Begins to move a volume; nothing else can be done to it meanwhile. */
export function beginMigration(world: World, volume: VolumeRow): void {
  world.volumes.move(volume, 'MigrationRequested');
}

/** The volume keeps its id. Others may have taken the room meanwhile; then it stays where it is. */
export function finishMigration(world: World, volume: VolumeRow, poolId: string): void {
  const pool = world.storagePools.require(poolId);
  const { sizeBytes: bytes, templateId } = volume;
  if (!hasRoom(world, pool, [{ bytes, templateId }])) {
    world.volumes.move(volume, 'OperationFailed');
    throw cloudRuntime('no space left on the storage pool');
  }
  world.volumes.move(volume, 'OperationSucceeded', { poolId });
}
