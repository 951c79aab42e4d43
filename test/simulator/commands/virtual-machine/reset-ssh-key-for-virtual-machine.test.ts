// Proves resetSSHKeyForVirtualMachine: a stopped VM gets the keys of other pairs in the place of its
// own; VMs in other states, requests without pairs and pairs that are not there are refused.
import { expect, test } from '@playwright/test';
import { addVm } from '../../../support/network-world.js';
import { testSimulator, type TestWorld, type Values } from '../../../support/simulator-client.js';
import { deployed, listed, networkId, refusedUnchanged } from '../../../support/simulator-vms.js';

const COMMAND = 'resetSSHKeyForVirtualMachine';
const KEYS = [
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAA',
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB',
] as const;

function worldOfPairs(): TestWorld {
  const world = testSimulator();
  world.user.call('registerSSHKeyPair', { name: 'old', publickey: KEYS[0] });
  world.user.call('registerSSHKeyPair', { name: 'new', publickey: KEYS[1] });
  return world;
}

test('new keys replace the old ones, other details stay', () => {
  const world = worldOfPairs();
  const { user } = world;
  const values = { startvm: false, keypair: 'old', 'details[0].rootDiskController': 'scsi' };
  const { id } = deployed(world, user, values);
  const { virtualmachine } = user.done(COMMAND, { id, keypair: 'new' });
  expect(virtualmachine).toMatchObject({ id, keypairs: 'new', state: 'Stopped' });
  expect(listed(user, { id })!['details']).toEqual({
    rootDiskController: 'scsi',
    'SSH.PublicKey': KEYS[1],
    'SSH.KeyPairNames': 'new',
  });
});

for (const [state, text] of [
  ['Running', /^Vm VM instance .* should be stopped to do SSH Key reset$/],
  ['Starting', /^Vm VM instance .* should be stopped to do SSH Key reset$/],
  ['Destroyed', /^Vm VM instance .* should be stopped to do SSH Key reset$/],
  ['Error', /^Vm with specified id is not in the right state$/],
] as const) {
  test(`a VM that is ${state} keeps its keys`, () => {
    const { user, simulator } = worldOfPairs();
    const vm = addVm(simulator.world, state);
    const outcome = user.run(COMMAND, { id: vm.id, keypair: 'new' });
    expect(outcome).toMatchObject({ status: 2, resultcode: 431 });
    expect(outcome.result['errortext']).toMatch(text);
    expect(simulator.world.vms.require(vm.id).details).toEqual({});
  });
}

test('pairs must be given and be there; the VM, too', () => {
  const world = worldOfPairs();
  const { user, admin } = world;
  const { id } = deployed(world, user, { startvm: false });
  const text = (values: Values): unknown => {
    const { resultcode, result } = user.run(COMMAND, { id, ...values });
    expect(resultcode).toBe(431);
    return result['errortext'];
  };
  expect(text({})).toBe("'keypair' or 'keypairs' must be specified");
  expect(text({ keypairs: 'old,nobody' })).toBe('Not all specified keypairs exist');
  admin.done('destroyVirtualMachine', { id, expunge: true });
  expect(text({ keypair: 'old' })).toBe('unable to find a virtual machine by id1');
});

test('foreign and unknown VMs are refused at once, under the wrapper of its own spelling', () => {
  const world = worldOfPairs();
  const { user, admin } = world;
  const networkids = networkId(world, 'NET_SHARED');
  const { id } = deployed(world, admin, { networkids, startvm: false });
  const refused = (values: Values) => refusedUnchanged(world, user, COMMAND, values);
  expect(refused({ id, keypair: 'old' }).httpStatus).toBe(531);
  expect(refused({ id: networkids, keypair: 'old' })).toMatchObject({
    httpStatus: 431,
    wrapper: 'resetSSHKeyforvirtualmachineresponse',
  });
  expect(refused({ keypair: 'old' }).errortext).toBe(
    'Unable to execute API command resetSSHKeyforvirtualmachine due to missing parameter id',
  );
});

test('admins give VMs the keys of their owner by naming that', () => {
  const world = worldOfPairs();
  const { user, admin, simulator } = world;
  const { id } = deployed(world, user, { startvm: false });
  const domainid = simulator.world.domains.all()[0]!.id;
  expect(admin.run(COMMAND, { id, keypair: 'new' }).resultcode).toBe(431);
  admin.done(COMMAND, { id, keypair: 'new', account: 'bosh', domainid });
  expect(listed(user, { id })).toMatchObject({ keypairs: 'new' });
});
