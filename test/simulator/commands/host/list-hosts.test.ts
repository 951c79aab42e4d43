// Proves that hosts show what VMs have of them, how much of it a list shows, and what the filters
// select.
import { expect, test } from '@playwright/test';
import { createInfrastructureWorld } from '../../../support/infrastructure-world.js';
import type { Reply, TestClient } from '../../../support/simulator-client.js';
import type { World } from '../../../../simulator/world/world.js';

const hostNamed = (client: TestClient, name: string, values: Record<string, string> = {}): Reply =>
  client.call('listHosts', { name, ...values })['host'][0] as Reply;

function deploy(client: TestClient, world: World, hostid: string): void {
  client.done('deployVirtualMachine', {
    zoneid: world.zones.all()[0]!.id,
    templateid: world.templates.all()[0]!.id,
    serviceofferingid: world.serviceOfferings.all()[0]!.id,
    networkids: world.networks.all()[1]!.id,
    hostid,
  });
}

test('shows an empty host', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const row = world.hosts.all()[0]!;
  expect(hostNamed(clientOf('admin'), 'host1')).toMatchObject({
    id: row.id,
    name: 'host1',
    state: 'Up',
    type: 'Routing',
    ipaddress: '172.16.0.32',
    zonename: 'zone1',
    podname: 'pod1',
    clustername: 'cluster1',
    clustertype: 'CloudManaged',
    hypervisor: 'KVM',
    version: '4.20.2.0',
    cpunumber: 4,
    cpuspeed: 2_000,
    cpuallocated: '0.00%',
    cpuallocatedvalue: 0,
    cpuwithoverprovisioning: '8000',
    memorytotal: 4 * 2 ** 30,
    memorywithoverprovisioning: String(4 * 2 ** 30),
    memoryallocated: 0,
    memoryallocatedpercentage: '0.00%',
    hosttags: 'ssd,x86',
    explicithosttags: 'ssd,x86',
    islocalstorageactive: false,
    resourcestate: 'Enabled',
    capabilities: 'hvm,snapshot',
    arch: 'x86_64',
    managementserverid: world.managementServers.all()[0]!.id,
    details: {},
    encryptionsupported: true,
    instanceconversionsupported: false,
  });
  expect(hostNamed(clientOf('admin'), 'xen1')).not.toHaveProperty('details');
  expect(hostNamed(clientOf('admin'), 'host2')).toMatchObject({
    islocalstorageactive: false,
    ipaddress: '172.16.0.33',
  });
});

test('shows what a VM takes of its host', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const admin = clientOf('admin');
  deploy(admin, world, world.hosts.all()[1]!.id);
  expect(hostNamed(admin, 'host2')).toMatchObject({
    cpuallocated: '25%',
    cpuallocatedvalue: 2_000,
    memoryallocated: 2 ** 30,
    memoryallocatedbytes: 2 ** 30,
    memoryallocatedpercentage: '25%',
    memoryused: 2 ** 30,
  });
  expect(hostNamed(admin, 'host1')['cpuallocatedvalue']).toBe(0);
});

test('a host that others have filled shows nothing left', () => {
  const { clientOf, world } = createInfrastructureWorld();
  world.hosts.change(world.hosts.all()[0]!, { full: true });
  expect(hostNamed(clientOf('admin'), 'host1')).toMatchObject({
    cpuallocated: '100%',
    memoryallocated: 4 * 2 ** 30,
  });
});

test('shows as much as it is asked for', () => {
  const { clientOf } = createInfrastructureWorld();
  const admin = clientOf('admin');
  const keys = (details: string): string[] => Object.keys(hostNamed(admin, 'host1', { details }));
  expect(keys('min')).not.toContain('zonename');
  expect(keys('min')).not.toContain('cpuallocated');
  expect(keys('min')).not.toContain('events');
  expect(keys('capacity')).toEqual(expect.arrayContaining(['zonename', 'cpuallocated', 'arch']));
  expect(keys('capacity')).not.toContain('cpuused');
  expect(keys('stats,events')).toEqual(expect.arrayContaining(['cpuused', 'events']));
  expect(keys('all')).toEqual(expect.arrayContaining(['cpuused', 'events', 'cpuallocated']));
  expect(admin.fails('listHosts', { details: 'min,more' })).toMatchObject({
    httpStatus: 431,
    errortext:
      'The details parameter contains a non permitted value. The allowed values are [all, capacity, events, stats, min]',
  });
});

test('the filters select', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const [host1, , , host3] = world.hosts.all();
  world.hosts.change(host1!, { up: false });
  world.hosts.move(host3!, 'Disable');
  const names = (filter: Record<string, string>): string[] =>
    (clientOf('admin').call('listHosts', filter)['host'] ?? []).map(({ name }: Reply) => name);
  expect(names({})).toEqual(['host1', 'host2', 'xen1', 'host3', 'host4']);
  expect(names({ id: host3!.id })).toEqual(['host3']);
  expect(names({ clusterid: world.clusters.all()[0]!.id })).toEqual(['host1', 'host2']);
  expect(names({ podid: world.pods.all()[1]!.id })).toEqual(['host3']);
  expect(names({ zoneid: world.zones.all()[1]!.id })).toEqual(['host4']);
  expect(names({ state: 'down' })).toEqual(['host1']);
  expect(names({ state: 'Alert' })).toEqual([]);
  expect(names({ resourcestate: 'Disabled' })).toEqual(['host3']);
  expect(names({ type: 'routing' })).toHaveLength(5);
  expect(names({ type: 'SecondaryStorage' })).toEqual([]);
  expect(names({ hypervisor: 'XenServer' })).toEqual(['xen1']);
  expect(names({ hypervisor: 'unheard of' })).toHaveLength(5);
  expect(names({ arch: 'aarch64' })).toEqual([]);
  expect(names({ hahost: 'true' })).toHaveLength(5);
  expect(names({ keyword: 'xen' })).toEqual(['xen1']);
  expect(names({ keyword: 'down' })).toEqual(['host1']);
});

test('a host that is down shows no ping, and what can become of it', () => {
  const { clientOf, world } = createInfrastructureWorld();
  world.hosts.change(world.hosts.all()[0]!, { up: false });
  const host = hostNamed(clientOf('admin'), 'host1');
  expect(host['state']).toBe('Down');
  expect(host).not.toHaveProperty('lastpinged');
  expect(host['events']).not.toContain('StartAgentRebalance');
});

test('a resource admin sees the hosts of its own zone, users do not know the command', () => {
  const { clientOf } = createInfrastructureWorld();
  expect(clientOf('keeper').call('listHosts')['host'][0].name).toBe('host4');
  expect(clientOf('bosh').fails('listHosts').httpStatus).toBe(432);
  expect(clientOf('chief').fails('listHosts').httpStatus).toBe(432);
});

test.describe('for a VM that is to move', () => {
  const suitable = (client: TestClient, virtualmachineid: string): Record<string, boolean> =>
    Object.fromEntries(
      ((client.call('listHosts', { virtualmachineid })['host'] ?? []) as Reply[]).map(
        ({ name, suitableformigration }) => [name as string, suitableformigration as boolean],
      ),
    );

  function vmOnHost1(): ReturnType<typeof createInfrastructureWorld> & { readonly vmId: string } {
    const infrastructure = createInfrastructureWorld();
    const { clientOf, world } = infrastructure;
    deploy(clientOf('admin'), world, world.hosts.all()[0]!.id);
    return { ...infrastructure, vmId: world.vms.all()[0]!.id };
  }

  test('the other hosts of its zone and hypervisor, and which have room for it', () => {
    const { clientOf, world, vmId } = vmOnHost1();
    const admin = clientOf('admin');
    expect(suitable(admin, vmId)).toEqual({ host2: true, host3: true });
    world.hosts.change(world.hosts.all()[1]!, { full: true });
    expect(suitable(admin, vmId)).toEqual({ host2: false, host3: true });
    world.hosts.move(world.hosts.all()[3]!, 'Disable');
    expect(suitable(admin, vmId)).toEqual({ host2: false, host3: false });
    expect(hostNamed(admin, 'host2')).not.toHaveProperty('suitableformigration');
  });

  test('a cluster out of reach of its volumes, with and without pools for them', () => {
    const { clientOf, world, vmId } = vmOnHost1();
    const [volume] = world.volumes.where('vmId', vmId);
    const inCluster = world.storagePools.all().find(({ name }) => name === 'primary1')!;
    world.volumes.change(volume!, { poolId: inCluster.id });
    expect(suitable(clientOf('admin'), vmId)).toEqual({ host2: true, host3: true });
    const everywhere = world.storagePools.all().find(({ name }) => name === 'everywhere')!;
    world.storagePools.change(everywhere, { full: true });
    world.storagePools.move(everywhere, 'NoHostsUp');
    expect(suitable(clientOf('admin'), vmId)).toEqual({ host2: true, host3: false });
  });

  test('a VM that does not run, one that is gone, and who is no root admin', () => {
    const { clientOf, world, vmId: virtualmachineid } = vmOnHost1();
    const admin = clientOf('admin');
    expect(clientOf('keeper').fails('listHosts', { virtualmachineid })).toMatchObject({
      httpStatus: 531,
      errortext: 'No permission to migrate VM, Only Root Admin can migrate a VM!',
    });
    admin.done('stopVirtualMachine', { id: virtualmachineid });
    expect(admin.fails('listHosts', { virtualmachineid })).toMatchObject({
      httpStatus: 431,
      errortext: 'VM is not Running, cannot migrate the vm with specified id',
    });
    admin.done('destroyVirtualMachine', { id: virtualmachineid, expunge: true });
    expect(admin.fails('listHosts', { virtualmachineid })).toMatchObject({
      httpStatus: 431,
      errortext: 'Unable to find the VM with given id',
    });
    expect(world.vms.all()).toEqual([]);
  });
});

test('VMs on disks of their own host make its storage active, on XenServer', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const admin = clientOf('admin');
  const active = (name: string): boolean =>
    hostNamed(admin, name)['islocalstorageactive'] as boolean;
  deploy(admin, world, world.hosts.all()[1]!.id);
  const [volume] = world.volumes.where('vmId', world.vms.all()[0]!.id);
  const poolOf = (name: string): string =>
    world.storagePools.where('hostId', world.hosts.all().find((row) => row.name === name)!.id)[0]!
      .id;
  world.volumes.change(volume!, { poolId: poolOf('xen1') });
  expect(active('xen1')).toBe(true);
  world.volumes.change(volume!, { poolId: poolOf('host2') });
  expect([active('xen1'), active('host2')]).toEqual([false, false]);
});
