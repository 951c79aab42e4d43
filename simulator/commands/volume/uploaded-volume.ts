import { cloudRuntime } from '../../world/cloud-exception.js';
import type { StoragePoolRow, VmRow, VolumeRow } from '../../world/entities.js';
import { vmText } from '../../world/compute/virtual-machines.js';
import { poolsOfZoneFor } from '../../world/storage/storage-pools.js';
import { removeVolumeImage } from '../../world/storage/volume-images.js';
import type { World } from '../../world/world.js';
import { existingVolumeOf } from './attach-rules.js';

// How a volume that was uploaded comes to a pool: when it is first attached.

/**
 * Begins to copy the volume to a pool in the cluster of the VM's storage; a VM that was never started
 * has none, and then only a pool of the whole zone will do
 * (VolumeApiServiceImpl.createVolumeOnPrimaryForAttachIfNeeded,
 * VolumeOrchestrator.copyVolumeFromSecToPrimary). Of local pools any will do, be it that of another
 * host than the VM's.
 */
export function beginCopy(world: World, volume: VolumeRow, vm: VmRow): void {
  world.volumes.move(volume, 'CopyRequested', { poolId: poolFor(world, volume, vm).id });
}

/** The copy is complete, and what secondary storage had of it is gone. */
export function finishCopy(world: World, volume: VolumeRow): void {
  world.volumes.move(volume, 'OperationSucceeded');
  removeVolumeImage(world, volume.id);
}

function poolFor(world: World, volume: VolumeRow, vm: VmRow): StoragePoolRow {
  const pools = poolsOfZoneFor(world, volume);
  const existing = existingVolumeOf(world, vm);
  if (existing === undefined || existing.poolId === null) {
    const pool = pools.find(({ scope }) => scope === 'ZONE');
    if (pool !== undefined) return pool;
    throw cloudRuntime('Failed to find a primary storage for volume in state: Uploaded');
  }
  const { clusterId } = world.storagePools.require(existing.poolId);
  const pool = pools.find(
    (row) => row.scope === 'ZONE' || clusterId === null || row.clusterId === clusterId,
  );
  if (pool !== undefined) return pool;
  throw cloudRuntime(
    `Failed to find a suitable storage pool in the pod/cluster of the provided VM [${vmText(vm)}] to create the volume in.`,
  );
}
