import { addressRanges, countFreeAddresses, sizeOf } from '../network/addresses.js';
import type { HostRow, StoragePoolRow, VmRow, ZoneRow } from '../entities.js';
import { takenOfHost } from './occupancy.js';
import { overprovisioningOf } from './overprovisioning.js';
import { parseIpv4 } from '../network/ipv4.js';
import { privateRange } from './pods.js';
import { allocatedBytesOf, promisedBytesOf, usedBytesOf } from '../storage/pool-space.js';
import { usedInImageStore } from '../storage/image-store-space.js';
import type { World } from '../world.js';

/** The types of capacity that this world has, with CloudStack's numbers (CapacityVO). */
export const capacityTypes = {
  MEMORY: 0,
  CPU: 1,
  STORAGE: 2,
  STORAGE_ALLOCATED: 3,
  VIRTUAL_NETWORK_PUBLIC_IP: 4,
  PRIVATE_IP: 5,
  SECONDARY_STORAGE: 6,
  DIRECT_ATTACHED_PUBLIC_IP: 8,
  LOCAL_STORAGE: 9,
  CPU_CORE: 90,
} as const;

export type CapacityType = keyof typeof capacityTypes;

/** How much of something there is in a place, and how much of that is used. */
export interface Capacity {
  readonly type: CapacityType;
  readonly zoneId: string;
  readonly podId: string | null;
  readonly clusterId: string | null;
  /** Bytes, MHz, cores or addresses. */
  readonly used: number;
  readonly total: number;
  /** What all VMs would take that are not destroyed; only in sums over a zone. */
  readonly allocated?: number;
}

const MIB_BYTES = 1_024 ** 2;

/** What VMs have of a host; everything where others have taken the rest. */
export function usedOfHost(
  world: World,
  host: HostRow,
): { readonly mhz: number; readonly bytes: number; readonly cores: number } {
  if (host.full) return totalOfHost(world, host);
  const { cpu, memory } = overprovisioningOf(world, host.clusterId);
  const { mhz, mib } = takenOfHost(world, host);
  const cores = world.vms
    .where('hostId', host.id)
    .reduce((sum, { cpuNumber }) => sum + cpuNumber, 0);
  return { mhz: Math.round(mhz * cpu), bytes: Math.round(mib * memory * MIB_BYTES), cores };
}

/** What a host promises to VMs, by the factors of its cluster. */
export function totalOfHost(
  world: World,
  { clusterId, cpuCores, cpuMhz, memoryMib }: HostRow,
): { readonly mhz: number; readonly bytes: number; readonly cores: number } {
  const { cpu, memory } = overprovisioningOf(world, clusterId);
  return {
    mhz: Math.floor(cpuCores * cpuMhz * cpu),
    bytes: Math.floor(memoryMib * MIB_BYTES * memory),
    cores: cpuCores,
  };
}

/** The bytes of a pool that are promised; everything where others have taken the rest. */
export function promisedOfPool(world: World, pool: StoragePoolRow): number {
  return pool.full ? promisedBytesOf(world, pool) : allocatedBytesOf(world, pool);
}

/**
 * What each host, pool, pod and zone adds to the capacities (AlertManagerImpl.recalculateCapacity);
 * hosts that are disabled and zones that are add nothing (`capacity_state`).
 */
export function capacities(world: World): Capacity[] {
  return [
    ...world.hosts
      .all()
      .filter((host) => host.state === 'Enabled')
      .flatMap((host) => ofHost(world, host)),
    ...world.storagePools.all().map((pool) => ofPool(world, pool)),
    ...world.zones.all().flatMap((zone) => ofZone(world, zone)),
    ...world.pods.all().map((pod): Capacity => {
      const { startIp, endIp } = privateRange(pod);
      const total = (parseIpv4(endIp) ?? 0) - (parseIpv4(startIp) ?? 0) + 1;
      return { type: 'PRIVATE_IP', ...place(pod.zoneId, pod.id), used: 0, total };
    }),
  ].filter(({ zoneId, total }) => total > 0 && isEnabled(world, zoneId));
}

function ofHost(world: World, host: HostRow): Capacity[] {
  const where = place(host.zoneId, host.podId, host.clusterId);
  const [used, total] = [usedOfHost(world, host), totalOfHost(world, host)];
  return [
    { type: 'MEMORY', ...where, used: used.bytes, total: total.bytes },
    { type: 'CPU', ...where, used: used.mhz, total: total.mhz },
    { type: 'CPU_CORE', ...where, used: used.cores, total: total.cores },
  ];
}

function ofPool(world: World, pool: StoragePoolRow): Capacity {
  return {
    type: pool.scope === 'HOST' ? 'LOCAL_STORAGE' : 'STORAGE_ALLOCATED',
    ...place(pool.zoneId, podOfPool(world, pool), pool.clusterId),
    used: promisedOfPool(world, pool),
    total: promisedBytesOf(world, pool),
  };
}

function ofZone(world: World, zone: ZoneRow): Capacity[] {
  const where = place(zone.id);
  const addresses = world.publicIps.all().filter((row) => row.zoneId === zone.id);
  const shared = world.networks
    .all()
    .filter((row) => row.zoneId === zone.id && row.type === 'Shared')
    .map((network) => ({
      size: addressRanges(world, network)
        .map(sizeOf)
        .reduce((sum, size) => sum + size, 0),
      free: countFreeAddresses(world, network),
    }));
  const total = shared.reduce((sum, { size }) => sum + size, 0);
  return [
    {
      type: 'VIRTUAL_NETWORK_PUBLIC_IP',
      ...where,
      used: addresses.filter((row) => row.state !== 'Free').length,
      total: addresses.length,
    },
    {
      type: 'DIRECT_ATTACHED_PUBLIC_IP',
      ...where,
      used: total - shared.reduce((sum, { free }) => sum + free, 0),
      total,
    },
  ];
}

/** What is on primary storage in a place, and how much would fit (getStoragePoolUsedStats). */
export function storageUsed(
  world: World,
  where: Pick<Capacity, 'zoneId' | 'podId' | 'clusterId'>,
): Capacity {
  const pools = world.storagePools
    .all()
    .filter(
      (pool) =>
        pool.zoneId === where.zoneId &&
        (where.podId === null || podOfPool(world, pool) === where.podId) &&
        (where.clusterId === null || pool.clusterId === where.clusterId),
    );
  return {
    type: 'STORAGE',
    ...where,
    used: pools.reduce((sum, pool) => sum + usedBytesOf(world, pool), 0),
    total: pools.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}

/** What templates, snapshots and volumes that are uploaded or extracted take of a zone's image store (getSecondaryStorageUsedStats). */
export function secondaryStorageUsed(world: World, zone: ZoneRow): Capacity {
  return {
    type: 'SECONDARY_STORAGE',
    ...place(zone.id),
    used: usedInImageStore(world, zone.id),
    total: zone.secondaryStorageBytes,
  };
}

/** What the VMs of a zone that are not destroyed take, or would (findFilteredCapacityBy). */
export function allocatedInZone(world: World, zoneId: string): ReadonlyMap<CapacityType, number> {
  const vms = world.vms.all().filter((vm) => vm.zoneId === zoneId && !GONE.has(vm.state));
  const sum = (of: (vm: VmRow) => number): number => vms.reduce((total, vm) => total + of(vm), 0);
  return new Map<CapacityType, number>([
    ['MEMORY', sum(({ memoryMib }) => memoryMib * MIB_BYTES)],
    ['CPU', sum(({ cpuNumber, cpuMhz }) => cpuNumber * cpuMhz)],
    ['CPU_CORE', sum(({ cpuNumber }) => cpuNumber)],
  ]);
}

const GONE: ReadonlySet<VmRow['state']> = new Set(['Destroyed', 'Error', 'Expunging']);

/** The pod of a pool, null where it serves the whole zone. */
export function podOfPool(world: World, { clusterId }: StoragePoolRow): string | null {
  return clusterId === null ? null : world.clusters.require(clusterId).podId;
}

function place(
  zoneId: string,
  podId: string | null = null,
  clusterId: string | null = null,
): Pick<Capacity, 'zoneId' | 'podId' | 'clusterId'> {
  return { zoneId, podId, clusterId };
}

function isEnabled(world: World, zoneId: string): boolean {
  return world.zones.require(zoneId).allocationState === 'Enabled';
}
