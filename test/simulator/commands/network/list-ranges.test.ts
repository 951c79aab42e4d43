// Proves what root admins see of the wires of a zone and of the ranges of addresses on them, that
// ranges come and go with shared networks, and what other lists tell of them.
import { expect, test } from '@playwright/test';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';
import { createNetworkWorld, networkNamed } from '../../../support/network-world.js';
import { offeringNamed } from './network-requests.js';

function ranges(client: TestClient, values: Values = {}): Reply[] {
  return (client.call('listVlanIpRanges', values)['vlaniprange'] ?? []) as Reply[];
}

test('a zone has one physical network', () => {
  const { world, admin, user } = createNetworkWorld();
  const [zone] = world.zones.all();
  const { physicalnetwork } = admin.call('listPhysicalNetworks', { zoneid: zone!.id });
  expect(physicalnetwork).toEqual([
    {
      id: world.physicalNetworks.all()[0]!.id,
      name: 'Physical Network 1',
      broadcastdomainrange: 'ZONE',
      zoneid: zone!.id,
      zonename: 'zone1',
      state: 'Enabled',
      isolationmethods: 'VLAN',
    },
  ]);
  const { id } = physicalnetwork[0];
  expect(admin.call('listPhysicalNetworks', { id, name: 'network' })['count']).toBe(1);
  expect(admin.call('listPhysicalNetworks', { name: 'other' })).toEqual({});
  expect(admin.call('listPhysicalNetworks', { keyword: 'other' })).toEqual({});
  expect(user.fails('listPhysicalNetworks').httpStatus).toBe(432);
  expect(admin.call('listNetworks', { physicalnetworkid: id, listall: true })['count']).toBe(4);
  const [network] = user.call('listNetworks')['network'];
  expect(network.physicalnetworkid).toBe(id);
});

test('ranges are public, or of a shared network', () => {
  const { world, admin, user } = createNetworkWorld();
  const shared = networkNamed(world, 'shared');
  const [open, own] = ranges(admin);
  expect(open).toMatchObject({
    forvirtualnetwork: true,
    vlan: 'vlan://untagged',
    cidr: '203.0.113.0/24',
    startip: '203.0.113.10',
    endip: '203.0.113.13',
  });
  expect(open!['networkid']).toBe(world.physicalNetworks.all()[0]!.publicNetworkId);
  expect(own).toMatchObject({
    forvirtualnetwork: false,
    vlan: `vlan://${shared.vlan}`,
    account: 'admin',
    gateway: '10.3.0.1',
    netmask: '255.255.255.0',
    cidr: '10.3.0.0/24',
    startip: '10.3.0.10',
    networkid: shared.id,
  });
  const only = (values: Values): unknown[] => ranges(admin, values).map((range) => range['id']);
  expect(only({ networkid: shared.id })).toEqual([own!['id']]);
  expect(only({ forvirtualnetwork: true })).toEqual([open!['id']]);
  expect(only({ forvirtualnetwork: false, id: String(open!['id']) })).toEqual([]);
  expect(only({ vlan: 'vlan://untagged' })).toEqual([open!['id']]);
  expect(only({ keyword: '10.3.0.' })).toEqual([own!['id']]);
  const [zone] = world.zones.all();
  const physicalnetworkid = world.physicalNetworks.all()[0]!.id;
  expect(only({ zoneid: zone!.id, physicalnetworkid })).toHaveLength(2);
  expect(user.fails('listVlanIpRanges').httpStatus).toBe(432);
});

test('nobody has a range for himself', () => {
  const { world, admin } = createNetworkWorld();
  const domainid = world.domains.all()[0]!.id;
  expect(ranges(admin, { account: 'bosh', domainid })).toEqual([]);
  expect(ranges(admin, { domainid })).toEqual([]);
  expect(ranges(admin, { podid: world.pods.all()[0]!.id })).toEqual([]);
  expect(admin.fails('listVlanIpRanges', { account: 'nobody', domainid })).toMatchObject({
    httpStatus: 431,
    errortext: 'Unable to find account nobody in specified domain',
  });
});

test('a shared network brings its range, and takes it along', () => {
  const { world, admin } = createNetworkWorld();
  const { network } = admin.call('createNetwork', {
    name: 'more',
    zoneid: world.zones.all()[0]!.id,
    networkofferingid: offeringNamed(world, 'DefaultSharedNetworkOffering').id,
    vlan: 77,
    gateway: '10.8.0.1',
    netmask: '255.255.255.128',
    startip: '10.8.0.10',
    endip: '10.8.0.19',
  });
  const networkid = network.id as string;
  expect(ranges(admin, { networkid })).toMatchObject([
    { vlan: 'vlan://77', cidr: '10.8.0.0/25', startip: '10.8.0.10', endip: '10.8.0.19' },
  ]);
  admin.done('deleteNetwork', { id: networkid });
  expect(ranges(admin)).toHaveLength(2);
});

test('public addresses are found by their range', () => {
  const { admin, user } = createNetworkWorld();
  const [open, own] = ranges(admin);
  const found = (values: Values, client = admin): Reply[] =>
    (client.call('listPublicIpAddresses', { allocatedonly: false, ...values })['publicipaddress'] ??
      []) as Reply[];
  expect(found({ vlanid: String(open!['id']) })).toHaveLength(4);
  expect(found({ vlanid: String(own!['id']) })).toEqual([]);
  const physicalnetworkid = String(open!['physicalnetworkid']);
  expect(found({ physicalnetworkid })[0]).toMatchObject({ vlanid: open!['id'], physicalnetworkid });
  expect(found({}, user)[0]).not.toHaveProperty('vlanid');
});

test('networks are found by whose they are', () => {
  const { user } = createNetworkWorld();
  const names = (values: Values): unknown[] =>
    ((user.call('listNetworks', values)['network'] ?? []) as Reply[]).map((row) => row['name']);
  expect(names({ networkfilter: 'Account' })).toEqual(['isolated', 'l2']);
  expect(names({ networkfilter: 'domain' })).toEqual(['shared']);
  expect(names({ networkfilter: 'accountdomain' })).toEqual(['isolated', 'shared', 'l2']);
  expect(names({ networkfilter: 'all', forvpc: false })).toEqual(['isolated', 'shared', 'l2']);
  expect(names({ networkfilter: 'shared' })).toEqual([]);
  expect(names({ forvpc: true })).toEqual([]);
  expect(names({ restartrequired: true })).toEqual([]);
  expect(user.fails('listNetworks', { networkfilter: 'mine' })).toMatchObject({
    httpStatus: 431,
    errortext: 'Invalid value of networkfilter: mine',
  });
});
