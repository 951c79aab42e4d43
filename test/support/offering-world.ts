// Two zones and three domains with offerings for everybody, for one domain, for one zone, for tests
// of who finds and makes which.
import type { WorldDescriptionInput } from '../../simulator/world/description/world-description.js';
import { createIdentityWorld, identityWorld, type IdentityWorld } from './identity-world.js';

const [zone] = identityWorld.zones;

export const offeringWorld: WorldDescriptionInput = {
  ...identityWorld,
  zones: [
    {
      ...zone!,
      pods: [
        {
          name: 'pod1',
          clusters: [
            {
              name: 'cluster1',
              hosts: [{ name: 'host1', tags: ['gpu'], localStorageGib: 100 }],
              pools: [{ name: 'primary1', sizeGib: 500, tags: ['fast'] }],
            },
          ],
        },
      ],
      networks: [
        {
          name: 'shared',
          type: 'Shared',
          account: 'admin',
          cidr: '10.3.0.0/24',
          startIp: '10.3.0.10',
          endIp: '10.3.0.99',
        },
      ],
    },
    {
      name: 'zone2',
      pods: [{ name: 'pod2', clusters: [{ name: 'cluster2', hosts: [{ name: 'host2' }] }] }],
    },
  ],
  serviceOfferings: [
    { name: 'one', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 512 },
    { name: 'two', cpuNumber: 2, cpuMhz: 2_000, memoryMib: 2_048, hostTags: ['gpu'] },
    { name: 'local', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 512, storageType: 'local' },
    { name: 'custom' },
    {
      name: 'ranged',
      cpuMhz: 1_500,
      constraints: { minCpuNumber: 2, maxCpuNumber: 4, minMemoryMib: 1_024, maxMemoryMib: 4_096 },
    },
    { name: 'sub', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 512, domains: ['ROOT/sub'] },
    { name: 'far', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 512, domains: ['ROOT/far'] },
    { name: 'zoned', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 512, zones: ['zone2'] },
  ],
  diskOfferings: [
    { name: 'five', sizeGib: 5 },
    { name: 'custom' },
    { name: 'strict', sizeGib: 7, sizeStrictness: true },
    { name: 'fast', storageTags: ['fast'] },
    { name: 'local', storageType: 'local' },
    { name: 'sub', sizeGib: 3, domains: ['ROOT/sub'] },
    { name: 'zoned', sizeGib: 3, zones: ['zone2'] },
  ],
  templates: [{ name: 'linux', zone: 'zone1', account: 'admin', sizeGib: 2 }],
};

export function createOfferingWorld(): IdentityWorld {
  return createIdentityWorld(offeringWorld);
}

export function serviceOffering({ world }: IdentityWorld, name: string): string {
  return world.serviceOfferings.all().find((row) => row.name === name)!.id;
}

export function diskOffering({ world }: IdentityWorld, name: string): string {
  return world.diskOfferings.all().find((row) => row.name === name)!.id;
}

export function domainAt({ world }: IdentityWorld, path: string): string {
  return world.domains.all().find((row) => row.path === path)!.id;
}

export function zoneNamed({ world }: IdentityWorld, name: string): string {
  return world.zones.all().find((row) => row.name === name)!.id;
}

export function networkOffering({ world }: IdentityWorld, name: string): string {
  return world.networkOfferings.all().find((row) => row.name === name)!.id;
}
