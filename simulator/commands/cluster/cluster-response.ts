import { listField, mapField, responseObject, stringField } from '../../declare/response.js';
import type { ClusterRow } from '../../world/entities.js';
import { innerCapacityResponse } from '../capacity/capacity-response.js';
import { capacitiesIn } from '../capacity/summed-capacities.js';

/** One cluster, and whether it shows its capacities. */
export interface ShownCluster {
  readonly cluster: ClusterRow;
  readonly withCapacities: boolean;
}

/** No capacity is promised twice. */
const NO_OVERCOMMIT = '1.0';

/** ClusterResponse (ApiResponseHelper.createClusterResponse). */
export const clusterResponse = responseObject<ShownCluster>('cluster', {
  id: stringField(({ cluster }) => cluster.id),
  name: stringField(({ cluster }) => cluster.name),
  podid: stringField(({ cluster }) => cluster.podId),
  podname: stringField(({ cluster }, { world }) => world.pods.require(cluster.podId).name),
  zoneid: stringField(({ cluster }) => cluster.zoneId),
  zonename: stringField(({ cluster }, { world }) => world.zones.require(cluster.zoneId).name),
  hypervisortype: stringField(({ cluster }) => cluster.hypervisor),
  clustertype: stringField(() => 'CloudManaged'),
  allocationstate: stringField(() => 'Enabled'),
  managedstate: stringField(() => 'Managed'),
  capacity: listField(innerCapacityResponse, ({ cluster, withCapacities }, { world }) =>
    withCapacities ? capacitiesIn(world, { cluster }) : undefined,
  ),
  cpuovercommitratio: stringField(() => NO_OVERCOMMIT),
  memoryovercommitratio: stringField(() => NO_OVERCOMMIT),
  resourcedetails: mapField(() => ({
    cpuOvercommitRatio: NO_OVERCOMMIT,
    memoryOvercommitRatio: NO_OVERCOMMIT,
  })),
  arch: stringField(() => 'x86_64'),
});
