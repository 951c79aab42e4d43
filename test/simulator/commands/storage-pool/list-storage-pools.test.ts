// Proves that pools show what volumes have of them, and what the filters select.
import { expect, test } from '@playwright/test';
import { createInfrastructureWorld } from '../../../support/infrastructure-world.js';
import type { Reply } from '../../../support/simulator-client.js';

const GIB = 2 ** 30;

test('shows shared, zone-wide and local pools', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const { count, storagepool } = clientOf('admin').call('listStoragePools');
  expect(count).toBe(4);
  const [everywhere, primary1, local, xen] = storagepool as Reply[];
  expect(everywhere).toMatchObject({
    name: 'everywhere',
    scope: 'ZONE',
    ipaddress: '172.31.0.9',
    path: '/vol/all',
  });
  expect(everywhere).not.toHaveProperty('clusterid');
  expect(everywhere).not.toHaveProperty('podid');
  expect(primary1).toMatchObject({
    id: world.storagePools.all()[1]!.id,
    name: 'primary1',
    zonename: 'zone1',
    podname: 'pod1',
    clustername: 'cluster1',
    scope: 'CLUSTER',
    type: 'NetworkFilesystem',
    ipaddress: '172.31.255.10',
    path: '/export/primary1',
    state: 'Up',
    tags: 'fast',
    hypervisor: 'KVM',
    provider: 'DefaultPrimary',
    overprovisionfactor: '2.0',
    disksizetotal: 100 * GIB,
    disksizeallocated: 0,
    managed: false,
  });
  expect(local).toMatchObject({
    scope: 'HOST',
    type: 'Filesystem',
    path: '/var/lib/libvirt/images',
    ipaddress: '172.16.0.33',
  });
  expect(xen).toMatchObject({ scope: 'HOST', type: 'EXT', hypervisor: 'XenServer' });
});

test('shows what volumes take', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const admin = clientOf('admin');
  admin.done('deployVirtualMachine', {
    zoneid: world.zones.all()[0]!.id,
    templateid: world.templates.all()[0]!.id,
    serviceofferingid: world.serviceOfferings.all()[0]!.id,
    diskofferingid: world.diskOfferings.all()[0]!.id,
    networkids: world.networks.all()[1]!.id,
  });
  const pools = admin.call('listStoragePools')['storagepool'] as Reply[];
  const taken = pools.reduce((sum, { disksizeallocated }) => sum + Number(disksizeallocated), 0);
  // A root disk, a data disk, and the template, of which alone something is written.
  expect(taken).toBe((3 + 5 + 3) * GIB);
  const used = pools.reduce((sum, { disksizeused }) => sum + Number(disksizeused), 0);
  expect(used).toBe(3 * GIB);
});

test('the filters select', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const [everywhere, primary1] = world.storagePools.all();
  clientOf('admin').done('enableStorageMaintenance', { id: primary1!.id });
  const names = (filter: Record<string, string>): string[] =>
    (clientOf('admin').call('listStoragePools', filter)['storagepool'] ?? []).map(
      ({ name }: Reply) => (name as string).replace(/-local-.*/, '-local'),
    );
  const [cluster1, cluster2] = world.clusters.all();
  expect(names({ id: everywhere!.id })).toEqual(['everywhere']);
  expect(names({ name: 'Primary1' })).toEqual(['primary1']);
  expect(names({ path: '/vol/all' })).toEqual(['everywhere']);
  expect(names({ ipaddress: '172.31.0.9' })).toEqual(['everywhere']);
  expect(names({ clusterid: cluster1!.id })).toEqual(['everywhere', 'primary1', 'host2-local']);
  expect(names({ clusterid: cluster2!.id })).toEqual(['everywhere', 'xen1-local']);
  expect(names({ podid: world.pods.all()[1]!.id })).toEqual(['everywhere']);
  expect(names({ zoneid: world.zones.all()[1]!.id })).toEqual([]);
  expect(names({ scope: 'cluster' })).toEqual(['primary1']);
  expect(names({ scope: 'host' })).toEqual(['host2-local', 'xen1-local']);
  expect(names({ status: 'maintenance' })).toEqual(['primary1']);
  expect(names({ hostid: world.hosts.all()[0]!.id })).toEqual(['everywhere', 'primary1']);
  expect(names({ hostid: world.hosts.all()[1]!.id, scope: 'HOST' })).toEqual(['host2-local']);
  expect(names({ keyword: 'filesystem' })).toHaveLength(3);
  expect(names({ storagecustomstats: 'true' })).toHaveLength(4);
});

test('a scope or a status that there is not is refused', () => {
  const { clientOf } = createInfrastructureWorld();
  expect(clientOf('admin').fails('listStoragePools', { scope: 'galaxy' })).toMatchObject({
    httpStatus: 431,
    errortext: 'Invalid scope type: galaxy',
  });
  expect(clientOf('admin').fails('listStoragePools', { status: 'tired' })).toMatchObject({
    httpStatus: 431,
    errortext: 'Invalid status: tired',
  });
  expect(clientOf('bosh').fails('listStoragePools').httpStatus).toBe(432);
});
