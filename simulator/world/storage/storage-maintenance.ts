import { cloudRuntime } from '../cloud-exception.js';
import type { StoragePoolRow, VmRow } from '../entities.js';
import { isWorkedOn, stopAtOnce, vmText } from '../compute/virtual-machines.js';
import { startAtOnce } from '../compute/vm-start.js';
import { isInReach } from './storage-pools.js';
import { rootVolumeOf } from './volumes.js';
import type { World } from '../world.js';

// What maintenance of a pool does to the VMs that use it (StoragePoolAutomationImpl). Their volumes
// stay on the pool, as they are.

/** Whether a host is up that would have to know of it: without one, nothing is done. */
export function hasHostsUp(world: World, pool: StoragePoolRow): boolean {
  const hosts = world.hosts.all().filter((host) => host.up);
  return pool.scope === 'ZONE'
    ? hosts.some((host) => isInReach(pool, host))
    : hosts.some((host) => host.clusterId === pool.clusterId);
}

/**
 * Stops the VMs that have a volume on the pool, one of them that a job works on only after that;
 * true if none is left. A VM that cannot be stopped leaves the pool in ErrorInMaintenance.
 *
 * @throws 530 for such a VM
 */
export function stopVmsOn(world: World, pool: StoragePoolRow): boolean {
  const vms = vmsOn(world, pool);
  try {
    for (const vm of vms.filter((row) => !isWorkedOn(world, row)))
      stopForMaintenance(world, pool, vm);
  } catch (error) {
    world.storagePools.move(pool, 'MaintenanceFailed');
    throw error;
  }
  return vmsOn(world, pool).length === 0;
}

function stopForMaintenance(world: World, pool: StoragePoolRow, vm: VmRow): void {
  stopAtOnce(world, vm);
  world.storagePools.change(pool, { stoppedVmIds: [...pool.stoppedVmIds, vm.id] });
}

/**
 * Starts the VMs that the maintenance had stopped, where the planner finds room for them; true if
 * none is left. Some may be gone meanwhile, or running again, or without a root volume.
 *
 * @throws 530 for one that cannot start; those after it stay stopped
 */
export function startVmsOf(world: World, pool: StoragePoolRow): boolean {
  const vms = pool.stoppedVmIds.flatMap((id) => world.vms.get(id) ?? []);
  for (const vm of vms) {
    if (isWorkedOn(world, vm)) continue;
    if (isToStart(world, vm)) startAgain(world, vm);
    const stoppedVmIds = pool.stoppedVmIds.filter((id) => id !== vm.id);
    world.storagePools.change(pool, { stoppedVmIds });
  }
  return pool.stoppedVmIds.length === 0;
}

function isToStart(world: World, vm: VmRow): boolean {
  return (
    vm.removedMs === null && vm.state !== 'Running' && rootVolumeOf(world, vm.id) !== undefined
  );
}

function startAgain(world: World, vm: VmRow): void {
  if (!world.vms.allows(vm, 'StartRequested')) {
    throw cloudRuntime(
      `com.cloud.exception.ConcurrentOperationException: Unable to change the state of ${vmText(vm)}`,
    );
  }
  startAtOnce(world, vm);
}

function vmsOn(world: World, pool: StoragePoolRow): VmRow[] {
  const ids = world.volumes.where('poolId', pool.id).flatMap(({ vmId }) => vmId ?? []);
  return [...new Set(ids)]
    .map((id) => world.vms.require(id))
    .filter(({ state }) => STOPPED_BY_MAINTENANCE.has(state));
}

const STOPPED_BY_MAINTENANCE: ReadonlySet<string> = new Set(['Running', 'Starting', 'Stopping']);
