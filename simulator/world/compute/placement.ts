import { mayShareHosts, priorityOf } from './affinity-placement.js';
import type { HostRow, StoragePoolRow, VmRow } from '../entities.js';
import { isBelowThresholds, useOfHosts, type ClusterUse } from './cluster-use.js';
import { takenBySize, takenByVm, takenOfHost, type HostedSize } from './occupancy.js';
import { factorsOf, overprovisioningOf } from './overprovisioning.js';
import { poolsOn } from './pool-placement.js';
import { isInMaintenance } from '../storage/storage-pools.js';
import { rootVolumeOf, volumesOf } from '../storage/volumes.js';
import type { World } from '../world.js';

/** Where a VM can start: a host, and the pool of each of its volumes by the volume's id. */
export interface Placement {
  readonly host: HostRow;
  readonly pools: ReadonlyMap<string, StoragePoolRow>;
}

/**
 * Finds a host for a VM, and for each of its volumes a pool that this host reaches; undefined if
 * there is none. The VM's last host comes first; then cluster after cluster, the least used first,
 * of whose hosts those come first that non-strict affinity groups prefer; among equals chance
 * decides, as CloudStack's default allocator does (DeploymentPlanningManagerImpl.planDeployment and
 * checkClustersforDestination, FirstFitPlanner, FirstFitAllocator).
 */
export function placeVm(world: World, vm: VmRow, wish: PlacementWish = {}): Placement | undefined {
  const lastHost =
    vm.lastHostId === null || wish.considersLastHost === false
      ? undefined
      : world.hosts.require(vm.lastHostId);
  const onLastHost =
    lastHost === undefined || !isWithin(wish, lastHost) ? undefined : placeOn(world, vm, lastHost);
  if (onLastHost !== undefined) return onLastHost;
  for (const { hosts } of clustersInOrder(world, vm, wish)) {
    const placement = placeOnBest(world, vm, hosts);
    if (placement !== undefined) return placement;
  }
  return undefined;
}

/** What a root admin asks of the place of a VM. */
export interface PlacementWish {
  readonly podId?: string | undefined;
  readonly clusterId?: string | undefined;
  readonly considersLastHost?: boolean | undefined;
  /** Whether the VM is being deployed, and not started again. */
  readonly isNew?: boolean | undefined;
}

function isWithin({ podId, clusterId }: PlacementWish, host: HostRow): boolean {
  if (clusterId !== undefined) return host.clusterId === clusterId;
  return podId === undefined || host.podId === podId;
}

/** A cluster in which a VM might run, and its hosts. */
interface Candidate {
  readonly clusterId: string;
  readonly hosts: readonly HostRow[];
}

/** The cluster that has the root volume goes first, and is the only one for a VM that has run. */
function clustersInOrder(world: World, vm: VmRow, wish: PlacementWish): readonly Candidate[] {
  const ofRoot = clusterOfRootVolume(world, vm);
  const bound = isTied(world, vm) ? (ofRoot ?? clusterOfLastHost(world, vm)) : undefined;
  const candidates =
    bound === undefined || vm.lastHostId === null
      ? clustersOfZone(world, vm)
      : [{ clusterId: bound, hosts: world.hosts.where('clusterId', bound) }];
  const allowed = candidates
    .map(({ clusterId, hosts }) => ({
      clusterId,
      hosts: hosts.filter((host) => isWithin(wish, host)),
    }))
    .filter(({ hosts }) => hosts.length > 0);
  const measured = allowed.map((candidate) => ({
    ...candidate,
    use: useOfHosts(world, candidate.hosts),
  }));
  const checksThresholds = wish.isNew === true || world.settings.get('cluster.threshold.enabled');
  return byUse(
    world,
    measured.filter(
      ({ clusterId, use }) => !checksThresholds || isBelowThresholds(world, clusterId, use, vm),
    ),
    ofRoot,
  );
}

/** Where a root volume is that can stay there (VirtualMachineManagerImpl.orchestrateStart). */
function clusterOfRootVolume(world: World, vm: VmRow): string | undefined {
  const root = rootVolumeOf(world, vm.id);
  if (root === undefined || root.state !== 'Ready' || root.poolId === null) return undefined;
  const pool = world.storagePools.require(root.poolId);
  return isInMaintenance(pool) ? undefined : (pool.clusterId ?? undefined);
}

function clusterOfLastHost(world: World, { lastHostId }: VmRow): string | undefined {
  return lastHostId === null ? undefined : world.hosts.require(lastHostId).clusterId;
}

/**
 * Whether any of the volumes is on a pool that not all clusters reach: CloudStack does not take a VM
 * to another cluster then that has run (avoidOtherClustersForDeploymentIfMigrationDisabled).
 */
function isTied(world: World, vm: VmRow): boolean {
  return volumesOf(world, vm.id).some(
    ({ poolId }) => poolId !== null && world.storagePools.require(poolId).scope !== 'ZONE',
  );
}

function clustersOfZone(world: World, { zoneId, hypervisor }: VmRow): Candidate[] {
  return world.clusters
    .all()
    .filter((cluster) => cluster.zoneId === zoneId && cluster.hypervisor === hypervisor)
    .map(({ id }) => ({ clusterId: id, hosts: world.hosts.where('clusterId', id) }));
}

/**
 * The least used cluster first, after that of the root volume: by what is taken of the CPU of its hosts, or of
 * their memory (`host.capacityType.to.order.clusters`; CapacityDaoImpl.orderClustersByAggregateCapacity).
 */
function byUse(
  world: World,
  candidates: readonly MeasuredCandidate[],
  first: string | undefined,
): readonly Candidate[] {
  if (candidates.length < 2) return candidates;
  const ordersByMemory = world.settings.get('host.capacityType.to.order.clusters') === 'RAM';
  const share = ({ use }: MeasuredCandidate): number =>
    ordersByMemory ? use.shareOfMemory : use.shareOfCpu;
  return [...candidates].sort(
    (one, other) =>
      Number(other.clusterId === first) - Number(one.clusterId === first) ||
      share(one) - share(other),
  );
}

interface MeasuredCandidate extends Candidate {
  readonly use: ClusterUse;
}

/**
 * Of the hosts with the highest priority, each that has pools for the volumes has the same chance.
 * Pools are looked for last, because hosts that have none are rare.
 */
function placeOnBest(world: World, vm: VmRow, hosts: readonly HostRow[]): Placement | undefined {
  const byPriority = new Map<number, HostRow[]>();
  for (const host of hosts) {
    if (!canHost(world, vm, host)) continue;
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
  const pools = poolsOn(world, vm, host);
  return pools === undefined ? undefined : { host, pools };
}

/** Whether a host as such is large enough for a VM (CapacityManagerImpl.checkIfHostHasCpuCapability). */
export function isCapable(size: HostedSize, host: HostRow): boolean {
  return size.cpuNumber <= host.cpuCores && size.cpuMhz <= host.cpuMhz;
}

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
  const today = overprovisioningOf(world, host.clusterId);
  const isThere = vm.hostId === host.id;
  const needed = takenBySize(size, isThere ? factorsOf(vm, today) : today);
  const taken = takenOfHost(world, host);
  const own = isThere ? takenByVm(vm, today) : { mhz: 0, mib: 0 };
  return (
    taken.mhz - own.mhz + needed.mhz <= host.cpuCores * host.cpuMhz &&
    taken.mib - own.mib + needed.mib <= host.memoryMib
  );
}

/** Whether a VM can run on a host as far as the host goes: its storage is another matter. */
export function canHost(world: World, vm: VmRow, host: HostRow): boolean {
  return (
    host.removedMs === null &&
    host.zoneId === vm.zoneId &&
    host.up &&
    host.state === 'Enabled' &&
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
