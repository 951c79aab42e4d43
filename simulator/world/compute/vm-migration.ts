import type { HostRow, VmRow } from '../entities.js';
import { isInReach } from '../storage/storage-pools.js';
import { countInCluster } from './overprovisioning.js';
import { canHost } from './placement.js';
import { moveVm } from './virtual-machines.js';
import { isDestroyed, volumesOf } from '../storage/volumes.js';
import type { World } from '../world.js';

/**
 * A host other than its own that a running VM can move to, by chance among those that pass `test`;
 * its volumes stay where they are (UserVmManagerImpl.chooseVmMigrationDestination).
 */
export function hostToMoveTo(
  world: World,
  vm: VmRow,
  test: (host: HostRow) => boolean = () => true,
): HostRow | undefined {
  const hosts = world.hosts
    .all()
    .filter((host) => host.id !== vm.hostId && canHost(world, vm, host))
    .filter((host) => reachesVolumes(world, vm, host) && test(host));
  return hosts.length < 2
    ? hosts[0]
    : hosts[world.kernel.random.integer('placement', hosts.length)];
}

/** Whether a host reaches the pools of all volumes of a VM. */
export function reachesVolumes(world: World, vm: VmRow, host: HostRow): boolean {
  return volumesOf(world, vm.id)
    .filter((volume) => !isDestroyed(volume))
    .every(({ poolId }) => poolId !== null && isInReach(world.storagePools.require(poolId), host));
}

/** Begins to move a running VM, which has its room on both hosts until it has arrived. */
export function beginMigration(world: World, vm: VmRow, host: HostRow): void {
  countInCluster(world, vm, host.clusterId);
  moveVm(world, vm, 'MigrationRequested', { destinationHostId: host.id });
}

/** The VM runs on the other host. */
export function finishMigration(world: World, vm: VmRow): void {
  moveVm(world, vm, 'OperationSucceeded', {
    hostId: vm.destinationHostId,
    lastHostId: vm.hostId,
    destinationHostId: null,
  });
}
