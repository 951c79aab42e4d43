// A world of two zones, and a stemcell that is in the first one only.
import type { WorldDescriptionInput } from '../../../simulator/world/description/world-description.js';

const pod = (zone: string) => ({
  name: `pod-${zone}`,
  clusters: [
    {
      name: `cluster-${zone}`,
      hosts: [{ name: `host-${zone}` }],
      pools: [{ name: `pool-${zone}`, sizeGib: 1_000 }],
    },
  ],
});

const network = (name: string, subnet: number) => ({
  name,
  type: 'Isolated' as const,
  account: 'bosh',
  cidr: `10.${subnet}.0.0/24`,
});

const range = (subnet: number) => [
  {
    startIp: `198.51.${subnet}.10`,
    endIp: `198.51.${subnet}.13`,
    gateway: `198.51.${subnet}.1`,
    netmask: '255.255.255.0',
  },
];

/** `owner`: the account whose template the stemcell is. */
export function twoZones(owner: 'bosh' | 'admin'): WorldDescriptionInput {
  return {
    accounts: [
      { name: 'admin', role: 'Admin' },
      { name: 'bosh', role: 'User' },
    ],
    zones: [
      {
        name: 'zone1',
        pods: [pod('one')],
        publicRanges: range(1),
        networks: [network('net-1', 1)],
      },
      {
        name: 'zone2',
        pods: [pod('two')],
        publicRanges: range(2),
        networks: [network('net-2', 2)],
      },
    ],
    serviceOfferings: [{ name: 'm1.small', cpuNumber: 1, cpuMhz: 500, memoryMib: 512 }],
    templates: [{ name: 'stemcell', zone: 'zone1', account: owner }],
  };
}
