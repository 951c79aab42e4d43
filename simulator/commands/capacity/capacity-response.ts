import { integerField, longField, responseObject, stringField } from '../../declare/response.js';
import { capacityTypes, type Capacity } from '../../world/capacity.js';
import type { World } from '../../world/world.js';

/** CapacityResponse: bytes, MHz, cores or addresses; the share is a text. */
export const capacityResponse = responseObject<Capacity>('capacity', {
  type: integerField(({ type }) => capacityTypes[type]),
  name: stringField(({ type }) => type),
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
  capacityused: longField(({ used }) => used),
  capacitytotal: longField(({ total }) => total),
  percentused: stringField((capacity) => percentText(shareUsed(capacity))),
});

/** The same inside a zone, a pod or a cluster, which say by themselves where it is. */
export const innerCapacityResponse = responseObject<Capacity>('capacity', {
  type: capacityResponse.fields['type']!,
  name: capacityResponse.fields['name']!,
  capacityused: capacityResponse.fields['capacityused']!,
  capacitytotal: capacityResponse.fields['capacitytotal']!,
  percentused: capacityResponse.fields['percentused']!,
});

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
