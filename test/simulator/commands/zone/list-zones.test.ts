// Proves what zones show to whom, and what the filters select.
import { expect, test } from '@playwright/test';
import { implementNetwork } from '../../../../simulator/world/networks.js';
import { createNetworkWorld, networkNamed } from '../../../support/network-world.js';

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
