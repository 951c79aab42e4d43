import { listOf, rootAndResourceAdmin, syncCommand } from '../../declare/command.js';
import { pagingParameters } from '../../declare/list-parameters.js';
import { entity, integer, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { capacityTypes, secondaryStorageUsed, storageUsed } from '../../world/compute/capacity.js';
import type { Capacity } from '../../world/compute/capacity.js';
import type { ZoneRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { zoneInAuthority } from '../zone/zone-authority.js';
import { capacityResponse, shareUsed } from './capacity-response.js';
import {
  byCluster,
  byPod,
  byZone,
  capacitiesIn,
  summed,
  type CapacityPlace,
} from './summed-capacities.js';

/**
 * ManagementServerImpl.listCapacities; with `sortby` listTopConsumedResources, where each pod or
 * cluster stands for itself. Both are grouped by zone in the end (ListCapacityCmd).
 */
export const listCapacity = syncCommand({
  name: 'listCapacity',
  summary: 'Lists how much of each kind of resource there is, and how much is used.',
  roles: rootAndResourceAdmin,
  parameters: {
    zoneid: entity('zone'),
    podid: entity('pod'),
    clusterid: entity('cluster', { since: '3.0.0' }),
    type: integer(),
    sortby: text({ since: '3.0.0' }),
    /** Nothing here limits resources by tags. */
    tag: text({ since: '4.20.0' }),
    page: pagingParameters.page,
    pagesize: pagingParameters.pagesize,
  },
  /** The figures are never old here, and no word selects among them. */
  ignores: ['fetchlatest', 'keyword'],
  response: listOf(capacityResponse),
  run: (context, { zoneid, podid: pod, clusterid: cluster, type, sortby, tag, pagesize }) => {
    const { world } = context;
    if (sortby !== undefined && sortby.toLowerCase() !== 'usage') {
      throw invalidParameter('Only value supported for sortBy parameter is : usage');
    }
    if (sortby !== undefined && cluster !== undefined) {
      throw invalidParameter('Currently clusterId param is not supported');
    }
    const place = { zone: zoneInAuthority(context, zoneid), pod, cluster };
    const isWanted = (capacity: Capacity): boolean =>
      type === undefined || capacityTypes[capacity.type] === type;
    if (tag !== undefined && tag !== '') return [];
    if (sortby === undefined) {
      return groupedByZone(world, capacitiesIn(world, place).filter(isWanted), byType);
    }
    const most = pagesize === undefined || pagesize < 0 ? undefined : pagesize;
    return groupedByZone(world, topConsumed(world, place).filter(isWanted).slice(0, most));
  },
});

/** The fullest first. */
function topConsumed(world: World, place: CapacityPlace): Capacity[] {
  const { zone, pod } = place;
  const grouping = pod !== undefined ? byCluster : zone === undefined ? byZone : byPod;
  const zones = zone === undefined ? enabledZones(world) : [zone].filter(isEnabled);
  const podId = zone === undefined ? null : (pod?.id ?? null);
  return [
    ...summed(world, place, grouping),
    ...zones.flatMap((one) => [
      secondaryStorageUsed(world, one),
      storageUsed(world, { zoneId: one.id, podId, clusterId: null }),
    ]),
  ].sort((a, b) => shareUsed(b) - shareUsed(a));
}

function enabledZones(world: World): readonly ZoneRow[] {
  return world.zones.all().filter(isEnabled);
}

function isEnabled({ allocationState }: ZoneRow): boolean {
  return allocationState === 'Enabled';
}

function byType(a: Capacity, b: Capacity): number {
  return capacityTypes[a.type] - capacityTypes[b.type];
}

function groupedByZone(
  world: World,
  rows: readonly Capacity[],
  inZone: (a: Capacity, b: Capacity) => number = () => 0,
): Capacity[] {
  const nameOf = ({ zoneId }: Capacity): string => world.zones.require(zoneId).name;
  return [...rows].sort((a, b) => {
    const [first, second] = [nameOf(a), nameOf(b)];
    if (first === second) return inZone(a, b);
    return first < second ? -1 : 1;
  });
}
