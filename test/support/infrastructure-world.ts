// A small cloud with more than one of everything it is built of, for tests of how that is shown:
// two zones, one of them private to a domain with a resource admin, two pods, three clusters.
import type { WorldDescriptionInput } from '../../simulator/world/description/world-description.js';
import { createIdentityWorld, identityWorld, type IdentityWorld } from './identity-world.js';

export const infrastructureWorld: WorldDescriptionInput = {
  ...identityWorld,
  zones: [
    {
      name: 'zone1',
      pods: [
        {
          name: 'pod1',
          clusters: [
            {
              name: 'cluster1',
              hosts: [
                { name: 'host1', cpuCores: 4, memoryMib: 4_096, tags: ['ssd', 'x86'] },
                { name: 'host2', cpuCores: 4, memoryMib: 4_096, localStorageGib: 50 },
              ],
              pools: [{ name: 'primary1', sizeGib: 100, tags: ['fast'] }],
            },
            {
              name: 'cluster2',
              hypervisor: 'XenServer',
              hosts: [{ name: 'xen1', cpuCores: 2, memoryMib: 2_048, localStorageGib: 10 }],
            },
          ],
        },
        {
          name: 'pod2',
          cidr: '192.168.7.0/24',
          clusters: [{ name: 'cluster3', hosts: [{ name: 'host3', cpuCores: 8 }] }],
        },
      ],
      pools: [{ name: 'everywhere', sizeGib: 500, server: '172.31.0.9', path: '/vol/all' }],
      publicRanges: [
        {
          startIp: '203.0.113.10',
          endIp: '203.0.113.13',
          gateway: '203.0.113.1',
          netmask: '255.255.255.0',
        },
      ],
      networks: [
        { name: 'inner', type: 'Isolated', account: 'bosh', cidr: '10.1.0.0/24' },
        {
          name: 'shared',
          type: 'Shared',
          account: 'admin',
          cidr: '10.3.0.0/24',
          startIp: '10.3.0.10',
          endIp: '10.3.0.19',
        },
      ],
    },
    {
      name: 'zone2',
      domain: 'ROOT/sub',
      secondaryStorageGib: 20,
      pods: [
        { name: 'pod3', clusters: [{ name: 'cluster4', hosts: [{ name: 'host4', cpuCores: 2 }] }] },
      ],
    },
  ],
  serviceOfferings: [{ name: 'small', cpuNumber: 2, cpuMhz: 1_000, memoryMib: 1_024 }],
  diskOfferings: [{ name: 'five', sizeGib: 5 }],
  templates: [{ name: 'linux', zone: 'zone1', account: 'admin', sizeGib: 3 }],
};

export function createInfrastructureWorld(): IdentityWorld {
  return createIdentityWorld(infrastructureWorld);
}
