// Proves what clusters look like, and what the filters select.
import { expect, test } from '@playwright/test';
import { createInfrastructureWorld } from '../../../support/infrastructure-world.js';
import type { Reply } from '../../../support/simulator-client.js';

test('shows where a cluster is and what it runs', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const { count, cluster } = clientOf('admin').call('listClusters');
  expect(count).toBe(4);
  expect(cluster[1]).toEqual({
    id: world.clusters.all()[1]!.id,
    name: 'cluster2',
    podid: world.pods.all()[0]!.id,
    podname: 'pod1',
    zoneid: world.zones.all()[0]!.id,
    zonename: 'zone1',
    hypervisortype: 'XenServer',
    clustertype: 'CloudManaged',
    allocationstate: 'Enabled',
    managedstate: 'Managed',
    cpuovercommitratio: '1.0',
    memoryovercommitratio: '1.0',
    resourcedetails: { cpuOvercommitRatio: '1.0', memoryOvercommitRatio: '1.0' },
    arch: 'x86_64',
  });
});

test('the filters select', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const names = (filter: Record<string, string>): string[] =>
    (clientOf('admin').call('listClusters', filter)['cluster'] ?? []).map(
      ({ name }: Reply) => name,
    );
  expect(names({ id: world.clusters.all()[2]!.id })).toEqual(['cluster3']);
  expect(names({ name: 'Cluster1' })).toEqual(['cluster1']);
  expect(names({ podid: world.pods.all()[0]!.id })).toEqual(['cluster1', 'cluster2']);
  expect(names({ zoneid: world.zones.all()[1]!.id })).toEqual(['cluster4']);
  expect(names({ hypervisor: 'xenserver' })).toEqual(['cluster2']);
  expect(names({ hypervisor: 'Ovm' })).toEqual([]);
  expect(names({ clustertype: 'ExternalManaged' })).toEqual([]);
  expect(names({ clustertype: 'cloudmanaged' })).toHaveLength(4);
  expect(names({ allocationstate: 'Disabled' })).toEqual([]);
  expect(names({ managedstate: 'Unmanaged' })).toHaveLength(4);
  expect(names({ keyword: 'xen' })).toEqual(['cluster2']);
  expect(names({ arch: 'x86_64' })).toHaveLength(4);
  expect(names({ arch: 'aarch64' })).toEqual([]);
});

test('a cluster with its capacities', () => {
  const { clientOf } = createInfrastructureWorld();
  const filter = { name: 'cluster1', showcapacities: true };
  const [cluster] = clientOf('admin').call('listClusters', filter)['cluster'];
  const sizes = new Map(
    (cluster.capacity as Reply[]).map(({ name, capacitytotal }) => [name, capacitytotal]),
  );
  expect(Object.fromEntries(sizes)).toEqual({
    MEMORY: 8 * 2 ** 30,
    CPU: 16_000,
    CPU_CORE: 8,
    LOCAL_STORAGE: 2 * 50 * 2 ** 30,
    STORAGE_ALLOCATED: 2 * 100 * 2 ** 30,
    STORAGE: 150 * 2 ** 30,
  });
});

test('an unknown architecture is refused', () => {
  const { clientOf } = createInfrastructureWorld();
  expect(clientOf('admin').fails('listClusters', { arch: 'pdp11' })).toMatchObject({
    httpStatus: 431,
    errortext: 'Unsupported arch type: pdp11',
  });
});

test('a resource admin sees the clusters of its own zone, users do not know the command', () => {
  const { clientOf } = createInfrastructureWorld();
  expect(clientOf('keeper').call('listClusters')['cluster']).toHaveLength(1);
  expect(clientOf('bosh').fails('listClusters').httpStatus).toBe(432);
});
