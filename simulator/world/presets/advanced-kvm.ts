import type { WorldDescriptionInput } from '../description/world-description.js';

/**
 * The default world: an advanced zone on KVM with shared and local storage, a root admin, and an
 * ordinary user who may not expunge.
 */
export const advancedKvm: WorldDescriptionInput = {
  accounts: [
    { name: 'admin', role: 'Admin' },
    { name: 'bosh', role: 'User', limits: 'unlimited' },
  ],
  zones: [
    {
      name: 'zone1',
      pods: [
        {
          name: 'pod1',
          clusters: [
            {
              name: 'cluster1',
              hypervisor: 'KVM',
              hosts: [
                { name: 'host1', localStorageGib: 1_000 },
                { name: 'host2', localStorageGib: 1_000 },
                { name: 'host3', localStorageGib: 1_000 },
              ],
              pools: [{ name: 'primary1', sizeGib: 20_000 }],
            },
          ],
        },
      ],
      publicRanges: [
        {
          startIp: '203.0.113.10',
          endIp: '203.0.113.29',
          gateway: '203.0.113.1',
          netmask: '255.255.255.0',
        },
      ],
      networks: [
        {
          name: 'NET_CS',
          type: 'Isolated',
          account: 'bosh',
          cidr: '10.203.6.0/23',
          gateway: '10.203.7.254',
        },
        {
          name: 'NET_SHARED',
          type: 'Shared',
          account: 'admin',
          cidr: '10.204.0.0/24',
          gateway: '10.204.0.1',
          startIp: '10.204.0.10',
          endIp: '10.204.0.250',
        },
      ],
    },
  ],
  serviceOfferings: [
    { name: 'CO1 - Small STD', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 1_024 },
    { name: 'm1.small', cpuNumber: 1, cpuMhz: 2_000, memoryMib: 2_048 },
    { name: 'm1.medium', cpuNumber: 2, cpuMhz: 2_000, memoryMib: 4_096 },
    { name: 'm1.large', cpuNumber: 4, cpuMhz: 2_000, memoryMib: 8_192 },
    { name: 'm1.local', cpuNumber: 2, cpuMhz: 2_000, memoryMib: 4_096, storageType: 'local' },
    { name: 'custom' },
  ],
  diskOfferings: [
    { name: 'ephemeral' },
    { name: 'shared.custom' },
    { name: 'DO1 - Small STD', sizeGib: 20 },
    { name: 'local.custom', storageType: 'local' },
  ],
  templates: [{ name: 'ubuntu-jammy', zone: 'zone1', account: 'admin' }],
};
