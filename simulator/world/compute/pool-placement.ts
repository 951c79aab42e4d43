import type { HostRow, StoragePoolRow, VmRow, VolumeRow } from '../entities.js';
import { isEncrypted } from '../storage/encryption.js';
import { hasRoom } from '../storage/pool-space.js';
import { isInMaintenance, isInReach, poolsFor } from '../storage/storage-pools.js';
import { isDestroyed, isOnPool, volumesOf } from '../storage/volumes.js';
import type { World } from '../world.js';

/**
 * A pool for each volume of a VM that is to start on a host, by the volume's id; undefined if one
 * finds none. The largest volume chooses first, and each needs room beside those before it
 * (DeploymentPlanningManagerImpl.findPotentialDeploymentResources).
 */
export function poolsOn(
  world: World,
  vm: VmRow,
  host: HostRow,
): ReadonlyMap<string, StoragePoolRow> | undefined {
  const volumes = volumesOf(world, vm.id)
    .filter((volume) => !isDestroyed(volume))
    .sort((one, other) => other.sizeBytes - one.sizeBytes);
  const { hypervisor } = world.clusters.require(host.clusterId);
  if (hypervisor !== 'KVM' && volumes.some((volume) => isEncrypted(world, volume))) {
    return undefined;
  }
  const planned = new Map<string, StoragePoolRow>();
  for (const volume of volumes) {
    const pool = keepsPool(world, volume, host)
      ? poolInReach(world, volume, host)
      : poolsFor(world, volume, host).find((row) => fitsBeside(world, volume, row, planned));
    if (pool === undefined) return undefined;
    planned.set(volume.id, pool);
  }
  return planned;
}

/**
 * Whether the planner leaves a volume where it is: as long as its pool is not in maintenance, and
 * within the cluster that it looks at. In another cluster it plans a new pool for it, whatever comes
 * of that (DeploymentPlanningManagerImpl.checkIfPoolCanBeReused, canReusePool).
 */
function keepsPool(world: World, volume: VolumeRow, host: HostRow): boolean {
  if (volume.poolId === null || !isOnPool(volume)) return false;
  const pool = world.storagePools.require(volume.poolId);
  if (isInMaintenance(pool)) return false;
  return pool.scope === 'ZONE' || pool.clusterId === host.clusterId;
}

function poolInReach(
  world: World,
  { poolId }: VolumeRow,
  host: HostRow,
): StoragePoolRow | undefined {
  const pool = poolId === null ? undefined : world.storagePools.require(poolId);
  return pool !== undefined && isInReach(pool, host) ? pool : undefined;
}

/** Whether a pool has room for a volume beside the others of the same VM that go there. */
function fitsBeside(
  world: World,
  volume: VolumeRow,
  pool: StoragePoolRow,
  planned: ReadonlyMap<string, StoragePoolRow>,
): boolean {
  const beside = [...planned]
    .filter(([, other]) => other.id === pool.id)
    .map(([volumeId]) => world.volumes.require(volumeId))
    .filter((other) => other.poolId !== pool.id);
  const asked = [...beside, volume].map(({ sizeBytes: bytes, templateId }) => ({
    bytes,
    templateId,
  }));
  return beside.length === 0 || hasRoom(world, pool, asked);
}
