// Proves that revertSnapshot gives a volume back what it held, and the size that it had, when the
// snapshot was taken; that the guest sees it at its next start; and when it refuses to.
import { expect, test } from '@playwright/test';
import { testSimulator, type Reply, type TestWorld } from '../../../support/simulator-client.js';
import {
  allowRunningSnapshots,
  attachedVolume,
  forceState,
  readyVolume,
  snapshotOf,
} from '../../../support/simulator-snapshots.js';
import { guestState } from '../../../support/simulator-vms.js';
import { listedVolume } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

const GIB = 1024 ** 3;

/** The disk of a guest behind a volume. */
function diskOf({ simulator }: TestWorld, vmId: string, volumeId: string) {
  return simulator.guest(vmId).disks.find((disk) => disk.volumeId === volumeId)!;
}

function refusal(world: TestWorld, id: string): Reply {
  const before = guestState(world);
  const { status, result } = world.user.run('revertSnapshot', { id });
  expect(status).toBe(2);
  expect(guestState(world)).toBe(before);
  return result;
}

test('a reverted volume holds what it held and is as large as it was, and is the same disk', () => {
  const world = testSimulator();
  allowRunningSnapshots(world);
  const { user, simulator } = world;
  const { id: volumeid, vmId } = attachedVolume(world, user);
  const { device, identity } = diskOf(world, vmId, volumeid);
  simulator.guest(vmId).writeFile(device, 'kept', 'one');
  const { id } = snapshotOf(user, volumeid);
  simulator.guest(vmId).writeFile(device, 'kept', 'two');
  simulator.guest(vmId).writeFile(device, 'new', 'three');
  user.done('resizeVolume', { id: volumeid, size: 20 });
  user.done('stopVirtualMachine', { id: vmId });
  const { jobid } = user.call('revertSnapshot', { id });
  simulator.kernel.advanceBy(100);
  expect(listedVolume(user, volumeid)).toMatchObject({ state: 'RevertSnapshotting' });
  assertSound(simulator);
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid)).toMatchObject({
    status: 1,
    result: { snapshot: { id, state: 'BackedUp', virtualsize: 10 * GIB } },
  });
  expect(listedVolume(user, volumeid)).toMatchObject({ state: 'Ready', size: 10 * GIB });
  user.done('startVirtualMachine', { id: vmId });
  expect(diskOf(world, vmId, volumeid)).toMatchObject({ identity, files: { kept: 'one' } });
  expect(diskOf(world, vmId, volumeid).files).not.toHaveProperty('new');
  assertSound(simulator);
});

test('a volume that is attached nowhere is reverted as well', () => {
  const world = testSimulator();
  const volumeid = readyVolume(world, world.user);
  const { id } = snapshotOf(world.user, volumeid);
  expect(world.user.done('revertSnapshot', { id })['snapshot']).toMatchObject({ id, volumeid });
  assertSound(world.simulator);
});

test('a volume is reverted to a snapshot that is deleted meanwhile', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const volumeid = readyVolume(world, user);
  const { id } = snapshotOf(user, volumeid);
  const { jobid } = user.call('revertSnapshot', { id });
  simulator.kernel.advanceBy(100);
  user.call('deleteSnapshot', { id });
  simulator.kernel.advanceBy(100);
  expect(listedVolume(user, volumeid)).toMatchObject({ state: 'RevertSnapshotting' });
  assertSound(simulator);
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid).status).toBe(1);
  expect(listedVolume(user, volumeid)).toMatchObject({ state: 'Ready' });
  assertSound(simulator);
});

test('the VM must be stopped, and the volume Ready', () => {
  const world = testSimulator();
  allowRunningSnapshots(world);
  const { user } = world;
  const { id: volumeid, vmId } = attachedVolume(world, user);
  const { id } = snapshotOf(user, volumeid);
  expect(refusal(world, id)).toEqual({
    errorcode: 431,
    errortext: 'The VM the specified disk is attached to is not in the shutdown state.',
  });
  user.done('stopVirtualMachine', { id: vmId });
  forceState(world, volumeid, 'Resizing');
  expect(refusal(world, id)).toEqual({
    errorcode: 431,
    errortext: 'The volume is not in Ready state.',
  });
});

test('a snapshot that is gone, or whose volume is', () => {
  const world = testSimulator();
  const { user } = world;
  const volumeid = readyVolume(world, user);
  const [first, second] = [snapshotOf(user, volumeid), snapshotOf(user, volumeid)];
  user.done('deleteSnapshot', { id: first['id'] });
  expect(refusal(world, first['id'] as string)).toEqual({
    errorcode: 530,
    errortext: `snapshot ${String(first['name'])} [${String(first['id'])}] does not exists in data store`,
  });
  const failed = user.call('createSnapshot', { volumeid });
  user.run('deleteSnapshot', { id: failed['id'] });
  user.call('deleteVolume', { id: volumeid });
  expect(refusal(world, second['id'] as string)['errortext']).toMatch(/"volume" is null$/);
});

for (const preset of ['advanced-xenserver', 'advanced-vmware']) {
  test(`on ${preset} no volume is reverted`, () => {
    const world = testSimulator({ world: preset });
    const { user } = world;
    const { id } = snapshotOf(user, readyVolume(world, user));
    const { errorcode, errortext } = refusal(world, id);
    expect(errorcode).toBe(530);
    expect(errortext).toMatch(
      /^Revert snapshot command failed for snapshot Snapshot \{.*\}, because this command is supported only for KVM hypervisor$/,
    );
  });
}
