// Proves who sees which networks, what the filters select, and how a network shows its services,
// its state and whether it has room.
import { expect, test } from '@playwright/test';
import { implementNetwork } from '../../../../simulator/world/network/networks.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';
import { addNic, addVm, createNetworkWorld, networkNamed } from '../../../support/network-world.js';

const names = (client: TestClient, filter: Values = {}): string[] =>
  ((client.call('listNetworks', filter)['network'] ?? []) as Reply[]).map(
    (network) => network['name'] as string,
  );

test('users see their own networks and the shared ones', () => {
  const { user, other, admin, world } = createNetworkWorld();
  expect(names(user)).toEqual(['isolated', 'shared', 'l2']);
  expect(names(user, { listall: true })).toEqual(['isolated', 'shared', 'l2']);
  expect(names(other)).toEqual(['tiny', 'shared']);
  expect(names(admin)).toEqual(['shared']);
  expect(names(admin, { listall: true })).toEqual(['isolated', 'tiny', 'shared', 'l2']);
  const { id } = networkNamed(world, 'tiny');
  expect(user.call('listNetworks', { id })).toEqual({});
  expect(names(admin, { id })).toEqual(['tiny']);
});

test('the filters select', () => {
  const { user, world } = createNetworkWorld();
  const { networkOfferingId } = networkNamed(world, 'l2');
  const expected: [Values, string[]][] = [
    [{ type: 'isolated' }, ['isolated']],
    [{ type: 'L2' }, ['l2']],
    [{ acltype: 'Domain' }, ['shared']],
    [{ acltype: 'account' }, ['isolated', 'l2']],
    [{ traffictype: 'Guest' }, ['isolated', 'shared', 'l2']],
    [{ traffictype: 'Public' }, []],
    [{ issystem: true }, []],
    [{ issystem: false }, ['isolated', 'shared', 'l2']],
    [{ specifyipranges: true }, ['shared']],
    [{ supportedservices: 'Dhcp' }, ['isolated', 'shared']],
    [{ supportedservices: 'UserData,StaticNat' }, ['isolated']],
    [{ networkofferingid: networkOfferingId }, ['l2']],
    [{ keyword: 'SOLA' }, ['isolated']],
    [{ zoneid: world.zones.all()[0]!.id }, ['isolated', 'shared', 'l2']],
  ];
  for (const [filter, found] of expected) expect(names(user, filter)).toEqual(found);
});

test('there is no filter by name', () => {
  const { user } = createNetworkWorld();
  expect(user.fails('listNetworks', { name: 'isolated' }).errortext).toContain(
    'does not simulate the parameter name',
  );
});

test('an isolated network shows its services, a shared one fewer, an L2 one none', () => {
  const { user } = createNetworkWorld();
  const [isolated, shared, l2] = user.call('listNetworks')['network'];
  expect(isolated).toMatchObject({
    type: 'Isolated',
    traffictype: 'Guest',
    acltype: 'Account',
    account: 'bosh',
    domain: 'ROOT',
    cidr: '10.1.0.0/24',
    gateway: '10.1.0.1',
    netmask: '255.255.255.0',
    state: 'Allocated',
    canusefordeploy: true,
    zonename: 'zone1',
    networkofferingname: 'DefaultIsolatedNetworkOfferingWithSourceNatService',
    tags: [],
  });
  const services = (network: Reply): string[] =>
    network['service'].map((service: { name: string }) => service.name);
  expect(services(isolated)).toEqual(
    expect.arrayContaining(['Dhcp', 'Dns', 'UserData', 'SourceNat', 'StaticNat']),
  );
  expect(shared).toMatchObject({ acltype: 'Domain', state: 'Setup', specifyipranges: true });
  expect(services(shared)).toEqual(['Dhcp', 'Dns', 'UserData']);
  expect(services(l2)).toEqual([]);
  expect(l2).not.toHaveProperty('cidr');
});

test('a full network cannot be used, a network that is up says so', () => {
  const { world, other, user } = createNetworkWorld();
  const vm = addVm(world, 'Stopped', 'other');
  for (let count = 0; count < 5; count += 1) addNic(world, vm, 'tiny');
  expect(names(other, { canusefordeploy: true })).toEqual(['shared']);
  expect(names(other, { canusefordeploy: false })).toEqual(['tiny']);
  implementNetwork(world, networkNamed(world, 'isolated'));
  expect(user.call('listNetworks')['network'][0].state).toBe('Implemented');
});

test('only root admins see the VLAN', () => {
  const { admin, user, world } = createNetworkWorld();
  const { id, vlan } = networkNamed(world, 'isolated');
  const seen = admin.call('listNetworks', { id })['network'][0];
  expect(seen).toMatchObject({ displaynetwork: true });
  // It gets one with its first VM.
  expect(seen).not.toHaveProperty('vlan');
  expect(seen).not.toHaveProperty('broadcasturi');
  implementNetwork(world, networkNamed(world, 'isolated'));
  expect(admin.call('listNetworks', { id })['network'][0]).toMatchObject({
    vlan: String(vlan),
    broadcasturi: `vlan://${vlan}`,
  });
  expect(user.call('listNetworks', { id })['network'][0]).not.toHaveProperty('vlan');
});

test('tags select with "or"', () => {
  const { user, world } = createNetworkWorld();
  const resourceids = networkNamed(world, 'l2').id;
  user.done('createTags', {
    resourcetype: 'Network',
    resourceids,
    'tags[0].key': 'a',
    'tags[0].value': '1',
  });
  const filter = {
    'tags[0].key': 'a',
    'tags[0].value': '1',
    'tags[1].key': 'b',
    'tags[1].value': '2',
  };
  expect(names(user, filter)).toEqual(['l2']);
  expect(names(user, { 'tags[0].key': 'a', 'tags[0].value': '2' })).toEqual([]);
});
