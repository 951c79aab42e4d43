// Proves what disk offerings look like, custom ones too, and what the filters select.
import { expect, test } from '@playwright/test';
import { createNetworkWorld } from '../../../support/network-world.js';

test('shows fixed and custom offerings', () => {
  const { world, user } = createNetworkWorld();
  const { count, diskoffering } = user.call('listDiskOfferings');
  expect(count).toBe(2);
  expect(diskoffering[0]).toMatchObject({
    id: world.diskOfferings.all()[0]!.id,
    name: 'fixed',
    state: 'Active',
    disksize: 20,
    iscustomized: false,
    storagetype: 'shared',
    tags: 'fast',
  });
  expect(diskoffering[1]).toMatchObject({
    name: 'custom',
    disksize: 0,
    iscustomized: true,
    storagetype: 'local',
  });
  expect(diskoffering[1]).not.toHaveProperty('tags');
});

test('names match as a whole, keywords in part', () => {
  const { user, world } = createNetworkWorld();
  const { id } = world.diskOfferings.all()[1]!;
  expect(user.call('listDiskOfferings', { name: 'fix' })).toEqual({});
  expect(user.call('listDiskOfferings', { name: 'Fixed' })['count']).toBe(1);
  expect(user.call('listDiskOfferings', { keyword: 'fix' })['count']).toBe(1);
  expect(user.call('listDiskOfferings', { id })['diskoffering'][0].name).toBe('custom');
});
