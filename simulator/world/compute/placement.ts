import { mayShareHosts, priorityOf } from './affinity-placement.js';
import type { HostRow, StoragePoolRow, VmRow, VolumeRow } from '../entities.js';
import { takenByVm, takenBytesOfPool, takenOfHost } from './occupancy.js';
import { poolsFor } from '../storage/storage-pools.js';
import { isDestroyed, volumesOf } from '../storage/volumes.js';
import type { World } from '../world.js';

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
export function placeVm(world: World, vm: VmRow, wish: PlacementWish = {}): Placement | undefined {
  const lastHost =
    vm.lastHostId === null || wish.considersLastHost === false
      ? undefined
      : world.hosts.require(vm.lastHostId);
  const onLastHost =
    lastHost === undefined || !isWithin(wish, lastHost) ? undefined : placeOn(world, vm, lastHost);
  const hosts = candidateHosts(world, vm).filter((host) => isWithin(wish, host));
  return onLastHost ?? placeOnBest(world, vm, hosts);
}

/** What a root admin asks of the place of a VM. */
export interface PlacementWish {
  readonly podId?: string | undefined;
  readonly clusterId?: string | undefined;
  readonly considersLastHost?: boolean | undefined;
}

function isWithin({ podId, clusterId }: PlacementWish, host: HostRow): boolean {
  if (clusterId !== undefined) return host.clusterId === clusterId;
  return podId === undefined || host.podId === podId;
}

/**
 * Of the hosts with the highest priority, each that has pools for the volumes has the same chance.
 * Pools are looked for last, because hosts that have none are rare.
 */
function placeOnBest(world: World, vm: VmRow, hosts: readonly HostRow[]): Placement | undefined {
  const byPriority = new Map<number, HostRow[]>();
  for (const host of hosts) {
    const priority = priorityOf(world, vm, host);
    const equals = byPriority.get(priority) ?? [];
    byPriority.set(priority, equals);
    equals.push(host);
  }
  for (const priority of [...byPriority.keys()].sort((a, b) => b - a)) {
    const placement = placeByChance(world, vm, byPriority.get(priority) ?? []);
    if (placement !== undefined) return placement;
  }
  return undefined;
}

function placeByChance(world: World, vm: VmRow, hosts: HostRow[]): Placement | undefined {
  while (hosts.length > 0) {
    const index = hosts.length < 2 ? 0 : world.kernel.random.integer('placement', hosts.length);
    const placement = hosts.splice(index, 1).map((host) => placeOn(world, vm, host))[0];
    if (placement !== undefined) return placement;
  }
  return undefined;
}

/** The same for one given host. */
export function placeOn(world: World, vm: VmRow, host: HostRow): Placement | undefined {
  if (!canHost(world, vm, host)) return undefined;
  const pools = new Map<string, StoragePoolRow>();
  for (const volume of volumesOf(world, vm.id).filter((row) => !isDestroyed(row))) {
    const pool = poolsFor(world, volume, host).find((row) => fits(world, volume, row, pools));
    if (pool === undefined) return undefined;
    pools.set(volume.id, pool);
  }
  return { host, pools };
}

/** Whether a host as such is large enough for a VM (CapacityManagerImpl.checkIfHostHasCpuCapability). */
export function isCapable(size: HostedSize, host: HostRow): boolean {
  return size.cpuNumber <= host.cpuCores && size.cpuMhz <= host.cpuMhz;
}

/** What of a VM decides whether it fits on a host. */
export type HostedSize = Pick<VmRow, 'cpuNumber' | 'cpuMhz' | 'memoryMib'>;

/** Whether a host can give a VM another size, or the size that it has. */
export function hasRoomFor(world: World, vm: VmRow, host: HostRow, size: HostedSize): boolean {
  return isCapable(size, host) && hasCapacity(world, vm, host, size);
}

/** Whether a host has CPU and memory left for a VM (CapacityManagerImpl.checkIfHostHasCapacity). */
export function hasCapacity(
  world: World,
  vm: VmRow,
  host: HostRow,
  size: HostedSize = vm,
): boolean {
  if (host.full) return false;
  const needed = takenByVm(size);
  const taken = takenOfHost(world, host);
  const own = vm.hostId === host.id ? takenByVm(vm) : { mhz: 0, mib: 0 };
  return (
    taken.mhz - own.mhz + needed.mhz <= host.cpuCores * host.cpuMhz &&
    taken.mib - own.mib + needed.mib <= host.memoryMib
  );
}

function candidateHosts(world: World, vm: VmRow): HostRow[] {
  return world.hosts.all().filter((host) => canHost(world, vm, host));
}

/** Whether a VM can run on a host as far as the host goes: its storage is another matter. */
export function canHost(world: World, vm: VmRow, host: HostRow): boolean {
  return (
    host.removedMs === null &&
    host.zoneId === vm.zoneId &&
    host.up &&
    host.enabled &&
    world.clusters.require(host.clusterId).hypervisor === vm.hypervisor &&
    isCapable(vm, host) &&
    hasCapacity(world, vm, host) &&
    !bootsByUefi(vm) &&
    hasTagsFor(world, vm, host) &&
    isOfItsArchitecture(world, vm) &&
    mayShareHosts(world, vm, host)
  );
}

/** No host of this world can boot guests by UEFI (FirstFitAllocator.filterHostsWithUefiEnabled). */
function bootsByUefi({ details }: VmRow): boolean {
  return Object.hasOwn(details, 'UEFI');
}

function hasTagsFor(world: World, vm: VmRow, host: HostRow): boolean {
  const { hostTags } = world.serviceOfferings.require(vm.serviceOfferingId);
  const { templateTag } = world.templates.require(vm.templateId);
  return (
    hostTags.every((tag) => host.tags.includes(tag)) &&
    (templateTag === null || host.tags.includes(templateTag))
  );
}

/** Every host of this world has the same kind of processors (DeploymentPlanningManagerImpl.planDeployment). */
function isOfItsArchitecture(world: World, { templateId }: VmRow): boolean {
  return world.templates.require(templateId).arch === 'x86_64';
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
  return takenBytesOfPool(world, pool) + besideBytes + volume.sizeBytes <= pool.sizeBytes;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
