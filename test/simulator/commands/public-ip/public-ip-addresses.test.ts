// Proves how public addresses are acquired, listed and given back, and that each refusal has its
// text and leaves the addresses as they are.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import { implementNetwork } from '../../../../simulator/world/network/networks.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';
import {
  createNetworkWorld,
  networkNamed,
  networkWorld,
  type NetworkWorld,
} from '../../../support/network-world.js';

const listed = (client: TestClient, filter: Values = {}): string[] =>
  ((client.call('listPublicIpAddresses', filter)['publicipaddress'] ?? []) as Reply[]).map(
    (row) => row['ipaddress'] as string,
  );

function unchanged<T>({ world }: NetworkWorld, action: () => T): T {
  const rows = (): string => JSON.stringify(world.publicIps.all());
  const before = rows();
  const result = action();
  assert.equal(rows(), before);
  return result;
}

/** A world whose isolated network is up: 203.0.113.10 is its source NAT address. */
function withNetworkUp(): NetworkWorld {
  const zone = createNetworkWorld();
  implementNetwork(zone.world, networkNamed(zone.world, 'isolated'));
  return zone;
}

test('an address is acquired at once and joined to the network by the job', () => {
  const { world, user, simulator } = withNetworkUp();
  const network = networkNamed(world, 'isolated');
  const { id, jobid } = user.call('associateIpAddress', { networkid: network.id });
  const publicIp = world.publicIps.require(id);
  expect(publicIp).toMatchObject({ state: 'Allocated', networkId: null });
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid)).toMatchObject({ status: 1 });
  expect(user.job(jobid).result['ipaddress']).toMatchObject({
    id,
    ipaddress: '203.0.113.11',
    state: 'Allocated',
    account: 'bosh',
    zonename: 'zone1',
    issourcenat: false,
    isstaticnat: false,
    associatednetworkid: network.id,
    associatednetworkname: 'isolated',
  });
});

test('a certain address is acquired if it is free', () => {
  const zone = withNetworkUp();
  const networkid = networkNamed(zone.world, 'isolated').id;
  const ask = { networkid, ipaddress: '203.0.113.13' };
  expect(zone.user.done('associateIpAddress', ask)['ipaddress'].ipaddress).toBe('203.0.113.13');
  for (const ipaddress of ['203.0.113.13', '203.0.113.99']) {
    const refusal = unchanged(zone, () =>
      zone.user.fails('associateIpAddress', { networkid, ipaddress }),
    );
    expect(refusal).toMatchObject({
      httpStatus: 533,
      cserrorcode: 9999,
      errortext: 'Insufficient address capacity',
    });
  }
});

test('the zone is enough where the account has one isolated network there', () => {
  const { world, user } = withNetworkUp();
  const zoneid = world.zones.all()[0]!.id;
  expect(user.done('associateIpAddress', { zoneid })['ipaddress']).toMatchObject({
    associatednetworkname: 'isolated',
  });
});

test('the first address of a network that is not up becomes its source NAT address', () => {
  const { world, user } = createNetworkWorld();
  const network = networkNamed(world, 'isolated');
  const { ipaddress } = user.done('associateIpAddress', { networkid: network.id });
  expect(ipaddress).toMatchObject({ issourcenat: true });
  implementNetwork(world, network);
  expect(world.publicIps.where('networkId', network.id)).toHaveLength(1);
});

test('what says too little or too much is refused', () => {
  const zone = createNetworkWorld();
  const { world, user, admin, other } = zone;
  const zoneid = world.zones.all()[0]!.id;
  const ask = (client: TestClient, values: Values): [number, string] =>
    unchanged(zone, () => {
      const { httpStatus, errortext } = client.fails('associateIpAddress', values);
      return [httpStatus, errortext];
    });
  expect(ask(user, {})).toEqual([
    431,
    'Unable to figure out zone to assign IP to. Please specify either zoneId, or networkId, or vpcId in the call',
  ]);
  expect(ask(admin, { zoneid })).toEqual([
    431,
    "Account name=admin domain=ROOT doesn't have virtual networks in zone=zone1",
  ]);
  const shared = networkNamed(world, 'shared').id;
  expect(ask(admin, { networkid: shared })).toEqual([
    431,
    'Associate IP address can only be called on the shared networks in the advanced zone with Firewall/Source Nat/Static Nat/Port Forwarding/Load balancing services enabled',
  ]);
  expect(ask(other, { networkid: networkNamed(world, 'isolated').id })[0]).toBe(531);
  world.zones.change(world.zones.all()[0]!, { allocationState: 'Disabled' });
  expect(ask(user, { zoneid })).toEqual([
    531,
    'Cannot perform this operation, Zone is currently disabled',
  ]);
});

test('several isolated networks make the zone ambiguous', () => {
  const [zone] = networkWorld.zones;
  const second = { name: 'second', type: 'Isolated', account: 'bosh' } as const;
  const { world, user } = createNetworkWorld({
    zones: [{ ...zone!, networks: [...zone!.networks!, second] }],
  });
  const zoneid = world.zones.all()[0]!.id;
  expect(user.fails('associateIpAddress', { zoneid }).errortext).toBe(
    'Account has more than one isolated network in the zone',
  );
});

test('a zone without free addresses refuses', () => {
  const zone = withNetworkUp();
  const networkid = networkNamed(zone.world, 'isolated').id;
  for (let count = 0; count < 3; count += 1) zone.user.done('associateIpAddress', { networkid });
  expect(unchanged(zone, () => zone.user.fails('associateIpAddress', { networkid }))).toMatchObject(
    { httpStatus: 533, errortext: 'Insufficient address capacity' },
  );
});

test('users see their own addresses, and free ones when they ask', () => {
  const { world, user, other, admin } = withNetworkUp();
  const networkid = networkNamed(world, 'isolated').id;
  user.done('associateIpAddress', { networkid });
  expect(listed(user)).toEqual(['203.0.113.11', '203.0.113.10']);
  expect(listed(other)).toEqual([]);
  expect(listed(admin)).toEqual([]);
  expect(listed(admin, { listall: true })).toEqual(['203.0.113.11', '203.0.113.10']);
  expect(listed(user, { allocatedonly: false })).toHaveLength(4);
  expect(listed(user, { allocatedonly: false, state: 'free' })).toEqual([
    '203.0.113.13',
    '203.0.113.12',
  ]);
  expect(listed(user, { issourcenat: true })).toEqual(['203.0.113.10']);
  expect(listed(user, { isstaticnat: true })).toEqual([]);
  expect(listed(user, { ipaddress: '203.0.113.11' })).toEqual(['203.0.113.11']);
  expect(listed(user, { keyword: '113.11' })).toEqual(['203.0.113.11']);
  expect(listed(user, { associatednetworkid: networkid })).toHaveLength(2);
  expect(listed(user, { zoneid: world.zones.all()[0]!.id })).toHaveLength(2);
  expect(listed(user, { forvirtualnetwork: false })).toEqual([]);
});

test('an address that is given back is free, and its tags are gone', () => {
  const { world, user, simulator } = withNetworkUp();
  const networkid = networkNamed(world, 'isolated').id;
  const { id } = user.done('associateIpAddress', { networkid })['ipaddress'];
  user.done('createTags', {
    resourcetype: 'PublicIpAddress',
    resourceids: id,
    'tags[0].key': 'a',
    'tags[0].value': '1',
  });
  expect(user.call('listPublicIpAddresses', { id })['publicipaddress'][0].tags).toHaveLength(1);
  const { jobid } = user.call('disassociateIpAddress', { id });
  simulator.kernel.advanceBy(60);
  expect(world.publicIps.require(id).state).toBe('Releasing');
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid)).toMatchObject({ status: 1, result: { success: true } });
  expect(world.publicIps.require(id)).toMatchObject({
    state: 'Free',
    accountId: null,
    networkId: null,
    allocatedMs: null,
  });
  expect(world.tags.all()).toEqual([]);
});

test('an address may be given back by its name, twice, and if nobody has it', () => {
  const { world, user } = withNetworkUp();
  const networkid = networkNamed(world, 'isolated').id;
  const { id, ipaddress } = user.done('associateIpAddress', { networkid })['ipaddress'];
  const first = user.call('disassociateIpAddress', { ipaddress })['jobid'];
  user.done('disassociateIpAddress', { id });
  expect(user.job(first).status).toBe(1);
  user.done('disassociateIpAddress', { id });
  expect(world.publicIps.require(id).state).toBe('Free');
});

test('source NAT addresses, those of others and unclear requests are refused', () => {
  const zone = withNetworkUp();
  const { world, user, other, admin } = zone;
  const sourceNat = world.publicIps.all()[0]!;
  const refused = (client: TestClient, values: Values): [number, string] =>
    unchanged(zone, () => {
      const { status, resultcode, result } = client.run('disassociateIpAddress', values);
      assert.equal(status, 2);
      return [resultcode, result['errortext']];
    });
  const text = 'ip address is used for source nat purposes and can not be disassociated.';
  expect(refused(user, { id: sourceNat.id })).toEqual([530, text]);
  expect(refused(admin, { id: sourceNat.id })).toEqual([530, text]);
  expect(refused(other, { id: sourceNat.id })[1]).toContain('does not have permission');
  expect(refused(user, {})).toEqual([431, 'Please specify either IP address or IP address ID']);
  expect(refused(user, { id: sourceNat.id, ipaddress: '203.0.113.10' })).toEqual([
    431,
    'id parameter is mutually exclusive with ipaddress parameter',
  ]);
  expect(refused(user, { ipaddress: '192.0.2.1' })).toEqual([
    431,
    'Unable to find IP address by IP address=192.0.2.1',
  ]);
});
