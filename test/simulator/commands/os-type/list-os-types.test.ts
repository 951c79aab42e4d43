// Proves what OS types look like, and that their description is matched as a whole.
import { expect, test } from '@playwright/test';
import { createNetworkWorld } from '../../../support/network-world.js';

test('shows the OS types', () => {
  const { user, world } = createNetworkWorld({ osTypes: ['Other PV (64-bit)', 'CentOS 7'] });
  const { count, ostype } = user.call('listOsTypes');
  expect(count).toBe(3);
  expect(ostype[0]).toMatchObject({
    id: world.osTypes.all()[0]!.id,
    name: 'Other PV (64-bit)',
    description: 'Other PV (64-bit)',
    isuserdefined: false,
  });
});

test('finds one by its description or its id', () => {
  const { user, world } = createNetworkWorld({ osTypes: ['Other PV (64-bit)', 'CentOS 7'] });
  const found = (filter: Record<string, string>): unknown =>
    user.call('listOsTypes', filter)['count'];
  expect(found({ description: 'other pv (64-bit)' })).toBe(1);
  expect(found({ description: 'Other PV' })).toBeUndefined();
  expect(found({ keyword: 'Other' })).toBe(1);
  expect(found({ id: world.osTypes.all()[1]!.id })).toBe(1);
});
