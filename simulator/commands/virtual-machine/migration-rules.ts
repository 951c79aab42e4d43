import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { HostRow, StoragePoolRow, VmRow } from '../../world/entities.js';
import { hostText } from '../../world/compute/hosts.js';
import { canHost } from '../../world/compute/placement.js';
import { isBeingSnapshotted } from '../../world/storage/snapshots.js';
import { hypervisorOfPool, volumesOf } from '../../world/storage/volumes.js';
import { reachesVolumes } from '../../world/compute/vm-migration.js';
import { assertNoVmSnapshots } from '../../world/compute/vm-snapshots.js';
import { usesLocalStorage } from '../../world/compute/vm-storage-migration.js';
import type { World } from '../../world/world.js';

/** Throws unless a VM can leave its host while it runs (UserVmManagerImpl.migrateVirtualMachine). */
export function assertMayLeaveHost(world: World, vm: VmRow): void {
  if (vm.state !== 'Running') {
    throw invalidParameter('VM is not Running, unable to migrate the vm with specified id', [
      { uuid: vm.id, description: 'vmId' },
    ]);
  }
  if (!usesLocalStorage(world, vm)) return;
  throw invalidParameter('Unsupported operation, VM uses Local storage, cannot migrate');
}

/**
 * Throws unless a VM can move to this host. CloudStack does not look for room there; this world
 * never fills a host above its capacity, and refuses (UserVmManagerImpl.checkVmMigrationDestination).
 */
export function assertCanMoveTo(world: World, vm: VmRow, host: HostRow): void {
  if (host.removedMs !== null) {
    throw invalidParameter(`Unable to find the host to migrate the VM, host id=${host.internalId}`);
  }
  if (host.id === vm.hostId) {
    throw invalidParameter(
      'Cannot migrate VM, VM is already present on this host, please specify valid destination host to migrate the VM',
    );
  }
  if (!host.up || host.state !== 'Enabled') {
    throw invalidParameter(
      'Cannot migrate VM, destination host is not in correct state, has status: ' +
        `${host.up ? 'Up' : 'Down'}, state: ${host.state}`,
    );
  }
  if (volumesOf(world, vm.id).some((volume) => isBeingSnapshotted(world, volume))) {
    throw cloudRuntime(
      'There is/are unbacked up snapshot(s) on volume(s) attached to this VM, VM Migration is not permitted, please try again later.',
    );
  }
  if (!reachesVolumes(world, vm, host)) {
    throw cloudRuntime(
      'Source and destination host are not in same cluster and all volumes are not on zone wide ' +
        `primary store, unable to migrate to host: ${hostText(host)}`,
    );
  }
  if (canHost(world, vm, host)) return;
  throw cloudRuntime(`Unable to find suitable destination to migrate VM ${vm.instanceName}`);
}

/** Throws unless the volumes of a VM can move to this pool (UserVmManagerImpl.vmStorageMigration). */
export function assertStorageCanMove(world: World, vm: VmRow, pool: StoragePoolRow): void {
  if (pool.removedMs !== null) {
    throw invalidParameter('Unable to find the storage pool to migrate the VM');
  }
  if (vm.state !== 'Stopped') {
    throw invalidParameter('VM is not Stopped, unable to migrate the vm having the specified id', [
      { uuid: vm.id, description: 'vmId' },
    ]);
  }
  assertNoVmSnapshots(
    world,
    vm.id,
    "VM's disk cannot be migrated, please remove all the VM Snapshots for this VM",
  );
  const hypervisor = hypervisorOfPool(world, pool);
  if (hypervisor !== undefined && hypervisor !== vm.hypervisor) {
    throw invalidParameter(
      `hypervisor is not compatible: dest: ${hypervisor}, vm: ${vm.hypervisor}`,
    );
  }
  if (pool.state === 'Up') return;
  throw cloudRuntime(`Failed to migrate VM: ${vm.id}`);
}
