// Proves that createVolume makes a volume from a snapshot, as operators restore disks, where it
// lies, and what becomes of it when something goes wrong.
import { expect, test } from '@playwright/test';
import { testSimulator, type TestWorld, type Values } from '../../../support/simulator-client.js';
import {
  allowRunningSnapshots,
  attachedVolume,
  giveToAdmin,
  readyVolume,
  snapshotOf,
} from '../../../support/simulator-snapshots.js';
import { deployed, diskOfferingId, refusedUnchanged } from '../../../support/simulator-vms.js';
import { createdVolume, listedVolume } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

const GIB = 1024 ** 3;

test('a volume from a snapshot is Ready at once, of the size and offering of the first one', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id: snapshotid } = snapshotOf(user, readyVolume(world, user));
  const { id, jobid } = user.call('createVolume', { snapshotid, name: 'restored', size: 99 });
  expect(listedVolume(user, id)).toMatchObject({ state: 'Allocated', size: 10 * GIB });
  simulator.kernel.advanceBy(50);
  expect(listedVolume(user, id)).toMatchObject({ state: 'Creating', jobstatus: 0 });
  simulator.kernel.advanceUntilIdle();
  const { volume } = user.job(jobid).result;
  expect(volume).toMatchObject({
    id,
    name: 'restored',
    type: 'DATADISK',
    state: 'Ready',
    size: 10 * GIB,
    diskofferingname: 'shared.custom',
    snapshotid,
  });
  expect(listedVolume(user, id)).not.toHaveProperty('snapshotid');
  expect(volume).not.toHaveProperty('virtualmachineid');
  assertSound(simulator);
});

test('a snapshot can be restored after its volume is gone', () => {
  const world = testSimulator();
  const { user } = world;
  const volumeid = readyVolume(world, user);
  const { id: snapshotid } = snapshotOf(user, volumeid);
  user.call('deleteVolume', { id: volumeid });
  expect(user.done('createVolume', { snapshotid })['volume']).toMatchObject({ state: 'Ready' });
});

test('with a VM the volume lies near it and is attached', () => {
  const world = testSimulator({ settings: { 'volume.allocation.algorithm': 'userdispersing' } });
  const { user, admin, simulator } = world;
  const { id: volumeid, vmId } = attachedVolume(world, user, {}, 'local.custom');
  const { id: snapshotid } = snapshotOf(user, volumeid);
  const { volume } = user.done('createVolume', { snapshotid, virtualmachineid: vmId });
  expect(volume).toMatchObject({ virtualmachineid: vmId, deviceid: 2, state: 'Ready' });
  expect(listedVolume(admin, (volume as { id: string }).id)).toMatchObject({
    storageid: listedVolume(admin, volumeid)!['storageid'],
  });
  // Of a stopped VM CloudStack takes the cluster alone into account, and then cannot attach.
  user.done('stopVirtualMachine', { id: vmId });
  const elsewhere = user.run('createVolume', { snapshotid, virtualmachineid: vmId });
  expect(listedVolume(user, elsewhere.id!)).toMatchObject({ state: 'Destroy' });
  const { id: shared } = snapshotOf(user, readyVolume(world, user));
  const second = user.done('createVolume', { snapshotid: shared, virtualmachineid: vmId });
  expect(second['volume']).toMatchObject({ virtualmachineid: vmId, deviceid: 4, state: 'Ready' });
  assertSound(simulator);
});

test('of a root disk, the volume is a data disk with the offering of the VM or another', () => {
  const world = testSimulator();
  allowRunningSnapshots(world);
  const { user, simulator } = world;
  const vm = deployed(world, user);
  const root = simulator.world.volumes.where('vmId', vm['id'])[0]!;
  const { id: snapshotid } = snapshotOf(user, root.id);
  expect(user.done('createVolume', { snapshotid })['volume']).toMatchObject({
    type: 'DATADISK',
    serviceofferingname: 'm1.small',
    templateid: root.templateId,
  });
  const diskofferingid = diskOfferingId(world, 'shared.custom');
  expect(
    user.done('createVolume', { snapshotid, diskofferingid, size: 60 })['volume'],
  ).toMatchObject({ diskofferingname: 'shared.custom', size: 60 * GIB });
  expect(refusal(world, { snapshotid, diskofferingid, size: 1 })).toMatch(
    /^Invalid size for volume creation: 1GB, snapshot size is: \d+GB$/,
  );
  assertSound(simulator);
});

test('what createVolume refuses of snapshots, zones and VMs', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const volumeid = readyVolume(world, user);
  const { id: snapshotid } = snapshotOf(user, volumeid);
  const diskofferingid = diskOfferingId(world, 'shared.custom');
  expect(refusal(world, { snapshotid, diskofferingid, size: 20 })).toBe(
    'Disk Offering ID cannot be passed whilst creating volume from snapshot other than ROOT disk snapshots',
  );
  const unfinished = user.call('createSnapshot', { volumeid });
  simulator.kernel.advanceBy(60);
  expect(refusal(world, { snapshotid: unfinished['id'] })).toMatch(
    /^Snapshot Snapshot \{.*\} is not in BackedUp state yet and can't be used for volume creation$/,
  );
  simulator.kernel.advanceUntilIdle();
  user.done('deleteSnapshot', { id: unfinished['id'] });
  expect(refusal(world, { snapshotid: unfinished['id'] })).toMatch(/^Snapshot Snapshot \{/);
  const never = user.run('createSnapshot', { volumeid, quiescevm: true }).id!;
  user.done('deleteSnapshot', { id: never });
  expect(refusal(world, { snapshotid: never })).toMatch(/^unable to find a snapshot with id \d+$/);
  const vm = deployed(world, user);
  user.done('destroyVirtualMachine', { id: vm['id'] });
  expect(refusal(world, { snapshotid, virtualmachineid: vm['id'] })).toBe(
    'Please specify a VM that is either running or stopped.',
  );
  admin.done('expungeVirtualMachine', { id: vm['id'] });
  expect(refusal(world, { snapshotid, virtualmachineid: vm['id'] })).toBe(
    'Please specify a valid User VM.',
  );
  for (const id of ['x', volumeid]) refusal(world, { snapshotid: id });
  giveToAdmin(world, snapshotid as string);
  expect(refusedUnchanged(world, user, 'createVolume', { snapshotid }).httpStatus).toBe(531);
});

test('a volume that finds no room is destroyed, and one text tells it', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id: snapshotid } = snapshotOf(user, readyVolume(world, user));
  for (const { id } of simulator.world.storagePools.all()) {
    world.admin.done('enableStorageMaintenance', { id });
  }
  const outcome = user.run('createVolume', { snapshotid });
  expect(outcome).toMatchObject({ status: 2, resultcode: 530 });
  expect(outcome.result['errortext']).toMatch(/^Failed to create volume: Volume \{/);
  expect(listedVolume(user, outcome.id!)).toMatchObject({ state: 'Destroy' });
});

test('a volume that cannot be attached in the end is destroyed, too', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id: snapshotid } = snapshotOf(user, readyVolume(world, user));
  const ends = [500, 3_500].map((afterMs) => {
    const other = deployed(world, user);
    const { id, jobid } = user.call('createVolume', { snapshotid, virtualmachineid: other['id'] });
    simulator.kernel.advanceBy(afterMs);
    user.call('destroyVirtualMachine', { id: other['id'] });
    simulator.kernel.advanceUntilIdle();
    return [user.job(jobid).status, listedVolume(user, id)?.['state']];
  });
  expect(ends).toEqual([
    [2, 'Destroy'],
    [2, 'Destroy'],
  ]);
  assertSound(simulator);
});

test('a volume that is deleted while it is made stays deleted', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id: snapshotid } = snapshotOf(user, readyVolume(world, user));
  const { id, jobid } = user.call('createVolume', { snapshotid });
  simulator.kernel.advanceBy(60);
  user.call('deleteVolume', { id });
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid)).toMatchObject({
    status: 2,
    result: { errortext: 'Failed to create a volume' },
  });
  expect(user.call('listVolumes', { id })).toEqual({});
  assertSound(simulator);
});

test('a fresh volume has no snapshot', () => {
  const world = testSimulator();
  const id = createdVolume(world, world.user);
  expect(world.simulator.world.volumes.require(id).snapshotId).toBeNull();
});

function refusal(world: TestWorld, values: Values): string {
  const refused = refusedUnchanged(world, world.user, 'createVolume', values);
  expect(refused.httpStatus).toBe(431);
  return refused.errortext;
}
