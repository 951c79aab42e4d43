// Proves groups of VMs: they are made by name or by the first VM that wants to be in one, renamed, listed
// and deleted without harm to their VMs; a VM is in one at most, keeps it until it is expunged, and is found
// by it; names are taken once in an account, and other accounts' groups are out of reach.
import { expect, test } from '@playwright/test';
import { testSimulator, type Reply, type TestWorld } from '../../../support/simulator-client.js';
import {
  deployed,
  listed,
  listedNames,
  networkId,
  refusedUnchanged,
} from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

function created({ user }: TestWorld, name: string): string {
  return (user.call('createInstanceGroup', { name })['instancegroup'] as Reply)['id'] as string;
}

function names(world: TestWorld, values = {}): string[] {
  const { instancegroup = [] } = world.user.call('listInstanceGroups', values);
  return (instancegroup as Reply[]).map((group) => group['name'] as string);
}

test('a group is made, renamed, listed and deleted', () => {
  const world = testSimulator();
  const { user } = world;
  const { instancegroup } = user.call('createInstanceGroup', { name: 'web' });
  expect(instancegroup).toMatchObject({ name: 'web', account: 'bosh', domain: 'ROOT' });
  const id = (instancegroup as Reply)['id'] as string;
  created(world, 'db');
  expect(names(world)).toEqual(['web', 'db']);
  expect(names(world, { name: 'WEB' })).toEqual(['web']);
  expect(names(world, { keyword: 'd' })).toEqual(['db']);
  expect(names(world, { id })).toEqual(['web']);
  user.call('updateInstanceGroup', { id, name: 'front' });
  expect(names(world)).toEqual(['front', 'db']);
  expect(user.call('deleteInstanceGroup', { id })).toEqual({ success: true });
  expect(names(world)).toEqual(['db']);
});

test('a deployment makes the group that it names, and finds it the next time', () => {
  const world = testSimulator();
  const { user } = world;
  const first = deployed(world, user, { name: 'a', group: 'web' });
  const second = deployed(world, user, { name: 'b', group: 'Web' });
  deployed(world, user, { name: 'c' });
  expect(first).toMatchObject({ group: 'web' });
  expect(second['groupid']).toBe(first['groupid']);
  expect(names(world)).toEqual(['web']);
  expect(listedNames(user, { groupid: first['groupid'] })).toEqual(['a', 'b']);
});

test('a VM moves to another group, and outlives it', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = deployed(world, user, { group: 'web' });
  const { virtualmachine } = user.call('updateVirtualMachine', { id, group: 'db' });
  expect(virtualmachine).toMatchObject({ group: 'db' });
  user.call('deleteInstanceGroup', { id: (virtualmachine as Reply)['groupid'] });
  expect(listed(user, { id })).not.toHaveProperty('group');
  expect(names(world)).toEqual(['web']);
  assertSound(simulator);
});

test('a destroyed VM keeps its group, an expunged one does not', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { id, groupid } = deployed(world, user, { group: 'web' });
  user.done('destroyVirtualMachine', { id });
  expect(simulator.world.vms.count('groupId', groupid as string)).toBe(1);
  admin.done('expungeVirtualMachine', { id });
  expect(simulator.world.vms.require(id as string).groupId).toBeNull();
});

test('a name is taken once in an account', () => {
  const world = testSimulator();
  const { user } = world;
  created(world, 'web');
  const id = created(world, 'db');
  expect(refusedUnchanged(world, user, 'createInstanceGroup', { name: 'WEB' }).errortext).toMatch(
    /^Unable to create vm group, a group with name WEB already exists for account Acc/,
  );
  expect(refusedUnchanged(world, user, 'updateInstanceGroup', { id, name: 'web' })).toMatchObject({
    httpStatus: 431,
    errortext: 'Unable to update vm group, a group with name web already exists for account',
  });
  expect(user.call('updateInstanceGroup', { id, name: 'db' })['instancegroup']).toMatchObject({
    name: 'db',
  });
});

test("groups that are gone and other accounts' groups are refused", () => {
  const world = testSimulator();
  const { user, admin } = world;
  const vm = deployed(world, admin, { group: 'mine', networkids: networkId(world, 'NET_SHARED') });
  for (const command of ['updateInstanceGroup', 'deleteInstanceGroup']) {
    const refused = refusedUnchanged(world, user, command, { id: vm['groupid'] });
    expect(refused.httpStatus).toBe(531);
  }
  const id = created(world, 'web');
  user.call('deleteInstanceGroup', { id });
  expect(refusedUnchanged(world, user, 'deleteInstanceGroup', { id }).errortext).toBe(
    'unable to find a vm group with id 2',
  );
  expect(refusedUnchanged(world, user, 'updateInstanceGroup', { id }).errortext).toBe(
    'unable to find a vm group with specified groupId',
  );
});

test('an account takes its groups and its user data with it', () => {
  const world = testSimulator();
  const { admin, simulator } = world;
  created(world, 'web');
  world.user.call('registerUserData', { name: 'a', userdata: 'QQ==' });
  const account = simulator.world.accounts.all().find(({ name }) => name === 'bosh')!;
  admin.done('deleteAccount', { id: account.id });
  expect([simulator.world.instanceGroups.all(), simulator.world.userData.all()]).toEqual([[], []]);
});
