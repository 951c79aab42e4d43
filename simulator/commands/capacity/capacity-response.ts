import { integerField, longField, responseObject, stringField } from '../../declare/response.js';
import { capacityTypes, type Capacity } from '../../world/compute/capacity.js';
import type { World } from '../../world/world.js';

/** What capacities show everywhere. */
const figures = {
  type: integerField<Capacity>(({ type }) => capacityTypes[type]),
  name: stringField<Capacity>(({ type }) => type),
  capacityused: longField<Capacity>(({ used }) => used),
  capacitytotal: longField<Capacity>(({ total }) => total),
  percentused: stringField<Capacity>((capacity) => percentText(shareUsed(capacity))),
};

/** CapacityResponse: bytes, MHz, cores or addresses; the share is a text. */
export const capacityResponse = responseObject<Capacity>('capacity', {
  ...figures,
  zoneid: stringField(({ zoneId }) => zoneId),
  zonename: stringField(({ zoneId }, { world }) => world.zones.require(zoneId).name),
  podid: stringField((capacity, { world }) => podIdOf(capacity, world)),
  podname: stringField((capacity, { world }) => {
    const podId = podIdOf(capacity, world);
    return podId === null ? null : world.pods.require(podId).name;
  }),
  clusterid: stringField(({ clusterId }) => clusterId),
  clustername: stringField(({ clusterId }, { world }) =>
    clusterId === null ? null : world.clusters.require(clusterId).name,
  ),
  capacityallocated: longField(({ allocated }) => allocated),
});

/** The same inside a zone, a pod or a cluster, which say by themselves where it is. */
export const innerCapacityResponse = responseObject<Capacity>('capacity', figures);

function podIdOf({ podId, clusterId }: Capacity, world: World): string | null {
  return clusterId === null ? podId : world.clusters.require(clusterId).podId;
}

export function shareUsed({ used, total }: Capacity): number {
  return total === 0 ? 0 : used / total;
}

/** Two places behind the point at most (Java's `##.##`). */
export function percentText(share: number): string {
  return String(Number((share * 100).toFixed(2)));
}
