// Proves that a setting gets its default back, and an account the value of all.
import { expect, test } from '@playwright/test';
import { accountOf, createIdentityWorld } from '../../../support/identity-world.js';

test('a setting gets its default back', () => {
  const { clientOf } = createIdentityWorld({ settings: { 'custom.diskoffering.size.max': 99 } });
  const admin = clientOf('admin');
  const name = 'custom.diskoffering.size.max';
  const { configuration } = admin.call('resetConfiguration', { name });
  expect(configuration).toMatchObject({ name, value: '1024' });
  expect(admin.call('listCapabilities')['capability'].customdiskofferingmaxsize).toBe(1_024);
});

test('an account has the value of all again', () => {
  const identity = createIdentityWorld();
  const admin = identity.clientOf('admin');
  const values = {
    name: 'allow.user.view.destroyed.vm',
    accountid: accountOf(identity, 'bosh').id,
  };
  const allowed = (): boolean =>
    identity.clientOf('bosh').call('listCapabilities')['capability'].allowuserviewdestroyedvm;
  admin.call('updateConfiguration', { ...values, value: true });
  expect(allowed()).toBe(true);
  expect(admin.call('resetConfiguration', values)['configuration']).toMatchObject({
    value: 'false',
    scope: 'Account',
  });
  expect(allowed()).toBe(false);
  expect(admin.call('resetConfiguration', values)['configuration'].value).toBe('false');
});

test('refused: settings that there are not, resources without a value, and users', () => {
  const identity = createIdentityWorld();
  const { clientOf, world } = identity;
  const before = world.kernel.log.lastSeq;
  const admin = clientOf('admin');
  expect(admin.fails('resetConfiguration', { name: 'x' })).toMatchObject({
    httpStatus: 431,
    errortext: "Config parameter with name x doesn't exist",
  });
  const zoneid = world.zones.all()[0]!.id;
  expect(admin.fails('resetConfiguration', { name: 'expunge.delay', zoneid })).toMatchObject({
    httpStatus: 431,
    errortext: 'Invalid scope id provided for the parameter expunge.delay',
  });
  const accountid = accountOf(identity, 'bosh').id;
  expect(
    admin.fails('resetConfiguration', { name: 'expunge.delay', zoneid, accountid }).errortext,
  ).toContain('cannot handle multiple IDs');
  for (const caller of ['bosh', 'chief']) {
    expect(clientOf(caller).fails('resetConfiguration', { name: 'x' }).httpStatus).toBe(432);
  }
  expect(world.kernel.log.lastSeq).toBe(before);
});
