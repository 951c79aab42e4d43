import { listField, mapField, responseObject, stringField } from '../../declare/response.js';
import type { ClusterRow } from '../../world/entities.js';
import { factorText, overprovisioningOf } from '../../world/compute/overprovisioning.js';
import type { World } from '../../world/world.js';
import { innerCapacityResponse } from '../capacity/capacity-response.js';
import { capacitiesIn } from '../capacity/summed-capacities.js';

/** One cluster, and whether it shows its capacities. */
export interface ShownCluster {
  readonly cluster: ClusterRow;
  readonly withCapacities: boolean;
}

function ratios({ cluster }: ShownCluster, world: World): { cpu: string; memory: string } {
  const { cpu, memory } = overprovisioningOf(world, cluster.id);
  return { cpu: factorText(cpu), memory: factorText(memory) };
}

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
  cpuovercommitratio: stringField((shown, { world }) => ratios(shown, world).cpu),
  memoryovercommitratio: stringField((shown, { world }) => ratios(shown, world).memory),
  resourcedetails: mapField((shown, { world }) => {
    const { cpu, memory } = ratios(shown, world);
    return { cpuOvercommitRatio: cpu, memoryOvercommitRatio: memory };
  }),
  arch: stringField(() => 'x86_64'),
});
