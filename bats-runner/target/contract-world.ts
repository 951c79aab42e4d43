import type { JsonObject } from '../json.js';
import type { CpiRole } from './printed-role.js';
import type { CloudOffers, GuestNetwork } from './target.js';

const sizes = { cpuMhz: 2_000 };

/**
 * The simulator's world for the contract. The account of the CPI may do what `role` allows, or what
 * every user may.
 */
export function contractWorld(role?: CpiRole): JsonObject {
  return {
    ...smallestWorld,
    ...(role !== undefined && { roles: [role] }),
    accounts: [
      { name: 'admin', role: 'Admin' },
      { name: 'bosh', role: role?.name ?? 'User', limits: 'unlimited' },
    ],
  };
}

/**
 * The smallest world that serves every case. Two zones; in the first one three hosts with local
 * pools, so that there are more hosts than VMs of a group.
 */
const smallestWorld: JsonObject = {
  settings: {
    'expunge.delay': 60,
    'expunge.interval': 60,
    'kvm.snapshot.enabled': true,
    'ssvm.allowLoopback': true,
  },
  zones: [
    {
      name: 'zone1',
      pods: [
        {
          name: 'pod1',
          clusters: [
            {
              name: 'cluster1',
              hosts: ['host1', 'host2', 'host3'].map((name) => ({ name, localStorageGib: 1_000 })),
              pools: [{ name: 'primary1', sizeGib: 20_000 }],
            },
          ],
        },
      ],
      publicRanges: [publicRange('203.0.113', 10, 29)],
      networks: [
        { name: 'private', type: 'Isolated', account: 'bosh', cidr: '10.10.0.0/22' },
        { name: 'second', type: 'Isolated', account: 'bosh', cidr: '10.20.0.0/22' },
        {
          name: 'office',
          type: 'Shared',
          account: 'admin',
          cidr: '10.30.0.0/22',
          startIp: '10.30.0.10',
          endIp: '10.30.3.250',
        },
      ],
    },
    {
      name: 'zone2',
      pods: [
        {
          name: 'pod2',
          clusters: [
            {
              name: 'cluster2',
              hosts: [{ name: 'host4', localStorageGib: 1_000 }],
              pools: [{ name: 'primary2', sizeGib: 20_000 }],
            },
          ],
        },
      ],
      publicRanges: [publicRange('198.51.100', 10, 19)],
      networks: [{ name: 'private2', type: 'Isolated', account: 'bosh', cidr: '10.40.0.0/22' }],
    },
  ],
  serviceOfferings: [
    { name: 'small', cpuNumber: 1, memoryMib: 2_048, ...sizes },
    { name: 'medium', cpuNumber: 2, memoryMib: 4_096, ...sizes },
    { name: 'large', cpuNumber: 4, memoryMib: 8_192, ...sizes },
    { name: 'custom' },
  ],
  diskOfferings: [
    { name: 'any-size' },
    { name: 'other-size' },
    { name: 'ten', sizeGib: 10 },
    { name: 'local', storageType: 'local' },
  ],
  templates: [{ name: 'ubuntu-jammy', zone: 'zone1', account: 'admin' }],
};

function publicRange(prefix: string, first: number, last: number): JsonObject {
  return {
    startIp: `${prefix}.${first}`,
    endIp: `${prefix}.${last}`,
    gateway: `${prefix}.1`,
    netmask: '255.255.255.0',
  };
}

/** What that world has, by name. */
export const contractOffers: CloudOffers = {
  zone: 'zone1',
  template: 'ubuntu-jammy',
  computeOffering: 'small',
  otherComputeOffering: 'medium',
  customComputeOffering: 'custom',
  diskOffering: 'any-size',
  otherDiskOffering: 'other-size',
  fixedDiskOffering: { name: 'ten', sizeMib: 10_240 },
  localDiskOffering: 'local',
  network: network('private', '10.10'),
  secondNetwork: network('second', '10.20'),
  sharedNetwork: network('office', '10.30'),
  networkOffering: 'DefaultIsolatedNetworkOfferingWithSourceNatService',
  vips: ['203.0.113.25', '203.0.113.26', '203.0.113.27', '203.0.113.28'],
  secondZone: { zone: 'zone2', network: network('private2', '10.40') },
  snapshots: true,
  uploads: true,
  hypervisor: 'KVM',
};

/** The upper addresses of a network are left to VMs that get any, and to those being deleted. */
function network(name: string, prefix: string): GuestNetwork {
  return {
    name,
    range: `${prefix}.0.0/22`,
    gateway: `${prefix}.0.1`,
    netmask: '255.255.252.0',
    addresses: Array.from({ length: 200 }, (_, index) => `${prefix}.1.${index + 20}`),
  };
}
