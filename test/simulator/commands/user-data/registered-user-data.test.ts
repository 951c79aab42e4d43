// Proves user data that are registered under a name: they are kept as they were sent, given to VMs by id,
// read back and changed; names and contents are taken once in an account; what a VM uses stays.
import { expect, test } from '@playwright/test';
import { addVm } from '../../../support/network-world.js';
import { testSimulator, type Reply, type TestWorld } from '../../../support/simulator-client.js';
import {
  deployed,
  deployment,
  guestState,
  listed,
  listedNames,
  refusedUnchanged,
} from '../../../support/simulator-vms.js';

const HELLO = Buffer.from('hello').toString('base64');
const OTHER = Buffer.from('other').toString('base64');

function registered({ user }: TestWorld, name: string, userdata = HELLO): string {
  const reply = user.call('registerUserData', { name, userdata });
  return (reply['userdata'] as Reply)['id'] as string;
}

function names({ user }: TestWorld, values = {}): string[] {
  const { userdata = [] } = user.call('listUserData', values);
  return (userdata as Reply[]).map((row) => row['name'] as string);
}

test('user data are registered and listed, the newest first', () => {
  const world = testSimulator();
  const values = { name: 'web', userdata: HELLO, params: 'port,host' };
  expect(world.user.call('registerUserData', values)['userdata']).toMatchObject({
    name: 'web',
    userdata: HELLO,
    params: 'port,host',
    account: 'bosh',
  });
  const id = registered(world, 'db', OTHER);
  expect(names(world)).toEqual(['db', 'web']);
  expect(names(world, { id })).toEqual(['db']);
  expect(names(world, { name: 'Web' })).toEqual(['web']);
  expect(names(world, { keyword: 'b' })).toEqual(['db', 'web']);
  expect(names(world, { keyword: 'd' })).toEqual(['db']);
});

test('names and contents are taken once, and must be user data', () => {
  const world = testSimulator();
  registered(world, 'web');
  const refusal = (values: { name: string; userdata: string }): string =>
    refusedUnchanged(world, world.user, 'registerUserData', values).errortext;
  expect(refusal({ name: 'WEB', userdata: OTHER })).toBe(
    'A userdata with name WEB already exists for this account.',
  );
  expect(refusal({ name: 'db', userdata: HELLO })).toBe(
    'Userdata web with same content already exists for this account.',
  );
  expect(refusal({ name: 'db', userdata: '!' })).toBe('User data is not base64 encoded.');
  expect(world.admin.call('registerUserData', { name: 'web', userdata: HELLO })).toBeDefined();
});

test('a VM gets them by id, with the values of their variables', () => {
  const world = testSimulator();
  const userdataid = registered(world, 'web');
  const vm = deployed(world, world.user, {
    name: 'a',
    userdataid,
    'userdatadetails[0].port': '80',
    'userdatadetails[0].host': 'b',
  });
  expect(vm).toMatchObject({
    userdataid,
    userdataname: 'web',
    userdatadetails: '{port=80, host=b}',
  });
  deployed(world, world.user, { name: 'b' });
  expect(listedNames(world.user, { userdataid })).toEqual(['a']);
  expect(listed(world.user, { id: vm['id'], userdata: true })!['userdata']).toBe(HELLO);
  const read = world.user.call('getVirtualMachineUserData', { virtualmachineid: vm['id'] });
  expect(read['virtualmachineuserdata']).toEqual({ virtualmachineid: vm['id'], userdata: HELLO });
});

test('a running VM gets others', () => {
  const world = testSimulator();
  const { id } = deployed(world, world.user, { userdataid: registered(world, 'web') });
  const userdataid = registered(world, 'db', OTHER);
  const { virtualmachine } = world.user.call('updateVirtualMachine', { id, userdataid });
  expect(virtualmachine).toMatchObject({ userdataname: 'db' });
  expect(listed(world.user, { id, userdata: true })!['userdata']).toBe(OTHER);
});

test('both at once are refused', () => {
  const world = testSimulator();
  const userdataid = registered(world, 'web');
  const values = deployment(world, { userdataid, userdata: OTHER });
  expect(refusedUnchanged(world, world.user, 'deployVirtualMachine', values)).toMatchObject({
    httpStatus: 431,
    errortext: 'Both userdata and userdata ID inputs are not allowed, please provide only one',
  });
});

test('what a VM uses cannot be deleted, until the VM is expunged', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const id = registered(world, 'web');
  const vm = deployed(world, user, { userdataid: id });
  expect(refusedUnchanged(world, admin, 'deleteUserData', { id })).toMatchObject({
    httpStatus: 530,
    errortext: 'Userdata web cannot be removed as it is being used by some VMs',
  });
  admin.done('destroyVirtualMachine', { id: vm['id'], expunge: true });
  expect(user.call('deleteUserData', { id })).toEqual({ success: true });
  expect(names(world)).toEqual([]);
  expect(refusedUnchanged(world, user, 'deleteUserData', { id })).toMatchObject({
    httpStatus: 431,
    errortext: `A UserData with id '1' does not exist for account bosh in specified domain id`,
  });
});

test("another account's user data cannot be deleted", () => {
  const world = testSimulator();
  world.admin.call('registerUserData', { name: 'mine', userdata: HELLO });
  const { id } = world.simulator.world.userData.all()[0]!;
  expect(refusedUnchanged(world, world.user, 'deleteUserData', { id }).httpStatus).toBe(531);
});

test('root admins reset the user data of a stopped VM: what is not given is none', () => {
  const world = testSimulator();
  const { admin, simulator } = world;
  const { id } = deployed(world, world.user, { userdataid: registered(world, 'web') });
  const running = refusedUnchanged(world, admin, 'resetUserDataForVirtualMachine', { id });
  expect(running).toMatchObject({ httpStatus: 431, cserrorcode: 4350 });
  expect(running.errortext).toMatch(/^VM VM instance .* should be stopped to do UserData reset$/);
  world.user.done('stopVirtualMachine', { id });
  const { virtualmachine } = admin.call('resetUserDataForVirtualMachine', { id, userdata: OTHER });
  expect(virtualmachine).not.toHaveProperty('userdataid');
  expect(simulator.world.vms.require(id as string).userData).toBe(OTHER);
  admin.call('resetUserDataForVirtualMachine', { id });
  const events = admin.call('listEvents', { type: 'VM.RESETUSERDATA', listall: true });
  expect(events['count']).toBe(2);
  expect(simulator.world.vms.require(id as string).userData).toBeNull();
  expect(world.user.fails('resetUserDataForVirtualMachine', { id }).httpStatus).toBe(432);
});

test('VMs that are gone are told', () => {
  const world = testSimulator();
  const { simulator, user, admin } = world;
  const vm = addVm(simulator.world);
  simulator.world.vms.remove(vm);
  const before = guestState(world);
  expect(user.fails('getVirtualMachineUserData', { virtualmachineid: vm.id }).errortext).toBe(
    'Unable to find virtual machine with id 1',
  );
  expect(admin.fails('resetUserDataForVirtualMachine', { id: vm.id }).errortext).toBe(
    'unable to find a virtual machine by id1',
  );
  expect(guestState(world)).toBe(before);
});
