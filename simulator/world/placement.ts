import { mayShareHosts, priorityOf } from './affinity-placement.js';
import type { HostRow, StoragePoolRow, VmRow, VolumeRow } from './entities.js';
import { poolsFor, usedBytes } from './storage-pools.js';
import { isDestroyed, volumesOf } from './volumes.js';
import type { World } from './world.js';

/** Where a VM can start: a host, and the pool of each of its volumes by the volume's id. */
export interface Placement {
  readonly host: HostRow;
  readonly pools: ReadonlyMap<string, StoragePoolRow>;
}

/**
 * Finds a host for a VM, and for each of its volumes a pool that this host reaches; undefined if
 * there is none. A volume that exists on a host's own pool ties the VM to that host. The VM's last
 * host comes first; then those that its non-strict affinity groups prefer; among equals chance
 * decides, as CloudStack's default allocator does (DeploymentPlanningManagerImpl.planDeployment and
 * reorderHostsByPriority, FirstFitAllocator).
 */
export function placeVm(world: World, vm: VmRow): Placement | undefined {
  const placements = candidateHosts(world, vm).flatMap((host) => placeOn(world, vm, host) ?? []);
  const onLastHost = placements.find(({ host }) => host.id === vm.lastHostId);
  if (onLastHost !== undefined) return onLastHost;
  const ranked = placements.map((placement) => ({
    placement,
    priority: priorityOf(world, vm, placement.host),
  }));
  const highest = Math.max(...ranked.map(({ priority }) => priority));
  const best = ranked.filter(({ priority }) => priority === highest);
  if (best.length < 2) return best[0]?.placement;
  return best[world.kernel.random.integer('placement', best.length)]?.placement;
}

/** The same for one given host. */
export function placeOn(world: World, vm: VmRow, host: HostRow): Placement | undefined {
  if (!isCandidate(world, vm, host)) return undefined;
  const pools = new Map<string, StoragePoolRow>();
  for (const volume of volumesOf(world, vm.id).filter((row) => !isDestroyed(row))) {
    const pool = poolsFor(world, volume, host).find((row) => fits(world, volume, row, pools));
    if (pool === undefined) return undefined;
    pools.set(volume.id, pool);
  }
  return { host, pools };
}

/** Whether a host as such is large enough for a VM (CapacityManagerImpl.checkIfHostHasCpuCapability). */
export function isCapable(vm: VmRow, host: HostRow): boolean {
  return vm.cpuNumber <= host.cpuCores && vm.cpuMhz <= host.cpuMhz;
}

/** Whether a host has CPU and memory left for a VM (CapacityManagerImpl.checkIfHostHasCapacity). */
export function hasCapacity(world: World, vm: VmRow, host: HostRow): boolean {
  if (host.full) return false;
  const guests = world.vms.where('hostId', host.id).filter((guest) => guest.id !== vm.id);
  const usedMhz = sum(guests.map((guest) => guest.cpuNumber * guest.cpuMhz));
  const usedMib = sum(guests.map((guest) => guest.memoryMib));
  return (
    usedMhz + vm.cpuNumber * vm.cpuMhz <= host.cpuCores * host.cpuMhz &&
    usedMib + vm.memoryMib <= host.memoryMib
  );
}

function candidateHosts(world: World, vm: VmRow): HostRow[] {
  return world.hosts.all().filter((host) => isCandidate(world, vm, host));
}

function isCandidate(world: World, vm: VmRow, host: HostRow): boolean {
  const { hostTags } = world.serviceOfferings.require(vm.serviceOfferingId);
  return (
    host.zoneId === vm.zoneId &&
    host.up &&
    host.enabled &&
    world.clusters.require(host.clusterId).hypervisor === vm.hypervisor &&
    hostTags.every((tag) => host.tags.includes(tag)) &&
    mayShareHosts(world, vm, host) &&
    isCapable(vm, host) &&
    hasCapacity(world, vm, host)
  );
}

/** Whether a pool has room for a volume beside the others of the same VM that go there. */
function fits(
  world: World,
  volume: VolumeRow,
  pool: StoragePoolRow,
  planned: ReadonlyMap<string, StoragePoolRow>,
): boolean {
  if (volume.poolId !== null) return true;
  const beside = [...planned]
    .filter(([, other]) => other.id === pool.id)
    .map(([volumeId]) => world.volumes.require(volumeId))
    .filter((other) => other.poolId === null);
  const besideBytes = sum(beside.map((other) => other.sizeBytes));
  return usedBytes(world, pool) + besideBytes + volume.sizeBytes <= pool.sizeBytes;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
