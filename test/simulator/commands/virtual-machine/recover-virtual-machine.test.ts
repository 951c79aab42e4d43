// Proves recoverVirtualMachine: a destroyed VM is back, Stopped, with what it kept; who may not, VMs in
// other states, and an account that has no room for it any more are refused, and nothing changes.
import { expect, test } from '@playwright/test';
import { addVm } from '../../../support/network-world.js';
import { testSimulator, type TestWorld } from '../../../support/simulator-client.js';
import { deployed, listed, refusedUnchanged } from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

const COMMAND = 'recoverVirtualMachine';

function withDestroyed(settings: Partial<Record<string, boolean>> = {}): {
  world: TestWorld;
  id: string;
} {
  const world = testSimulator();
  const { user, simulator } = world;
  for (const [name, value] of Object.entries(settings)) {
    simulator.world.settings.set(name as 'allow.user.expunge.recover.vm', value === true);
  }
  const { id } = deployed(world, user, {
    name: 'web',
    ipaddress: '10.203.6.10',
    diskofferingid: simulator.world.diskOfferings.all()[0]!.id,
    size: 5,
  });
  user.done('destroyVirtualMachine', { id });
  return { world, id: id as string };
}

test('a destroyed VM is Stopped again, with its address and its root disk, without its data disk', () => {
  const { world, id } = withDestroyed();
  const { admin, user, simulator } = world;
  const { virtualmachine } = admin.call(COMMAND, { id });
  expect(virtualmachine).toMatchObject({ id, state: 'Stopped', ipaddress: '10.203.6.10' });
  expect(listed(user, { id })).toMatchObject({ name: 'web', state: 'Stopped' });
  const volumes = user.call('listVolumes', { virtualmachineid: id })['volume'] as object[];
  expect(volumes).toMatchObject([{ type: 'ROOT', state: 'Ready' }]);
  user.done('startVirtualMachine', { id });
  assertSound(simulator);
});

test('users recover their VMs where the setting lets them', () => {
  const { world, id } = withDestroyed({ 'allow.user.expunge.recover.vm': true });
  expect(world.user.call(COMMAND, { id })['virtualmachine']).toMatchObject({ state: 'Stopped' });
});

test('elsewhere they may not', () => {
  const { world, id } = withDestroyed();
  expect(refusedUnchanged(world, world.user, COMMAND, { id })).toMatchObject({
    httpStatus: 531,
    cserrorcode: 4365,
    errortext:
      'Recovering a vm can only be done by an Admin. Or when the allow.user.expunge.recover.vm key is set.',
  });
});

test('a root volume that was destroyed with the VM comes back with it', () => {
  const { world, id } = withDestroyed({ 'destroy.root.volume.on.vm.destruction': true });
  const { admin, user, simulator } = world;
  const root = simulator.world.volumes.where('vmId', id)[0]!;
  expect(root).toMatchObject({ type: 'ROOT', state: 'Destroy' });
  admin.call(COMMAND, { id });
  expect(root).toMatchObject({ state: 'Ready', vmId: id });
  user.done('startVirtualMachine', { id });
  assertSound(simulator);
});

for (const state of ['Stopped', 'Running', 'Error', 'Expunging'] as const) {
  test(`a VM that is ${state} cannot be recovered`, () => {
    const world = testSimulator();
    const vm = addVm(world.simulator.world, state);
    expect(refusedUnchanged(world, world.admin, COMMAND, { id: vm.id })).toMatchObject({
      httpStatus: 431,
      cserrorcode: 4350,
      errortext: `Vm with id ${vm.id} is not in the right state`,
    });
  });
}

test('an expunged VM is gone', () => {
  const { world, id } = withDestroyed();
  world.admin.done('expungeVirtualMachine', { id });
  expect(refusedUnchanged(world, world.admin, COMMAND, { id })).toMatchObject({
    httpStatus: 431,
    errortext: 'unable to find a virtual machine with id 1',
  });
});

test('the account must have room for it', () => {
  const { world, id } = withDestroyed();
  const { admin, simulator } = world;
  const { name, domainId } = simulator.world.accounts.require(
    simulator.world.vms.require(id).accountId,
  );
  admin.call('updateResourceLimit', { account: name, domainid: domainId, resourcetype: 0, max: 0 });
  const refused = refusedUnchanged(world, admin, COMMAND, { id });
  expect(refused).toMatchObject({ httpStatus: 535, cserrorcode: 4370 });
  expect(refused.errortext).toContain("Maximum amount of resources of Type = 'user_vm'");
});
