// Proves what families of operating systems there are, what the filters select, and that OS types
// tell theirs.
import { expect, test } from '@playwright/test';
import { createNetworkWorld } from '../../../support/network-world.js';
import type { Reply } from '../../../support/simulator-client.js';

test('lists the families that CloudStack brings', () => {
  const { user } = createNetworkWorld();
  const { count, oscategory } = user.call('listOsCategories');
  expect(count).toBe(11);
  expect(oscategory[0]).toEqual({ id: expect.any(String), name: 'CentOS' });
  const found = (filter: Record<string, string>): string[] =>
    (user.call('listOsCategories', filter)['oscategory'] ?? []).map(({ name }: Reply) => name);
  expect(found({ id: oscategory[1].id })).toEqual(['Debian']);
  expect(found({ name: 'uSE' })).toEqual(['SUSE']);
  expect(found({ keyword: 'win', name: 'Debian' })).toEqual(['Windows']);
  expect(found({ name: 'BeOS' })).toEqual([]);
});

test('an OS type is of the family whose name its own begins with, or of the others', () => {
  const { user } = createNetworkWorld({
    osTypes: ['Other PV (64-bit)', 'Red Hat Enterprise Linux 9', 'Ubuntu 22.04 LTS', 'CP/M'],
  });
  const types = user.call('listOsTypes')['ostype'] as Reply[];
  expect(types.map(({ oscategoryname }) => oscategoryname as string)).toEqual([
    'Other',
    'RedHat',
    'Ubuntu',
    'Other',
    'None',
  ]);
  const { id } = user.call('listOsCategories', { name: 'Ubuntu' })['oscategory'][0];
  expect(types[2]!['oscategoryid']).toBe(id);
  expect(user.call('listOsTypes', { oscategoryid: id })['ostype']).toEqual([types[2]]);
});
