// Proves that deleteVolume removes a volume for good within the request, with its tags and its
// space, and what it refuses.
import { expect, test } from '@playwright/test';
import { testSimulator, type Values } from '../../../support/simulator-client.js';
import { attachedVolume, snapshotOf } from '../../../support/simulator-snapshots.js';
import { deployed, refusedUnchanged } from '../../../support/simulator-vms.js';
import { attached, createdVolume, listedVolume } from '../../../support/simulator-volumes.js';
import { allocatedBytesOf } from '../../../../simulator/world/storage/pool-space.js';
import { assertSound } from '../../../support/sound-world.js';

test('a volume that was never attached is gone at once', () => {
  const world = testSimulator();
  const id = createdVolume(world, world.user);
  expect(world.user.call('deleteVolume', { id })).toEqual({ success: true });
  expect(world.user.call('listVolumes', { id })).toEqual({});
  expect(world.admin.call('listVolumes', { id })).toEqual({});
});

test('a volume on a pool gives its space back, and its tags vanish', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const vm = deployed(world, user);
  const id = createdVolume(world, user);
  attached(user, id, vm['id']);
  user.done('createTags', {
    resourceids: id,
    resourcetype: 'Volume',
    'tags[0].key': 'director',
    'tags[0].value': 'bosh',
  });
  user.done('detachVolume', { id });
  const pool = simulator.world.storagePools.require(simulator.world.volumes.require(id).poolId!);
  const before = allocatedBytesOf(simulator.world, pool);
  user.call('deleteVolume', { id });
  expect(before - allocatedBytesOf(simulator.world, pool)).toBe(10 * 1024 ** 3);
  expect(simulator.world.tags.where('resourceId', id)).toEqual([]);
  expect(simulator.world.volumes.require(id).state).toBe('Expunged');
  assertSound(simulator);
});

test('an attached volume is refused, whatever its VM does', () => {
  const world = testSimulator();
  const vm = deployed(world, world.user);
  const id = createdVolume(world, world.user);
  attached(world.user, id, vm['id']);
  const refusal = {
    httpStatus: 431,
    wrapper: 'deletevolumeresponse',
    errorcode: 431,
    cserrorcode: 4350,
    errortext: 'Please specify a volume that is not attached to any VM.',
  };
  expect(refusedUnchanged(world, world.user, 'deleteVolume', { id })).toEqual(refusal);
  const root = world.simulator.world.volumes.where('vmId', vm['id'])[0]!;
  world.user.done('destroyVirtualMachine', { id: vm['id'] });
  expect(refusedUnchanged(world, world.user, 'deleteVolume', { id: root.id })).toEqual(refusal);
  // Destroying the VM has detached its data disks.
  expect(world.user.call('deleteVolume', { id })).toEqual({ success: true });
});

test('a volume at work is not deleted, whatever is done to it', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { id } = attachedVolume(world, user);
  user.done('detachVolume', { id });
  const { id: snapshotid } = snapshotOf(user, id);
  const { zones } = simulator.world;
  const mode = 'HTTP_DOWNLOAD';
  for (const [state, command, values] of [
    ['Resizing', 'resizeVolume', { id, size: 20 }],
    ['RevertSnapshotting', 'revertSnapshot', { id: snapshotid }],
    ['Migrating', 'extractVolume', { id, zoneid: zones.all()[0]!.id, mode }],
  ] as [string, string, Values][]) {
    const { jobid } = user.call(command, values);
    simulator.kernel.advanceBy(500);
    expect(listedVolume(user, id)).toMatchObject({ state });
    expect(admin.fails('deleteVolume', { id })).toMatchObject({
      httpStatus: 530,
      errortext: 'Failed to delete volume',
    });
    simulator.kernel.advanceUntilIdle();
    expect(user.job(jobid as string).status).toBe(1);
  }
  user.call('deleteVolume', { id });
  assertSound(simulator);
});

test('the second deletion names the internal id', () => {
  const world = testSimulator();
  const id = createdVolume(world, world.user);
  const { internalId } = world.simulator.world.volumes.require(id);
  world.user.call('deleteVolume', { id });
  expect(refusedUnchanged(world, world.user, 'deleteVolume', { id })).toMatchObject({
    httpStatus: 431,
    errortext: `Unable to find volume with ID: ${String(internalId)}`,
  });
});

test('a volume in state Destroy can still be deleted', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const id = createdVolume(world, user);
  simulator.world.volumes.move(simulator.world.volumes.require(id), 'DestroyRequested');
  expect(listedVolume(user, id)).toMatchObject({ state: 'Destroy', destroyed: true });
  expect(user.call('deleteVolume', { id })).toEqual({ success: true });
});

test('users delete their volumes, whatever the setting says of expunging', () => {
  const world = testSimulator();
  const id = createdVolume(world, world.user);
  world.simulator.world.settings.set('allow.user.expunge.recover.volume', false);
  expect(world.user.call('deleteVolume', { id })).toEqual({ success: true });
});

test("somebody else's volume is refused, a root admin may delete it", () => {
  const world = testSimulator();
  const foreign = createdVolume(world, world.admin);
  expect(refusedUnchanged(world, world.user, 'deleteVolume', { id: foreign })).toMatchObject({
    httpStatus: 531,
    cserrorcode: 4365,
  });
  const own = createdVolume(world, world.user);
  expect(world.admin.call('deleteVolume', { id: own })).toEqual({ success: true });
});

test('without id, and with an id that never was', () => {
  const { user } = testSimulator();
  expect(user.fails('deleteVolume')).toMatchObject({
    httpStatus: 431,
    errortext: 'Unable to execute API command deletevolume due to missing parameter id',
  });
  expect(user.fails('deleteVolume', { id: 'vol-1' }).errortext).toMatch(
    /^Unable to execute API command deletevolume due to invalid value. Invalid parameter id value=vol-1 /,
  );
});
