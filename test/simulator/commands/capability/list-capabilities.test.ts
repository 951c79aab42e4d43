// Proves that listCapabilities answers with one object, whose values follow the settings.
import { expect, test } from '@playwright/test';
import { createNetworkWorld } from '../../../support/network-world.js';

test('answers with one object; admins may anyway what users may by a setting', () => {
  const { admin, user } = createNetworkWorld();
  const { capability } = user.call('listCapabilities');
  expect(capability).toMatchObject({
    cloudstackversion: '4.20.2.0',
    securitygroupsenabled: false,
    supportELB: 'false',
    customdiskofferingminsize: 1,
    customdiskofferingmaxsize: 1_024,
    allowuserexpungerecovervm: false,
    allowuserexpungerecovervolume: true,
    allowuserviewdestroyedvm: false,
  });
  expect(admin.call('listCapabilities')).toEqual({
    capability: {
      ...capability,
      allowuserexpungerecovervm: true,
      allowuserviewdestroyedvm: true,
    },
  });
});

test('the values follow the settings', () => {
  const { user } = createNetworkWorld({
    settings: {
      'cloudstack.version': '4.19.1.0',
      'allow.user.expunge.recover.vm': true,
      'custom.diskoffering.size.max': 99,
    },
  });
  expect(user.call('listCapabilities')['capability']).toMatchObject({
    cloudstackversion: '4.19.1.0',
    allowuserexpungerecovervm: true,
    customdiskofferingmaxsize: 99,
  });
});
