import {
  allocatedInZone,
  capacities,
  secondaryStorageUsed,
  storageUsed,
  type Capacity,
  type CapacityType,
} from '../../world/compute/capacity.js';
import type { ClusterRow, PodRow, ZoneRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';

/** Where capacities are looked for; without any of the three, everywhere. */
export interface CapacityPlace {
  readonly zone?: ZoneRow | undefined;
  readonly pod?: PodRow | undefined;
  readonly cluster?: ClusterRow | undefined;
}

/** The place of which a sum is: the columns that are null do not tell rows apart. */
export type Grouping = (capacity: Capacity) => Pick<Capacity, 'podId' | 'clusterId'>;

export const byZone: Grouping = () => ({ podId: null, clusterId: null });
export const byPod: Grouping = ({ podId }) => ({ podId, clusterId: null });
export const byCluster: Grouping = ({ podId, clusterId }) => ({ podId, clusterId });

/** What hosts, pools, pods and zones add up to, by zone, type, and what the grouping keeps. */
export function summed(world: World, place: CapacityPlace, grouping: Grouping): Capacity[] {
  const sums = new Map<string, Capacity>();
  for (const one of capacities(world).filter((capacity) => isIn(capacity, place))) {
    const group = grouping(one);
    const key = [one.type, one.zoneId, group.podId, group.clusterId].join(' ');
    const sum = sums.get(key) ?? { ...one, ...group, used: 0, total: 0 };
    sums.set(key, { ...sum, used: sum.used + one.used, total: sum.total + one.total });
  }
  return [...sums.values()];
}

function isIn(
  { zoneId, podId, clusterId }: Capacity,
  { zone, pod, cluster }: CapacityPlace,
): boolean {
  return (
    (zone === undefined || zoneId === zone.id) &&
    (pod === undefined || podId === pod.id) &&
    (cluster === undefined || clusterId === cluster.id)
  );
}

/**
 * All capacities of a place (ManagementServerImpl.listCapacities). Sums over zones also say what
 * stopped VMs would take; what is on storage comes from its statistics, apart from the sums.
 */
export function capacitiesIn(world: World, place: CapacityPlace): Capacity[] {
  const { zone, pod, cluster } = place;
  const ofPlace = { podId: pod?.id ?? null, clusterId: cluster?.id ?? null };
  const sums = summed(world, place, () => ofPlace);
  const isWholeZone = pod === undefined && cluster === undefined;
  const zones = zonesOf(world, place);
  return [
    ...(isWholeZone ? withAllocated(world, sums) : sums),
    ...zones.flatMap((one) => [
      ...(isWholeZone ? [secondaryStorageUsed(world, one)] : []),
      storageUsed(world, { zoneId: one.id, ...ofPlace }),
    ]),
  ].filter(({ zoneId }) => zone === undefined || zoneId === zone.id);
}

function withAllocated(world: World, sums: readonly Capacity[]): Capacity[] {
  const allocated = new Map<string, ReadonlyMap<CapacityType, number>>();
  for (const { zoneId } of sums) {
    if (!allocated.has(zoneId)) allocated.set(zoneId, allocatedInZone(world, zoneId));
  }
  return sums.map((sum) => {
    const amount = allocated.get(sum.zoneId)?.get(sum.type);
    return amount === undefined ? sum : { ...sum, allocated: amount };
  });
}

function zonesOf(world: World, { zone, pod, cluster }: CapacityPlace): readonly ZoneRow[] {
  if (zone !== undefined) return [zone];
  const zoneId = cluster?.zoneId ?? pod?.zoneId;
  return zoneId === undefined ? world.zones.all() : [world.zones.require(zoneId)];
}
