// Proves when the expunge thread comes, whom it takes, and that their addresses and names are free
// only then.
import { expect, test } from '@playwright/test';
import { testSimulator, type TestWorld } from '../../../support/simulator-client.js';
import { deployed, deployment, listed, listedNames } from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

/** A world whose thread comes every 100 s for VMs destroyed 60 s before. */
function quickWorld(): TestWorld {
  const world = testSimulator();
  world.simulator.world.settings.set('expunge.delay', 60);
  world.simulator.world.settings.set('expunge.interval', 100);
  // The first run was planned a day ahead, when the world began.
  world.simulator.kernel.advanceBy(86_400_000);
  return world;
}

test('a destroyed VM goes at the first run after its delay, and its address is free then', () => {
  const world = quickWorld();
  const { user, admin, simulator } = world;
  const { id } = deployed(world, user, { name: 'web', ipaddress: '10.203.6.10' });
  user.done('destroyVirtualMachine', { id });
  simulator.kernel.advanceBy(60_000);
  expect(listed(admin, { id })?.['state']).toBe('Destroyed');
  simulator.kernel.advanceBy(100_000);
  expect(admin.call('listVirtualMachines', { id })).toEqual({});
  expect(deployed(world, user, { name: 'web', ipaddress: '10.203.6.10' })['state']).toBe('Running');
  assertSound(simulator);
});

test('the delay is a little longer than its seconds say, and a younger VM waits for the next run', () => {
  const world = quickWorld();
  const { user, admin, simulator } = world;
  const nextRunMs = simulator.kernel.nowMs + 100_000;
  const { id } = deployed(world, user, { startvm: false });
  const destroyedMs = nextRunMs - 61_000;
  simulator.kernel.advanceBy(destroyedMs - simulator.kernel.nowMs - durationMs(world));
  user.done('destroyVirtualMachine', { id });
  expect(simulator.world.vms.require(id).updatedMs).toBe(destroyedMs);
  simulator.kernel.advanceBy(nextRunMs - simulator.kernel.nowMs);
  expect(listed(admin, { id })?.['state']).toBe('Destroyed');
  simulator.kernel.advanceBy(100_000);
  expect(listed(admin, { id })).toBeUndefined();
});

test('VMs in Error and Expunging go, too; others stay', () => {
  const world = quickWorld();
  const { user, simulator } = world;
  deployed(world, user, { name: 'running', ipaddress: '10.203.6.10' });
  deployed(world, user, { name: 'stopped', startvm: false });
  for (const name of ['error', 'expunging']) {
    user.fails('deployVirtualMachine', deployment(world, { name, ipaddress: '10.203.6.10' }));
  }
  user.done('destroyVirtualMachine', { id: listed(user, { name: 'expunging' })!['id'] });
  expect(simulator.world.vms.all().map((vm) => vm.state)).toEqual([
    'Running',
    'Stopped',
    'Error',
    'Expunging',
  ]);
  simulator.kernel.advanceBy(200_000);
  expect(listedNames(world.admin, { listall: true })).toEqual(['running', 'stopped']);
  assertSound(simulator);
});

test('by default nothing goes within a day', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { id } = deployed(world, user);
  user.done('destroyVirtualMachine', { id });
  simulator.kernel.advanceBy(86_400_000);
  expect(listed(admin, { id })?.['state']).toBe('Destroyed');
  simulator.kernel.advanceBy(2 * 86_400_000);
  expect(listed(admin, { id })).toBeUndefined();
});

test('an expunging job that the thread overtakes succeeds all the same', () => {
  const world = quickWorld();
  const { user, admin, simulator } = world;
  simulator.world.settings.set('duration.vm.expunge', 300_000);
  const { id } = deployed(world, user, { startvm: false });
  user.done('destroyVirtualMachine', { id });
  const { jobid: expunge } = admin.call('expungeVirtualMachine', { id });
  simulator.kernel.advanceUntilIdle();
  expect(admin.job(expunge).status).toBe(1);
  expect(listed(admin, { id })).toBeUndefined();
  const removal = simulator.kernel.log
    .after(0)
    .find((row) => row.id === id && row.to === 'removed');
  expect(removal?.cause).toBe('task:vm.expunge-thread');
});

function durationMs({ simulator }: TestWorld): number {
  const { settings } = simulator.world;
  return settings.get('duration.job') + settings.get('duration.vm.destroy');
}
