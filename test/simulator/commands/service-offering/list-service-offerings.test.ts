// Proves what compute offerings look like, custom ones too, and what the filters select.
import { expect, test } from '@playwright/test';
import { createNetworkWorld } from '../../../support/network-world.js';

test('shows offerings to everybody alike', () => {
  const { world, admin, user } = createNetworkWorld();
  const { count, serviceoffering } = user.call('listServiceOfferings');
  expect(count).toBe(3);
  expect(serviceoffering[0]).toMatchObject({
    id: world.serviceOfferings.all()[0]!.id,
    name: 'small',
    displaytext: 'small',
    state: 'Active',
    cpunumber: 1,
    cpuspeed: 1_000,
    memory: 512,
    storagetype: 'shared',
    hosttags: 'ssd,x86',
    iscustomized: false,
    rootdisksize: 0,
  });
  expect(serviceoffering[1]).toMatchObject({ storagetype: 'local' });
  expect(admin.call('listServiceOfferings')['serviceoffering']).toEqual(serviceoffering);
});

test('a custom offering has no CPU and no memory', () => {
  const { user } = createNetworkWorld();
  const [custom] = user.call('listServiceOfferings', { name: 'CUSTOM' })['serviceoffering'];
  expect(custom).toMatchObject({ name: 'custom', iscustomized: true });
  expect(custom).not.toHaveProperty('cpunumber');
  expect(custom).not.toHaveProperty('cpuspeed');
  expect(custom).not.toHaveProperty('memory');
});

test('names match as a whole, keywords in part', () => {
  const { user, world } = createNetworkWorld();
  const { id } = world.serviceOfferings.all()[1]!;
  expect(user.call('listServiceOfferings', { name: 'smal' })).toEqual({});
  expect(user.call('listServiceOfferings', { keyword: 'smal' })['count']).toBe(1);
  expect(user.call('listServiceOfferings', { id })['serviceoffering'][0].name).toBe('local');
  expect(user.call('listServiceOfferings', { issystem: true })).toEqual({});
  expect(user.call('listServiceOfferings', { issystem: false, listall: true })['count']).toBe(3);
});

test('an unknown id is refused', () => {
  const { user } = createNetworkWorld();
  const id = '00000000-0000-4000-8000-000000000000';
  expect(user.fails('listServiceOfferings', { id })).toMatchObject({
    httpStatus: 431,
    errortext: expect.stringContaining(`Invalid parameter id value=${id} due to`),
  });
});
