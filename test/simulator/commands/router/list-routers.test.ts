// Proves when networks get their virtual router and when it goes, what each kind of admin sees of it,
// and what lists of routers are narrowed by.
import { expect, test } from '@playwright/test';
import {
  accountOf,
  domainOf,
  projectOf,
  type IdentityWorld,
} from '../../../support/identity-world.js';
import { createOwnedWorld, takeThings } from '../../../support/owned-things.js';
import { assertSound } from '../../../support/sound-world.js';
import {
  testSimulator,
  type Reply,
  type TestClient,
  type Values,
} from '../../../support/simulator-client.js';
import { deployed, networkId } from '../../../support/simulator-vms.js';

function routers(client: TestClient, values: Values = { listall: true }): Reply[] {
  return (client.call('listRouters', values)['router'] ?? []) as Reply[];
}

const ids = (rows: readonly Reply[]): unknown[] => rows.map(({ id }) => id);

test('a network gets its router with the first VM that starts, and loses it when it is deleted', () => {
  const world = testSimulator();
  const { admin, user, simulator } = world;
  const networkids = networkId(world, 'NET_CS');
  const { id } = deployed(world, user, { networkids, startvm: false });
  expect(routers(admin)).toEqual([]);
  user.done('startVirtualMachine', { id: id as string });
  const [router, ...others] = routers(admin);
  expect(others).toEqual([]);
  deployed(world, user, { networkids });
  expect(ids(routers(admin))).toEqual([router!['id']]);
  assertSound(simulator);
  for (const vm of simulator.world.vms.all()) {
    admin.done('destroyVirtualMachine', { id: vm.id, expunge: true });
  }
  expect(ids(routers(admin))).toEqual([router!['id']]);
  user.done('deleteNetwork', { id: networkids });
  expect(routers(admin)).toEqual([]);
  expect(admin.call('listRouters', { id: router!['id'], listall: true })).toEqual({});
  assertSound(simulator);
});

test('all that a root admin sees of the router of an isolated network', () => {
  const world = testSimulator();
  const { admin, user, simulator } = world;
  deployed(world, user, { networkids: networkId(world, 'NET_CS') });
  const [router] = routers(admin);
  const [row] = simulator.world.routers.all();
  const [host] = simulator.world.hosts.all();
  const [pod] = simulator.world.pods.all();
  const [zone] = simulator.world.zones.all();
  const network = simulator.world.networks.require(row!.networkId!);
  const outside = simulator.world.publicIps.all().find(({ isSourceNat }) => isSourceNat)!;
  const nic = { id: expect.any(String), networkid: expect.any(String) };
  expect(router).toEqual({
    id: row!.id,
    zoneid: zone!.id,
    zonename: 'zone1',
    dns1: zone!.dns1,
    name: row!.name,
    podid: pod!.id,
    podname: pod!.name,
    hostid: host!.id,
    hostname: host!.name,
    hostcontrolstate: 'Enabled',
    linklocalip: row!.linkLocalIp,
    linklocalmacaddress: row!.controlNic.macAddress,
    linklocalnetmask: '255.255.0.0',
    linklocalnetworkid: expect.any(String),
    publicip: outside.ipAddress,
    publicmacaddress: row!.publicNic!.macAddress,
    publicnetmask: outside.netmask,
    publicnetworkid: expect.any(String),
    gateway: outside.gateway,
    guestipaddress: network.gateway,
    guestmacaddress: row!.guestNics[0]!.macAddress,
    guestnetmask: network.netmask,
    guestnetworkid: network.id,
    guestnetworkname: 'NET_CS',
    networkdomain: network.networkDomain,
    nic: [
      {
        ...nic,
        networkname: 'NET_CS',
        netmask: network.netmask,
        ipaddress: network.gateway,
        traffictype: 'Guest',
        type: 'Isolated',
        isdefault: false,
        macaddress: row!.guestNics[0]!.macAddress,
      },
      {
        ...nic,
        netmask: '255.255.0.0',
        gateway: '169.254.0.1',
        ipaddress: row!.linkLocalIp,
        traffictype: 'Control',
        isdefault: false,
        macaddress: row!.controlNic.macAddress,
      },
      {
        ...nic,
        netmask: outside.netmask,
        gateway: outside.gateway,
        ipaddress: outside.ipAddress,
        traffictype: 'Public',
        isdefault: true,
        macaddress: row!.publicNic!.macAddress,
      },
    ],
    hypervisor: 'KVM',
    arch: 'x86_64',
    created: expect.any(String),
    state: 'Running',
    account: 'bosh',
    domainid: network.domainId,
    domain: 'ROOT',
    domainpath: 'ROOT',
    version: '4.20.2',
    softwareversion: '4.20.2.0',
    requiresupgrade: false,
    isredundantrouter: false,
    redundantstate: 'UNKNOWN',
    role: 'VIRTUAL_ROUTER',
    healthchecksfailed: false,
  });
  expect(router!['linklocalip']).toMatch(/^169\.254\./);
  expect(router!['name']).toMatch(/^r-\d+-VM$/);
  for (const { macaddress } of router!['nic']) {
    expect(macaddress).toMatch(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/);
  }
  expect(user.fails('listRouters').httpStatus).toBe(432);
});

test('the router of a shared network has an address of its range, belongs to the system, and goes to root admins', () => {
  const world = testSimulator();
  const { admin, user, simulator } = world;
  const shared = simulator.world.networks.all().find(({ type }) => type === 'Shared')!;
  deployed(world, user, { networkids: shared.id });
  const [router] = routers(admin);
  expect(router).toMatchObject({
    account: 'system',
    domain: 'ROOT',
    guestipaddress: shared.routerIpAddress,
    guestnetworkid: shared.id,
  });
  expect(router).not.toHaveProperty('publicip');
  expect((router!['nic'] as Reply[]).map(({ traffictype }) => traffictype)).toEqual([
    'Guest',
    'Control',
  ]);
  expect(routers(admin, {})).toEqual([]);
  expect(ids(routers(admin, { id: router!['id'] }))).toEqual([router!['id']]);
  expect(routers(admin, { listall: true, projectid: '-1' })).toHaveLength(0);
});

test('a network without services has none', () => {
  const world = testSimulator();
  const { admin, user, simulator } = world;
  const { id: networkofferingid } = simulator.world.networkOfferings
    .all()
    .find(({ name }) => name === 'DefaultL2NetworkOffering')!;
  const { network } = user.call('createNetwork', {
    name: 'plain',
    zoneid: simulator.world.zones.all()[0]!.id,
    networkofferingid,
  });
  deployed(world, user, { networkids: network.id });
  expect(routers(admin)).toEqual([]);
});

/** Routers of worker in ROOT/sub, of diver below and of bosh in ROOT. */
function scene(): { world: IdentityWorld; byName: (name: string) => Reply } {
  const world = createOwnedWorld();
  for (const name of ['worker', 'diver', 'bosh']) takeThings(world, world.clientOf(name));
  const all = routers(world.clientOf('admin'));
  return { world, byName: (name) => all.find(({ account }) => account === name)! };
}

test('domain admins see those of their domains without their place, resource admins with it', () => {
  const { world, byName } = scene();
  const chief = world.clientOf('chief');
  expect(routers(chief, {})).toEqual([]);
  const [first, second, ...others] = routers(chief);
  expect([ids([first!, second!]), others]).toEqual([ids([byName('worker'), byName('diver')]), []]);
  for (const field of ['hostid', 'podid', 'nic', 'guestipaddress', 'publicip', 'linklocalip']) {
    expect(first).not.toHaveProperty(field);
  }
  expect(first).toMatchObject({ account: 'worker', state: 'Running', domainpath: 'ROOT/sub' });
  const [seen] = routers(world.clientOf('keeper'), { id: byName('worker')['id'] });
  expect(seen).toMatchObject({ hostname: 'host1', podname: 'pod1' });
  expect(world.clientOf('worker').fails('listRouters').httpStatus).toBe(432);
});

test('the router of a network that a project owns is shown with the project', () => {
  const world = createOwnedWorld();
  const projectid = projectOf(world, 'alpha').id;
  takeThings(world, world.clientOf('bosh'), { projectid });
  const admin = world.clientOf('admin');
  expect(routers(admin)).toEqual([]);
  const [router] = routers(admin, { projectid });
  expect(router).toMatchObject({ projectid, project: 'alpha', state: 'Running' });
  expect(router).not.toHaveProperty('account');
});

test('lists are narrowed by owner, place, name and state', () => {
  const { world, byName } = scene();
  const admin = world.clientOf('admin');
  const [worker, diver, bosh] = ['worker', 'diver', 'bosh'].map(byName) as [Reply, Reply, Reply];
  const domainid = domainOf(world, 'ROOT/sub').id;
  const found = (values: Values): unknown[] => ids(routers(admin, values));
  expect(found({ domainid })).toEqual([worker['id']]);
  expect(found({ domainid, isrecursive: true }).sort()).toEqual([worker['id'], diver['id']].sort());
  expect(found({ account: 'bosh', domainid: accountOf(world, 'bosh').domainId })).toEqual([
    bosh['id'],
  ]);
  const only = (values: Values): unknown[] => found({ listall: true, ...values });
  expect(only({ id: diver['id'] })).toEqual([diver['id']]);
  expect(only({ name: diver['name'] })).toEqual([diver['id']]);
  expect(only({ networkid: diver['guestnetworkid'] })).toEqual([diver['id']]);
  expect(only({ keyword: 'private' })).toEqual([worker['id']]);
  const [host] = world.world.hosts.all();
  for (const [where, there] of [
    [{ hostid: host!.id }, 3],
    [{ clusterid: host!.clusterId }, 3],
    [{ podid: host!.podId }, 3],
    [{ zoneid: host!.zoneId }, 3],
    [{ version: '4.20' }, 3],
    [{ version: '4.19' }, 0],
    [{ forvpc: true }, 0],
    [{ healthchecksfailed: true }, 0],
    [{ page: 2, pagesize: 2 }, 1],
  ] as const) {
    expect(only(where), JSON.stringify(where)).toHaveLength(there);
  }
  admin.done('stopRouter', { id: bosh['id'] });
  expect(only({ state: 'Stopped' })).toEqual([bosh['id']]);
  expect(only({ hostid: host!.id })).toHaveLength(2);
  expect(only({ clusterid: host!.clusterId })).toHaveLength(2);
  expect(only({ podid: host!.podId })).toHaveLength(3);
});
