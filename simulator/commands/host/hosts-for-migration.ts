import { isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import { invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import { canHost } from '../../world/compute/placement.js';
import { reachesVolumes } from '../../world/compute/vm-migration.js';
import type { HostRow, VmRow } from '../../world/entities.js';
import { poolsFor } from '../../world/storage/storage-pools.js';
import { isDestroyed, volumesOf } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { wholeHost, type ShownHost } from './host-response.js';

/**
 * The other hosts of a running VM's zone and hypervisor, and whether it can move to each, with its
 * volumes if need be (ManagementServerImpl.listHostsForMigrationOfVM).
 */
export function hostsForMigration({ world, caller }: CommandContext, vm: VmRow): ShownHost[] {
  if (!isRootAdmin(caller)) {
    throw permissionDenied('No permission to migrate VM, Only Root Admin can migrate a VM!');
  }
  if (vm.removedMs !== null) throw invalidParameter('Unable to find the VM with given id');
  if (vm.state !== 'Running') {
    throw invalidParameter('VM is not Running, cannot migrate the vm with specified id', [
      { uuid: vm.id, description: 'vmId' },
    ]);
  }
  return world.hosts
    .all()
    .filter((host) => host.id !== vm.hostId && host.zoneId === vm.zoneId)
    .filter((host) => world.clusters.require(host.clusterId).hypervisor === vm.hypervisor)
    .map((host) => ({ ...wholeHost(host), ...fitness(world, vm, host) }));
}

/** Where the volumes are out of reach, there must be a pool for each of them. */
function fitness(
  world: World,
  vm: VmRow,
  host: HostRow,
): Pick<ShownHost, 'suitable' | 'movesStorage'> {
  const reaches = reachesVolumes(world, vm, host);
  const movesStorage =
    !reaches &&
    volumesOf(world, vm.id)
      .filter((volume) => !isDestroyed(volume))
      .every((volume) => poolsFor(world, { ...volume, poolId: null }, host).length > 0);
  return { suitable: canHost(world, vm, host) && (reaches || movesStorage), movesStorage };
}
