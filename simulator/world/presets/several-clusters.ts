import type { WorldDescriptionInput } from '../description/world-description.js';
import { advancedKvm } from './advanced-kvm.js';

/**
 * The default world with two clusters, each with hosts that have local storage, and a pool of the
 * whole zone: where the planner's choice of a cluster, and the scope of a pool, make a difference.
 */
export const severalClusters: WorldDescriptionInput = {
  ...advancedKvm,
  zones: advancedKvm.zones.map((zone) => ({
    ...zone,
    pods: [{ name: 'pod1', clusters: [clusterOf(1), clusterOf(2)] }],
    pools: [{ name: 'everywhere', sizeGib: 20_000, tags: ['zone'] }],
  })),
  serviceOfferings: [
    ...(advancedKvm.serviceOfferings ?? []),
    ...[1, 2].map((number) => ({
      name: `m1.cluster${number}`,
      cpuNumber: 2,
      cpuMhz: 2_000,
      memoryMib: 4_096,
      storageType: 'local' as const,
      hostTags: [`cluster${number}`],
    })),
  ],
  diskOfferings: [
    ...(advancedKvm.diskOfferings ?? []),
    { name: 'zone.custom', storageTags: ['zone'] },
  ],
};

type Cluster = WorldDescriptionInput['zones'][number]['pods'][number]['clusters'][number];

function clusterOf(number: number): Cluster {
  const name = `cluster${number}`;
  return {
    name,
    hypervisor: 'KVM',
    hosts: [1, 2].map((host) => ({
      name: `host${(number - 1) * 2 + host}`,
      localStorageGib: 1_000,
      tags: [name],
    })),
    pools: [{ name: `primary${number}`, sizeGib: 20_000 }],
  };
}
