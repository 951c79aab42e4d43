// Proves that destroyVolume leaves a volume that recoverVolume takes back, until the storage cleanup
// deletes it at the time that its settings say; what both refuse; and that updateVolume protects.
import { expect, test } from '@playwright/test';
import { allocatedBytesOf } from '../../../../simulator/world/storage/pool-space.js';
import { rule } from '../../../support/faulty-zone.js';
import { testSimulator, type TestWorld } from '../../../support/simulator-client.js';
import { deployed, deployment, refusedUnchanged } from '../../../support/simulator-vms.js';
import { attached, createdVolume, listedVolume } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

/** A volume that was attached once, so that it is on a pool, and is detached again. */
function volumeOnPool(world: TestWorld): string {
  const { id: vmId } = deployed(world, world.user);
  const id = createdVolume(world, world.user);
  attached(world.user, id, vmId as string);
  world.user.done('detachVolume', { id });
  return id;
}

test('a destroyed volume is listed as such, its room counts as free, and it comes back', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const id = volumeOnPool(world);
  const pool = simulator.world.storagePools.require(simulator.world.volumes.require(id).poolId!);
  const taken = allocatedBytesOf(simulator.world, pool);
  expect(user.done('destroyVolume', { id })['volume']).toMatchObject({
    id,
    state: 'Destroy',
    destroyed: true,
  });
  expect(allocatedBytesOf(simulator.world, pool)).toBe(taken - 10 * 1024 ** 3);
  expect(user.call('recoverVolume', { id })['volume']).toMatchObject({ id, state: 'Ready' });
  expect(allocatedBytesOf(simulator.world, pool)).toBe(taken);
  const { id: vmId } = deployed(world, user);
  expect(attached(user, id, vmId as string)).toMatchObject({ id, virtualmachineid: vmId });
  assertSound(simulator);
});

test('with expunge it is gone at once, on a pool or not', () => {
  const world = testSimulator();
  for (const id of [volumeOnPool(world), createdVolume(world, world.user)]) {
    world.user.done('destroyVolume', { id, expunge: true });
    expect(listedVolume(world.admin, id)).toBeUndefined();
  }
  assertSound(world.simulator);
});

test('the cleanup takes it at its first run after the delay, and leaves the others', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  simulator.world.settings.set('storage.cleanup.delay', 60);
  simulator.world.settings.set('storage.cleanup.interval', 100);
  simulator.kernel.advanceBy(86_400_000);
  const [destroyed, kept] = [volumeOnPool(world), volumeOnPool(world)];
  user.done('destroyVolume', { id: destroyed });
  const { destroyedMs } = simulator.world.volumes.require(destroyed);
  simulator.kernel.advanceBy(60_000 - (simulator.kernel.nowMs - destroyedMs!));
  expect(listedVolume(user, destroyed)?.['state']).toBe('Destroy');
  simulator.kernel.advanceBy(200_000);
  expect(listedVolume(user, destroyed)).toBeUndefined();
  expect(user.fails('recoverVolume', { id: destroyed }).errortext).toMatch(
    /^Unable to find a volume with id \d+$/,
  );
  expect(listedVolume(user, kept)?.['state']).toBe('Ready');
  assertSound(simulator);
});

test('without the cleanup a destroyed volume stays', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  simulator.world.settings.set('storage.cleanup.enabled', false);
  const id = volumeOnPool(world);
  user.done('destroyVolume', { id });
  simulator.kernel.advanceBy(10 * 86_400_000);
  expect(listedVolume(user, id)?.['state']).toBe('Destroy');
});

test('the volume of a VM, one that is on no pool yet, and one that is gone', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id: vmId } = deployed(world, user);
  const [inUse, allocated] = [createdVolume(world, user), createdVolume(world, user)];
  attached(user, inUse, vmId as string);
  const refusals = [
    [inUse, 'Please specify a volume that is not attached to any VM.'],
    [
      allocated,
      'The volume in Allocated/Uploaded state can only be expunged not destroyed/recovered',
    ],
  ] as const;
  for (const [id, errortext] of refusals) {
    expect(user.run('destroyVolume', { id })).toMatchObject({
      status: 2,
      resultcode: 431,
      result: { errorcode: 431, errortext },
    });
    expect(simulator.world.volumes.require(id).state).not.toBe('Destroy');
  }
  expect(refusedUnchanged(world, user, 'recoverVolume', { id: inUse })).toMatchObject({
    errorcode: 431,
    errortext: 'Please specify a volume in Destroy state.',
  });
});

test('users may do neither for good where the setting forbids it, and only with their own', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const id = volumeOnPool(world);
  user.done('destroyVolume', { id });
  simulator.world.settings.set('allow.user.expunge.recover.volume', false);
  expect(refusedUnchanged(world, user, 'recoverVolume', { id })).toMatchObject({
    errorcode: 531,
    errortext:
      'Recovering a volume can only be done by an Admin. Or when the allow.user.expunge.recover.volume key is set.',
  });
  expect(user.run('destroyVolume', { id, expunge: true })).toMatchObject({ resultcode: 530 });
  expect(admin.call('recoverVolume', { id })['volume']).toMatchObject({ state: 'Ready' });
  const foreign = createdVolume(world, admin);
  expect(refusedUnchanged(world, user, 'destroyVolume', { id: foreign }).errorcode).toBe(531);
});

test('a limit that was reached meanwhile is told as a wrong parameter', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const id = volumeOnPool(world);
  user.done('destroyVolume', { id });
  const { domainId } = simulator.world.accounts.all().find(({ name }) => name === 'bosh')!;
  admin.call('updateResourceLimit', {
    resourcetype: 10,
    max: 1,
    account: 'bosh',
    domainid: domainId,
  });
  const { errorcode, errortext } = refusedUnchanged(world, user, 'recoverVolume', { id });
  expect([errorcode, errortext.includes('primary_storage')]).toEqual([431, true]);
});

test('a protected volume is neither destroyed nor deleted; only root admins protect', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const id = volumeOnPool(world);
  expect(user.fails('updateVolume', { id, name: 'other' }).errorcode).toBe(432);
  const changed = admin.done('updateVolume', { id, name: 'other', deleteprotection: true });
  expect(changed['volume']).toMatchObject({ name: 'other', deleteprotection: true });
  const errortext = `Volume [id = ${id}, name = other] has delete protection enabled and cannot be deleted.`;
  expect(user.run('destroyVolume', { id }).result).toMatchObject({ errortext });
  expect(refusedUnchanged(world, user, 'deleteVolume', { id }).errortext).toBe(errortext);
  admin.done('updateVolume', { id, deleteprotection: false });
  expect(user.call('deleteVolume', { id })).toEqual({ success: true });
  expect(admin.run('updateVolume', { id, name: 'late' }).result).toMatchObject({
    errortext: "The volume id doesn't exist",
  });
});

test('what a failed deployment left on no pool does not come back', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  simulator.setFaults(
    rule({ command: 'deployVirtualMachine' }, { effect: 'job-fails', text: 'no host answers' }),
  );
  user.run('deployVirtualMachine', deployment(world));
  const [root] = simulator.world.volumes.all();
  expect([root!.state, root!.poolId]).toEqual(['Destroy', null]);
  expect(refusedUnchanged(world, admin, 'recoverVolume', { id: root!.id })).toMatchObject({
    errorcode: 530,
    errortext: expect.stringMatching(/^Failed to recover volume Volume \{/),
  });
  assertSound(simulator);
});

test('without an id nothing is updated', () => {
  const { admin } = testSimulator();
  expect(admin.fails('updateVolume', { name: 'other' })).toMatchObject({
    errorcode: 431,
    errortext: 'Invalid volume id was provided',
  });
});

test('what a job works on is neither destroyed nor deleted', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const id = volumeOnPool(world);
  const { id: vmId } = deployed(world, user);
  const { jobid } = user.call('attachVolume', { id, virtualmachineid: vmId });
  simulator.kernel.advanceBy(100);
  expect(listedVolume(user, id)).toMatchObject({ state: 'Attaching' });
  expect(refusedUnchanged(world, admin, 'deleteVolume', { id })).toMatchObject({
    errorcode: 530,
    errortext: 'Failed to delete volume',
  });
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid as string).status).toBe(1);
  assertSound(simulator);
});
