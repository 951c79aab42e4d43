// Proves that a setting changes how the cloud behaves: at once if it is dynamic, when the management
// server restarts if not, and for one account alone if it is that account's; and that a refusal
// changes nothing.
import { expect, test } from '@playwright/test';
import { accountOf, createIdentityWorld, domainOf } from '../../../support/identity-world.js';
import {
  createOfferingWorld,
  serviceOffering,
  zoneNamed,
} from '../../../support/offering-world.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';

test('a dynamic setting is in force at once', () => {
  const { clientOf } = createIdentityWorld();
  const admin = clientOf('admin');
  const name = 'custom.diskoffering.size.max';
  expect(admin.call('updateConfiguration', { name, value: ' 77 ' })['configuration']).toMatchObject(
    {
      name,
      value: ' 77 ',
      isdynamic: true,
    },
  );
  const { capability } = clientOf('bosh').call('listCapabilities');
  expect(capability.customdiskofferingmaxsize).toBe(77);
  expect(admin.call('listConfigurations', { name })['configuration'][0].value).toBe('77');
});

test('another is shown at once, and in force after a restart of the management server', () => {
  const { simulator, clientOf } = createIdentityWorld();
  const admin = clientOf('admin');
  const name = 'max.account.user.vms';
  const limit = (): number =>
    clientOf('bosh').call('listResourceLimits', { resourcetype: 0 })['resourcelimit'][0].max;
  admin.call('updateConfiguration', { name, value: 3 });
  expect(admin.call('listConfigurations', { name })['configuration'][0].value).toBe('3');
  expect(limit()).toBe(20);
  simulator.setFaults([
    { when: { command: 'listZones' }, then: { effect: 'management-server-restart' } },
  ]);
  admin.send('listZones');
  expect(limit()).toBe(3);
});

test('a value of one account is nobody else’s', () => {
  const cloud = createOfferingWorld();
  const { world, clientOf } = cloud;
  const [bosh, other] = [clientOf('bosh'), clientOf('other')];
  const accountid = accountOf(cloud, 'bosh').id;
  const name = 'allow.user.expunge.recover.vm';
  const values = { name, value: 'TRUE', accountid };
  expect(clientOf('admin').call('updateConfiguration', values)['configuration']).toMatchObject({
    value: 'TRUE',
    scope: 'account',
  });
  expect(bosh.call('listCapabilities')['capability'].allowuserexpungerecovervm).toBe(true);
  expect(other.call('listCapabilities')['capability'].allowuserexpungerecovervm).toBe(false);
  const expunge = (client: TestClient): { status: number } => {
    const vm = client.done('deployVirtualMachine', {
      zoneid: zoneNamed(cloud, 'zone1'),
      templateid: world.templates.all()[0]!.id,
      serviceofferingid: serviceOffering(cloud, 'one'),
      networkids: world.networks.all()[0]!.id,
    })['virtualmachine'] as Reply;
    return client.run('destroyVirtualMachine', { id: vm['id'], expunge: true });
  };
  expect(expunge(bosh).status).toBe(1);
  expect(expunge(other).status).toBe(2);
});

test('without a value it answers with the setting as it is', () => {
  const { clientOf, world } = createIdentityWorld();
  const before = [...world.configurations.all()];
  const { configuration } = clientOf('admin').call('updateConfiguration', {
    name: 'expunge.delay',
  });
  expect(configuration).toMatchObject({ name: 'expunge.delay', defaultvalue: '86400' });
  expect(configuration).not.toHaveProperty('value');
  expect(world.configurations.all()).toEqual(before);
});

test('what a setting cannot be is refused', () => {
  const identity = createIdentityWorld();
  const { clientOf, world } = identity;
  const before = world.kernel.log.lastSeq;
  const refused = (values: Values, caller = 'admin'): Reply =>
    clientOf(caller).fails('updateConfiguration', values);
  const range =
    'The provided value is not valid for this configuration. Please enter an integer in the range: ';
  for (const [name, value, errortext] of [
    ['expunge.dealy', 1, "Config parameter with name expunge.dealy doesn't exist"],
    ['duration.job', 1, "Config parameter with name duration.job doesn't exist"],
    ['dynamic.apichecker.enabled', 'true', 'Restricted configuration update not allowed'],
    ['expunge.delay', 'soon', 'Value [soon] is not a valid [class java.lang.Integer].'],
    ['expunge.delay', '', 'Value [null] is not a valid [class java.lang.Integer].'],
    ['expunge.delay', '2147483648', 'Value [2147483648] is not a valid [class java.lang.Integer].'],
    ['default.page.size', '1.5', 'Value [1.5] is not a valid [class java.lang.Long].'],
    ['allow.duplicate.networkname', 'YES', 'Value [yes] is not a valid [class java.lang.Boolean].'],
    [
      'expunge.interval',
      0,
      'Please enter a positive value for the configuration parameter: [expunge.interval].',
    ],
    [
      'vm.userdata.max.length',
      1_048_577,
      'Please enter a value less than 1048577 for the configuration parameter: [vm.userdata.max.length].',
    ],
    ['max.account.volumes', -2, `${range}[-1-2147483647]`],
    ['ssh.key.length', 1_000, `${range}[512-8192]`],
  ] as const) {
    expect(refused({ name, value })).toMatchObject({ httpStatus: 431, errortext });
  }
  const accountid = accountOf(identity, 'bosh').id;
  expect(refused({ name: 'expunge.delay', value: 1, accountid }).errortext).toBe(
    'Invalid scope id provided for the parameter expunge.delay',
  );
  const name = 'allow.user.expunge.recover.vm';
  const domainid = domainOf(identity, 'ROOT/sub').id;
  expect(refused({ name, value: true, accountid, domainid }).errortext).toBe(
    'cannot handle multiple IDs, provide only one ID corresponding to the scope',
  );
  expect(refused({ name, value: true }, 'chief').errortext).toBe(
    `Invalid scope id provided for the parameter ${name}`,
  );
  expect(refused({ name, value: true, accountid }, 'chief').httpStatus).toBe(531);
  expect(refused({ name, value: true }, 'bosh').httpStatus).toBe(432);
  expect(world.kernel.log.lastSeq).toBe(before);
});

test('an account that is gone is refused', () => {
  const identity = createIdentityWorld();
  const account = accountOf(identity, 'stranger');
  identity.world.accounts.remove(account);
  expect(
    identity.clientOf('admin').fails('updateConfiguration', {
      name: 'allow.user.expunge.recover.vm',
      value: true,
      accountid: account.id,
    }),
  ).toMatchObject({
    httpStatus: 431,
    errortext: `unable to find account by id ${account.internalId}`,
  });
});
