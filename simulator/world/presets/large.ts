import type { WorldDescriptionInput } from '../description/world-description.js';
import { advancedKvm } from './advanced-kvm.js';

export interface WorldSize {
  readonly hosts: number;
  readonly vms: number;
}

const HOSTS_OF_CLUSTER = 25;
const CLUSTERS_OF_POD = 4;
const VMS_OF_NETWORK = 500;
const NETWORKS_OF_TENANT = 2;

/**
 * The default world at another scale: its accounts, offerings, template and networks, and beside
 * them tenants whose VMs run from the start. Each tenant has two networks of 500 VMs, each cluster
 * 25 hosts, so that a larger world has more of everything rather than larger things.
 */
export function worldOfSize({ hosts, vms }: WorldSize): WorldDescriptionInput {
  const clusters = counted(Math.ceil(hosts / HOSTS_OF_CLUSTER));
  const networks = counted(Math.ceil(vms / VMS_OF_NETWORK));
  const tenants = counted(Math.ceil(networks.length / NETWORKS_OF_TENANT));
  const tenantOf = (network: number): string => `tenant${Math.ceil(network / NETWORKS_OF_TENANT)}`;
  return {
    ...advancedKvm,
    accounts: [
      { name: 'admin', role: 'Admin' },
      { name: 'bosh', role: 'User', limits: 'unlimited' },
      ...tenants.map((tenant) => ({
        name: `tenant${tenant}`,
        role: 'User' as const,
        limits: 'unlimited' as const,
      })),
    ],
    zones: advancedKvm.zones.map((zone) => ({
      ...zone,
      pods: counted(Math.ceil(clusters.length / CLUSTERS_OF_POD)).map((pod) => ({
        name: `pod${pod}`,
        clusters: clusters
          .filter((cluster) => Math.ceil(cluster / CLUSTERS_OF_POD) === pod)
          .map((cluster) => clusterOf(cluster, hosts)),
      })),
      publicRanges: [
        {
          startIp: '198.18.0.10',
          endIp: '198.18.1.254',
          gateway: '198.18.0.1',
          netmask: '255.255.0.0',
        },
      ],
      networks: [
        ...(zone.networks ?? []),
        ...networks.map((network) => ({
          name: `NET_${network}`,
          type: 'Isolated' as const,
          account: tenantOf(network),
          cidr: `10.${network % 200}.0.0/22`,
        })),
      ],
    })),
    virtualMachines: networks.map((network) => ({
      name: `net${network}-vm-`,
      count: Math.min(VMS_OF_NETWORK, vms - (network - 1) * VMS_OF_NETWORK),
      account: tenantOf(network),
      zone: 'zone1',
      template: 'ubuntu-jammy',
      serviceOffering: 'm1.small',
      networks: [`NET_${network}`],
    })),
  };
}

/** 1,000 hosts and 25,000 VMs. */
export const large = worldOfSize({ hosts: 1_000, vms: 25_000 });

type Cluster = WorldDescriptionInput['zones'][number]['pods'][number]['clusters'][number];

function clusterOf(cluster: number, hosts: number): Cluster {
  const before = (cluster - 1) * HOSTS_OF_CLUSTER;
  return {
    name: `cluster${cluster}`,
    hosts: counted(Math.min(HOSTS_OF_CLUSTER, hosts - before)).map((host) => ({
      name: `host${before + host}`,
      cpuCores: 64,
      cpuMhz: 2_500,
      memoryMib: 524_288,
      localStorageGib: 2_000,
    })),
    pools: [{ name: `primary${cluster}`, sizeGib: 100_000 }],
  };
}

/** 1, 2, 3, … */
function counted(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
