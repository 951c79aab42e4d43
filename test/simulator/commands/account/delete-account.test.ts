// What deleting an account takes with it, what keeps it from being deleted, and what happens while
// jobs are still at work for it.
import { expect, test } from '@playwright/test';
import { accountOf, domainOf, projectOf } from '../../../support/identity-world.js';
import { NOTHING, createOwnedWorld, ownedBy, takeThings } from '../../../support/owned-things.js';
import { assertSound } from '../../../support/sound-world.js';

test('users, keys, machines, disks, networks, addresses and templates go with it', () => {
  const world = createOwnedWorld();
  const [admin, diver] = [world.clientOf('admin'), world.clientOf('diver')];
  takeThings(world, diver);
  const { id } = accountOf(world, 'diver');
  expect(ownedBy(world, id)).toMatchObject({ vms: 1, volumes: 3, networks: 1, publicIps: 2 });
  expect(admin.done('deleteAccount', { id })).toEqual({ success: true });
  expect(ownedBy(world, id)).toEqual(NOTHING);
  expect(diver.fails('listZones').httpStatus).toBe(401);
  expect(admin.fails('listAccounts', { id }).errortext).toContain('Unable to find account by id');
  assertSound(world);
});

test('its name is free again', () => {
  const world = createOwnedWorld();
  const admin = world.clientOf('admin');
  admin.done('deleteAccount', { id: accountOf(world, 'diver').id });
  const { account } = admin.call('createAccount', {
    username: 'diver',
    password: 'x',
    email: 'x',
    firstname: 'x',
    lastname: 'x',
    accounttype: 0,
    domainid: domainOf(world, 'ROOT/sub/deep').id,
  });
  expect(account['name']).toBe('diver');
});

test('while a job works for it, what it owns stays; a day later it is gone', () => {
  const world = createOwnedWorld();
  const [admin, diver] = [world.clientOf('admin'), world.clientOf('diver')];
  const vm = takeThings(world, diver);
  diver.call('rebootVirtualMachine', { id: vm });
  const { id } = accountOf(world, 'diver');
  admin.call('deleteAccount', { id });
  world.simulator.kernel.advanceUntilIdle();
  expect(ownedBy(world, id)).toMatchObject({ vms: 1, volumes: 3 });
  expect(world.world.accounts.require(id)).toMatchObject({ needsCleanup: true });
  world.simulator.kernel.advanceBy(86_400_000);
  expect(ownedBy(world, id)).toEqual(NOTHING);
  expect(world.world.accounts.require(id)).toMatchObject({ needsCleanup: false });
  assertSound(world);
});

test('a network that machines of others use stays until they are gone', () => {
  const world = createOwnedWorld();
  const admin = world.clientOf('admin');
  takeThings(world, world.clientOf('worker'));
  const { id } = accountOf(world, 'worker');
  // Another account's machine in the network, as an administrator could have put it there.
  const [network] = world.world.networks.all().filter((row) => row.accountId === id);
  const { virtualmachine } = admin.done('deployVirtualMachine', {
    zoneid: network!.zoneId,
    serviceofferingid: world.world.serviceOfferings.all()[0]!.id,
    templateid: world.world.templates.all()[0]!.id,
    startvm: false,
    networkids: (
      admin.call('createNetwork', {
        name: 'mine',
        zoneid: network!.zoneId,
        networkofferingid: network!.networkOfferingId,
      })['network'] as { id: string }
    ).id,
  });
  const [nic] = world.world.nics.where('vmId', virtualmachine['id'] as string);
  world.world.nics.change(nic!, { networkId: network!.id, ipAddress: '10.1.1.200' });
  admin.done('updateProject', { id: projectOf(world, 'beta').id, swapowner: true });
  world.world.projectMembers.remove(world.world.projectMembers.where('accountId', id)[0]!);
  admin.done('deleteAccount', { id });
  expect(ownedBy(world, id)).toMatchObject({ vms: 0, volumes: 0, networks: 1 });
  admin.done('destroyVirtualMachine', { id: virtualmachine['id'], expunge: true });
  world.simulator.kernel.advanceBy(86_400_000);
  expect(ownedBy(world, id)).toEqual(NOTHING);
});

test('refuses oneself, the first admin, foreign accounts, and those that manage a project', () => {
  const world = createOwnedWorld();
  const [admin, chief] = [world.clientOf('admin'), world.clientOf('chief')];
  const self = accountOf(world, 'chief');
  expect(chief.run('deleteAccount', { id: self.id }).result).toMatchObject({
    errorcode: 431,
    errortext:
      `Deletion of your own account is not allowed. To delete account chief (ID: ${self.id}, Domain: ` +
      `${self.domainId}), request to another user with permissions to perform the operation.`,
  });
  const first = accountOf(world, 'admin').id;
  expect(chief.fails('deleteAccount', { id: first }).httpStatus).toBe(531);
  const worker = accountOf(world, 'worker');
  expect(admin.run('deleteAccount', { id: worker.id }).result['errortext']).toBe(
    `Unable to delete account [${worker.internalId}], because it manages the following project(s): ` +
      `[${projectOf(world, 'beta').internalId}]. Please, remove the account from these projects or ` +
      'demote it to a regular project role first.',
  );
  const purse = projectOf(world, 'beta').accountId;
  expect(admin.run('deleteAccount', { id: purse }).result['errortext']).toBe(
    'The specified account does not exist in the system',
  );
  const keeper = accountOf(world, 'keeper');
  expect(chief.run('deleteAccount', { id: keeper.id }).result['errortext']).toContain(
    'has a lower role type than the user account [keeper,',
  );
  admin.done('deleteAccount', { id: keeper.id });
  expect(admin.done('deleteAccount', { id: keeper.id })).toEqual({ success: true });
});

test('the first admin stays, whoever asks', () => {
  const world = createOwnedWorld();
  const admin = world.clientOf('admin');
  admin.call('createAccount', {
    username: 'second',
    password: 'x',
    email: 'x',
    firstname: 'x',
    lastname: 'x',
    accounttype: 1,
  });
  const user = world.world.users.all().find(({ username }) => username === 'second')!;
  admin.call('registerUserKeys', { id: user.id });
  const second = world.clientOf('second');
  expect(second.run('deleteAccount', { id: accountOf(world, 'admin').id }).result).toMatchObject({
    errorcode: 431,
    errortext: "The account is default and can't be removed",
  });
});
