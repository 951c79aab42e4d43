import { cloudRuntime } from '../cloud-exception.js';
import type { StoragePoolRow, VmRow } from '../entities.js';
import { moveVm } from './virtual-machines.js';
import { hasRoom } from '../storage/pool-space.js';
import { isDestroyed, volumesOf } from '../storage/volumes.js';
import type { World } from '../world.js';

/**
 * Begins to move the volumes of a stopped VM to another pool. Those that were never created have
 * nothing to move, and get a pool when it starts (VirtualMachineManagerImpl.storageMigration).
 */
export function beginStorageMigration(world: World, vm: VmRow, pool: StoragePoolRow): void {
  moveVm(world, vm, 'StorageMigrationRequested');
  for (const volume of volumesOf(world, vm.id)) {
    if (volume.state !== 'Ready' || volume.poolId === pool.id) continue;
    world.volumes.move(volume, 'MigrationRequested');
  }
}

/** The volumes are there, and the VM is Stopped; where they find no room they stay where they are. */
export function finishStorageMigration(world: World, vm: VmRow, pool: StoragePoolRow): void {
  const volumes = volumesOf(world, vm.id).filter(({ state }) => state === 'Migrating');
  const asked = volumes.map(({ sizeBytes, templateId }) => ({ bytes: sizeBytes, templateId }));
  const fits = hasRoom(world, pool, asked);
  for (const volume of volumes) {
    if (fits) world.volumes.move(volume, 'OperationSucceeded', { poolId: pool.id });
    else world.volumes.move(volume, 'OperationFailed');
  }
  moveVm(world, vm, 'AgentReportStopped');
  // From another cluster's pool its last host may be out of reach.
  if (fits) world.vms.change(vm, { lastHostId: null });
  if (!fits) throw cloudRuntime(`Failed to migrate VM: ${vm.id}`);
}

/** Whether any of a VM's volumes is on the pool of one host alone. */
export function usesLocalStorage(world: World, vm: VmRow): boolean {
  return volumesOf(world, vm.id)
    .filter((volume) => !isDestroyed(volume))
    .some(({ poolId }) => poolId !== null && world.storagePools.require(poolId).scope === 'HOST');
}
