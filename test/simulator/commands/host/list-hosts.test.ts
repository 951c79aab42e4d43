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
  });
  expect(hostNamed(clientOf('admin'), 'host2')).toMatchObject({
    islocalstorageactive: true,
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
  world.hosts.change(host3!, { enabled: false });
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
