// Proves that capacities are the figures of the world: what hosts and pools have, what VMs,
// volumes and addresses take of it, summed over the place that is asked for.
import { expect, test } from '@playwright/test';
import type { World } from '../../../../simulator/world/world.js';
import { createInfrastructureWorld } from '../../../support/infrastructure-world.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';

const GIB = 2 ** 30;

function deploy(client: TestClient, world: World, values: Values = {}): Reply {
  return client.done('deployVirtualMachine', {
    zoneid: world.zones.all()[0]!.id,
    templateid: world.templates.all()[0]!.id,
    serviceofferingid: world.serviceOfferings.all()[0]!.id,
    diskofferingid: world.diskOfferings.all()[0]!.id,
    networkids: world.networks.all()[1]!.id,
    hostid: world.hosts.all()[0]!.id,
    ...values,
  })['virtualmachine'] as Reply;
}

/** Used and total of each type of capacity in a place. */
function capacitiesOf(client: TestClient, values: Values): Record<string, [number, number]> {
  const rows = client.call('listCapacity', values)['capacity'] as Reply[];
  return Object.fromEntries(
    rows.map(({ name, capacityused, capacitytotal }) => [name, [capacityused, capacitytotal]]),
  );
}

test('an empty zone has everything left', () => {
  const { clientOf, world } = createInfrastructureWorld();
  expect(capacitiesOf(clientOf('admin'), { zoneid: world.zones.all()[0]!.id })).toEqual({
    MEMORY: [0, 74 * GIB],
    CPU: [0, 36_000],
    STORAGE: [0, 660 * GIB],
    STORAGE_ALLOCATED: [0, 2 * 600 * GIB],
    VIRTUAL_NETWORK_PUBLIC_IP: [0, 4],
    PRIVATE_IP: [0, 60],
    SECONDARY_STORAGE: [3 * GIB, 10_000 * GIB],
    DIRECT_ATTACHED_PUBLIC_IP: [0, 10],
    LOCAL_STORAGE: [0, 2 * 60 * GIB],
    CPU_CORE: [0, 18],
  });
});

test('a VM and its disks take their part; stopped, only its disks and the promise', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const admin = clientOf('admin');
  const zoneid = world.zones.all()[0]!.id;
  const { id } = deploy(admin, world);
  expect(capacitiesOf(admin, { zoneid })).toMatchObject({
    MEMORY: [GIB, 74 * GIB],
    CPU: [2_000, 36_000],
    CPU_CORE: [2, 18],
    // The template lies there beside the disks, and is all that is written yet.
    STORAGE_ALLOCATED: [(8 + 3) * GIB, 2 * 600 * GIB],
    STORAGE: [3 * GIB, 660 * GIB],
    DIRECT_ATTACHED_PUBLIC_IP: [2, 10],
  });
  admin.done('stopVirtualMachine', { id: id as string });
  const [cpu] = admin.call('listCapacity', { zoneid, type: 1 })['capacity'] as Reply[];
  expect(cpu).toMatchObject({ capacityused: 0, capacityallocated: 2_000, percentused: '0' });
});

test('a pod and a cluster have their own hosts and pools', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const admin = clientOf('admin');
  deploy(admin, world);
  const [pod1, pod2] = world.pods.all();
  expect(capacitiesOf(admin, { podid: pod1!.id })).toMatchObject({
    CPU: [2_000, 20_000],
    PRIVATE_IP: [0, 30],
  });
  expect(capacitiesOf(admin, { podid: pod2!.id })).toEqual({
    MEMORY: [0, 64 * GIB],
    CPU: [0, 16_000],
    CPU_CORE: [0, 8],
    PRIVATE_IP: [0, 30],
    STORAGE: [0, 0],
  });
  const [first] = admin.call('listCapacity', { clusterid: world.clusters.all()[0]!.id })[
    'capacity'
  ] as Reply[];
  expect(first).toEqual({
    type: 0,
    name: 'MEMORY',
    zoneid: world.zones.all()[0]!.id,
    zonename: 'zone1',
    clusterid: world.clusters.all()[0]!.id,
    clustername: 'cluster1',
    podid: pod1!.id,
    podname: 'pod1',
    capacityused: GIB,
    capacitytotal: 8 * GIB,
    percentused: '12.5',
  });
});

test('every zone stands for itself, by name', () => {
  const { clientOf } = createInfrastructureWorld();
  const rows = clientOf('admin').call('listCapacity', { type: 6, fetchlatest: true })[
    'capacity'
  ] as Reply[];
  expect(rows.map(({ zonename, capacitytotal }) => [zonename, capacitytotal])).toEqual([
    ['zone1', 10_000 * GIB],
    ['zone2', 20 * GIB],
  ]);
});

test('sorted by usage, the fullest pod comes first', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const admin = clientOf('admin');
  deploy(admin, world);
  const zoneid = world.zones.all()[0]!.id;
  const rows = admin.call('listCapacity', { zoneid, sortby: 'USAGE', type: 1 })[
    'capacity'
  ] as Reply[];
  expect(rows.map(({ podname, percentused }) => [podname, percentused])).toEqual([
    ['pod1', '10'],
    ['pod2', '0'],
  ]);
  const one = admin.call('listCapacity', { sortby: 'usage', page: 1, pagesize: 1 });
  expect(one['capacity']).toHaveLength(1);
  const [podRow] = admin.call('listCapacity', {
    zoneid,
    podid: world.pods.all()[0]!.id,
    sortby: 'usage',
    type: 1,
  })['capacity'] as Reply[];
  expect(podRow).toMatchObject({ clustername: 'cluster1', percentused: '12.5' });
});

test('disabled hosts and hosts of a disabled zone count for nothing', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const admin = clientOf('admin');
  const [zone1] = world.zones.all();
  world.hosts.move(world.hosts.all()[0]!, 'Disable');
  expect(capacitiesOf(admin, { zoneid: zone1!.id })['CPU']).toEqual([0, 28_000]);
  world.zones.change(zone1!, { allocationState: 'Disabled' });
  expect(capacitiesOf(admin, { zoneid: zone1!.id })).not.toHaveProperty('CPU');
});

test('tags limit nothing here', () => {
  const { clientOf } = createInfrastructureWorld();
  expect(clientOf('admin').call('listCapacity', { tag: 'ssd' })).toEqual({});
});

test('what cannot be sorted is refused, and users do not know the command', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const admin = clientOf('admin');
  expect(admin.fails('listCapacity', { sortby: 'name' })).toMatchObject({
    httpStatus: 431,
    errortext: 'Only value supported for sortBy parameter is : usage',
  });
  const clusterid = world.clusters.all()[0]!.id;
  expect(admin.fails('listCapacity', { sortby: 'usage', clusterid })).toMatchObject({
    httpStatus: 431,
    errortext: 'Currently clusterId param is not supported',
  });
  expect(clientOf('bosh').fails('listCapacity').httpStatus).toBe(432);
  expect(clientOf('keeper').call('listCapacity')['capacity'][0].zonename).toBe('zone2');
});
