// What tests of volumes share: creating, listing and attaching them through the API, and worlds
// whose storage differs from the default.
import type { WorldDescriptionInput } from '../../simulator/world/description/world-description.js';
import type { Reply, TestClient, TestWorld, Values } from './simulator-client.js';
import { diskOfferingId, idOf } from './simulator-vms.js';

/** The parameters of a 10 GiB volume of a custom offering. */
export function volumeValues(
  world: TestWorld,
  values: Values = {},
  offering = 'shared.custom',
): Values {
  return {
    name: 'disk',
    diskofferingid: diskOfferingId(world, offering),
    zoneid: idOf(world.simulator.world.zones.all(), 'zone1'),
    size: 10,
    ...values,
  };
}

/** Creates a volume, and answers its id. */
export function createdVolume(
  world: TestWorld,
  client: TestClient,
  values: Values = {},
  offering = 'shared.custom',
): string {
  const result = client.done('createVolume', volumeValues(world, values, offering));
  return (result['volume'] as Reply)['id'] as string;
}

/** The volume as a caller sees it in the list, undefined if it does not. */
export function listedVolume(client: TestClient, id: string): Reply | undefined {
  return (client.call('listVolumes', { id })['volume'] as Reply[] | undefined)?.[0];
}

/** Attaches a volume, and answers it. */
export function attached(
  client: TestClient,
  id: string,
  virtualmachineid: string,
  values: Values = {},
): Reply {
  return client.done('attachVolume', { id, virtualmachineid, ...values })['volume'] as Reply;
}

/** Pools promise what they have, and all of it. */
export const promisesNoMore = {
  'storage.overprovisioning.factor': 1,
  'pool.storage.allocated.capacity.disablethreshold': 1,
} as const;

/** A KVM zone like the default one, with the clusters, pools and settings that a test gives. */
export function storageWorld(
  zone: Partial<WorldDescriptionInput['zones'][number]>,
  rest: Partial<WorldDescriptionInput> = {},
): WorldDescriptionInput {
  return {
    accounts: [
      { name: 'admin', role: 'Admin' },
      { name: 'bosh', role: 'User', limits: 'unlimited' },
    ],
    zones: [
      {
        name: 'zone1',
        pods: [{ name: 'pod1', clusters: [cluster('cluster1', ['host1', 'host2'])] }],
        networks: [{ name: 'NET_CS', type: 'Isolated', account: 'bosh' }],
        publicRanges: [
          {
            startIp: '203.0.113.10',
            endIp: '203.0.113.12',
            gateway: '203.0.113.1',
            netmask: '255.255.255.0',
          },
        ],
        ...zone,
      },
    ],
    serviceOfferings: [
      { name: 'm1.small', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 1_024 },
      {
        name: 'm1.local',
        cpuNumber: 1,
        cpuMhz: 1_000,
        memoryMib: 1_024,
        storageType: 'local',
      },
    ],
    diskOfferings: [
      { name: 'shared.custom' },
      { name: 'local.custom', storageType: 'local' },
      { name: 'fast.custom', storageTags: ['ssd'] },
    ],
    templates: [{ name: 'ubuntu-jammy', zone: 'zone1', account: 'admin' }],
    ...rest,
    settings: { ...promisesNoMore, ...rest.settings },
  };
}

export function cluster(
  name: string,
  hosts: readonly string[],
  values: Partial<WorldDescriptionInput['zones'][number]['pods'][number]['clusters'][number]> = {},
): WorldDescriptionInput['zones'][number]['pods'][number]['clusters'][number] {
  return {
    name,
    hosts: hosts.map((host) => ({ name: host, localStorageGib: 100 })),
    pools: [{ name: `${name}-primary`, sizeGib: 1_000 }],
    ...values,
  };
}
