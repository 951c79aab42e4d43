// Proves what zones show to whom, and what the filters select.
import { expect, test } from '@playwright/test';
import { implementNetwork } from '../../../../simulator/world/network/networks.js';
import { createInfrastructureWorld } from '../../../support/infrastructure-world.js';
import { createNetworkWorld, networkNamed } from '../../../support/network-world.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';

test('users do not see the inner addresses of a zone', () => {
  const { admin, user, world } = createNetworkWorld();
  const { count, zone } = user.call('listZones');
  expect(count).toBe(1);
  expect(zone[0]).toMatchObject({
    id: world.zones.all()[0]!.id,
    name: 'zone1',
    networktype: 'Advanced',
    allocationstate: 'Enabled',
    localstorageenabled: true,
    securitygroupsenabled: false,
    tags: [],
  });
  expect(zone[0]).not.toHaveProperty('dns1');
  expect(admin.call('listZones')['zone'][0]).toMatchObject({
    dns1: '8.8.8.8',
    internaldns1: '10.0.0.53',
    guestcidraddress: '10.1.1.0/24',
  });
});

test('the filters select', () => {
  const { user, world } = createNetworkWorld();
  const { id } = world.zones.all()[0]!;
  const found = (filter: Record<string, string>): unknown =>
    user.call('listZones', filter)['count'];
  for (const filter of [{ id }, { ids: id }, { name: 'ZONE1' }, { keyword: 'one' }]) {
    expect(found(filter)).toBe(1);
  }
  expect(found({ networktype: 'advanced' })).toBe(1);
  expect(found({ networktype: 'Basic' })).toBeUndefined();
  expect(found({ name: 'zone' })).toBeUndefined();
  expect(found({ available: 'true' })).toBe(1);
});

test('available=false asks for the zones that the account uses', () => {
  const { user, other, world } = createNetworkWorld();
  expect(user.call('listZones', { available: false })).toEqual({});
  implementNetwork(world, networkNamed(world, 'isolated'));
  expect(user.call('listZones', { available: false })['count']).toBe(1);
  expect(other.call('listZones', { available: false })).toEqual({});
});

test('only root admins see a disabled zone', () => {
  const { admin, user, world } = createNetworkWorld();
  world.zones.change(world.zones.all()[0]!, { allocationState: 'Disabled' });
  expect(user.call('listZones')).toEqual({});
  expect(admin.call('listZones')['zone'][0].allocationstate).toBe('Disabled');
});

test('a zone that is asked for by id or name is shown whatever it is', () => {
  const { user, world } = createNetworkWorld();
  const zone = world.zones.all()[0]!;
  world.zones.change(zone, { allocationState: 'Disabled' });
  expect(user.call('listZones', { id: zone.id })['count']).toBe(1);
  expect(user.call('listZones', { name: zone.name, keyword: 'other' })['count']).toBe(1);
  expect(user.call('listZones', { ids: zone.id })).toEqual({});
});

function zonesOf(client: TestClient, values: Values = {}): string[] {
  return (client.call('listZones', values)['zone'] ?? []).map(({ name }: Reply) => name);
}

test('a private zone is shown to its domain, to those below and to those who rule it', () => {
  const { clientOf, world } = createInfrastructureWorld();
  const domainid = world.domains.all().find(({ path }) => path === 'ROOT/sub')!.id;
  for (const name of ['admin', 'chief', 'keeper', 'worker', 'diver']) {
    expect(zonesOf(clientOf(name))).toEqual(['zone1', 'zone2']);
  }
  for (const name of ['bosh', 'stranger']) expect(zonesOf(clientOf(name))).toEqual(['zone1']);
  expect(zonesOf(clientOf('admin'), { domainid })).toEqual(['zone2']);
  expect(clientOf('admin').call('listZones', { domainid })['zone'][0]).toMatchObject({
    domainid,
    domainname: 'sub',
  });
});

test('capacities are shown to root admins who ask for them', () => {
  const { clientOf } = createInfrastructureWorld();
  const asked = { name: 'zone1', showcapacities: true };
  const names = (clientOf('admin').call('listZones', asked)['zone'][0].capacity as Reply[]).map(
    ({ name }) => name as string,
  );
  expect(names).toEqual(expect.arrayContaining(['CPU', 'MEMORY', 'STORAGE', 'SECONDARY_STORAGE']));
  for (const [name, values] of [
    ['admin', { name: 'zone1' }],
    ['chief', asked],
  ] as const) {
    expect(clientOf(name).call('listZones', values)['zone'][0]).not.toHaveProperty('capacity');
  }
});

test('no zone has tags, and one asks by id or by ids', () => {
  const { user, world } = createNetworkWorld();
  const { id } = world.zones.all()[0]!;
  expect(user.call('listZones', { 'tags[0].key': 'a', 'tags[0].value': 'b' })).toEqual({});
  expect(user.fails('listZones', { id, ids: id })).toMatchObject({ httpStatus: 431 });
});
