// Proves the passwords of VMs: the first start of a VM whose template wants one gives it, its job shows
// it, and nothing else does; with an RSA key it can be had again, for who has the private key; a stopped
// VM gets another one; what stands in the way is refused and changes nothing.
import { constants, privateDecrypt } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { addVm } from '../../../support/network-world.js';
import { testSimulator, type Reply, type TestWorld } from '../../../support/simulator-client.js';
import {
  deployed,
  deployment,
  guestState,
  listed,
  refusedUnchanged,
} from '../../../support/simulator-vms.js';

const RESET = 'resetPasswordForVirtualMachine';
/** Without characters that look alike. */
const DRAWN = /^[A-HJKMNP-Za-km-np-z2-9]{6}$/;

function passwordWorld(passwordEnabled = true): TestWorld {
  const world = testSimulator();
  const { templates } = world.simulator.world;
  templates.change(templates.all()[0]!, { passwordEnabled });
  return world;
}

/** What an RSA key pair of the user lets its owner read of a VM's password. */
function decrypted(world: TestWorld, id: string, key: string): string {
  const { encryptedpassword } = world.user.call('getVMPassword', { id })['password'] as Reply;
  const block = privateDecrypt(
    { key, padding: constants.RSA_NO_PADDING },
    Buffer.from(encryptedpassword as string, 'base64'),
  );
  expect([block[0], block[1]]).toEqual([0, 2]);
  return block.subarray(block.indexOf(0, 2) + 1).toString();
}

test('a deployment shows the password that it gave, and no list does', () => {
  const world = passwordWorld();
  const vm = deployed(world, world.user);
  expect(vm['password']).toMatch(DRAWN);
  expect(vm['passwordenabled']).toBe(true);
  expect(listed(world.user, { id: vm['id'] })).not.toHaveProperty('password');
  world.user.done('stopVirtualMachine', { id: vm['id'] });
  const again = world.user.done('startVirtualMachine', { id: vm['id'] })['virtualmachine'] as Reply;
  expect(again).not.toHaveProperty('password');
});

test('it is the one that the deployer chose', () => {
  const world = passwordWorld();
  expect(deployed(world, world.user, { password: 's3cret' })['password']).toBe('s3cret');
});

test('a VM that was deployed stopped gets its password at its first start', () => {
  const world = passwordWorld();
  const { id, password } = deployed(world, world.user, { startvm: false, password: 's3cret' });
  expect(password).toBeUndefined();
  const vm = world.user.done('startVirtualMachine', { id })['virtualmachine'] as Reply;
  expect(vm['password']).toMatch(DRAWN);
});

test('a template that wants none gives none, whatever the deployer sends', () => {
  const world = passwordWorld(false);
  expect(deployed(world, world.user, { password: 's3cret' })).not.toHaveProperty('password');
});

test('a password with a blank is refused by the job, whose VM is in Error then', () => {
  const world = passwordWorld();
  const outcome = world.user.run('deployVirtualMachine', deployment(world, { password: 'a b' }));
  expect(outcome).toMatchObject({
    status: 2,
    resultcode: 431,
    result: { errortext: 'A valid password for this virtual machine was not provided.' },
  });
  expect(listed(world.admin, { id: outcome.id!, listall: true })?.['state']).toBe('Error');
});

test('the events tell of no password', () => {
  const world = passwordWorld();
  const { id } = deployed(world, world.user, { password: 's3cret' });
  world.user.done('stopVirtualMachine', { id });
  world.user.done(RESET, { id, password: 's3cret2' });
  expect(JSON.stringify(world.simulator.kernel.log.state)).not.toContain('s3cret');
});

test('who has the private key can read the password', () => {
  const world = passwordWorld();
  const { keypair } = world.user.call('createSSHKeyPair', { name: 'mine' });
  const { id } = deployed(world, world.user, { keypair: 'mine', password: 's3cret' });
  const key = (keypair as Reply)['privatekey'] as string;
  expect(decrypted(world, id as string, key)).toBe('s3cret');
  world.user.done('stopVirtualMachine', { id });
  world.user.done(RESET, { id, password: 'another' });
  expect(decrypted(world, id as string, key)).toBe('another');
});

test('with other keys the password that was encrypted for the old ones is gone', () => {
  const world = passwordWorld();
  for (const name of ['mine', 'other']) world.user.call('createSSHKeyPair', { name });
  const { id } = deployed(world, world.user, { keypair: 'mine' });
  world.user.done('stopVirtualMachine', { id });
  world.user.done('resetSSHKeyForVirtualMachine', { id, keypair: 'other' });
  const refused = refusedUnchanged(world, world.user, 'getVMPassword', { id });
  expect(refused).toMatchObject({ httpStatus: 431, cserrorcode: 4350 });
  expect(refused.errortext).toMatch(/^No password found for VM \[VM instance /);
});

test('a VM without keys, and one that is expunged, has no password to tell', () => {
  const world = passwordWorld();
  const { id } = deployed(world, world.user);
  expect(refusedUnchanged(world, world.user, 'getVMPassword', { id }).errortext).toMatch(
    /^No password found for VM /,
  );
  world.admin.done('destroyVirtualMachine', { id, expunge: true });
  expect(refusedUnchanged(world, world.user, 'getVMPassword', { id }).errortext).toBe(
    'No VM found with id [1].',
  );
});

test('a key that is no RSA key cannot encrypt: the start fails, and the VM stays stopped', () => {
  const world = passwordWorld();
  world.user.call('registerSSHKeyPair', { name: 'bad', publickey: 'ssh-rsa AAAAB3NzaC1yc2E=' });
  const { id } = deployed(world, world.user, { keypair: 'bad', startvm: false });
  expect(world.user.run('startVirtualMachine', { id })).toMatchObject({
    resultcode: 530,
    result: { errortext: 'Error encrypting password' },
  });
  expect(listed(world.user, { id })?.['state']).toBe('Stopped');
});

test('a stopped VM gets another password, drawn or chosen', () => {
  const world = passwordWorld();
  const { id } = deployed(world, world.user);
  world.user.done('stopVirtualMachine', { id });
  const reset = (values = {}): Reply =>
    world.user.done(RESET, { id, ...values })['virtualmachine'] as Reply;
  expect(reset()).toMatchObject({ id, state: 'Stopped' });
  expect(reset()['password']).toMatch(DRAWN);
  expect(reset({ password: 'mine' })['password']).toBe('mine');
});

for (const [state, text] of [
  ['Running', /^Vm VM instance .* should be stopped to do password reset$/],
  ['Destroyed', /^Vm VM instance .* should be stopped to do password reset$/],
  ['Error', /^Vm VM instance .* is not in the right state$/],
  ['Expunging', /^Vm VM instance .* is not in the right state$/],
] as const) {
  test(`the password of a VM that is ${state} stays`, () => {
    const world = passwordWorld();
    const vm = addVm(world.simulator.world, state);
    const before = guestState(world);
    const outcome = world.user.run(RESET, { id: vm.id });
    expect(outcome).toMatchObject({ status: 2, resultcode: 431 });
    expect(outcome.result['errortext']).toMatch(text);
    expect(guestState(world)).toBe(before);
  });
}

test('a template without passwords, a VM without a NIC and one that is gone are refused', () => {
  const world = passwordWorld(false);
  const vm = addVm(world.simulator.world);
  expect(world.user.run(RESET, { id: vm.id })).toMatchObject({
    resultcode: 431,
    result: {
      errortext:
        'Fail to reset password for the virtual machine, the template is not password enabled',
    },
  });
  const other = passwordWorld();
  const bare = addVm(other.simulator.world);
  expect(other.user.run(RESET, { id: bare.id })).toMatchObject({
    resultcode: 530,
    result: { errortext: 'Failed to reset password for the virtual machine ' },
  });
  other.simulator.world.vms.remove(bare);
  expect(other.user.run(RESET, { id: bare.id })).toMatchObject({
    resultcode: 431,
    result: { errortext: 'unable to find a virtual machine with id 1' },
  });
});
