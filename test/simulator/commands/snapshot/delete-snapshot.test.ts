// Proves that deleteSnapshot removes a snapshot and its tags, in which states it refuses to, and
// that snapshots and volumes part without harm.
import { expect, test } from '@playwright/test';
import { testSimulator, type Reply } from '../../../support/simulator-client.js';
import {
  giveToAdmin,
  listedSnapshot,
  readyVolume,
  snapshotOf,
} from '../../../support/simulator-snapshots.js';
import { refusedUnchanged } from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

test('a deleted snapshot is gone, and so are its tags', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const volumeid = readyVolume(world, user);
  const { id } = snapshotOf(user, volumeid, { 'tags[0].key': 'a', 'tags[0].value': '1' });
  const { jobid } = user.call('deleteSnapshot', { id });
  simulator.kernel.advanceBy(50);
  expect(listedSnapshot(user, id)).toMatchObject({ state: 'Destroying' });
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid).result).toEqual({ success: true });
  expect(user.call('listSnapshots', { id })).toEqual({});
  expect(user.call('listTags', { resourceid: id })).toEqual({});
  assertSound(simulator);
});

test('without a secondary storage VM it is gone all the same: nobody is told of what stays behind', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { zones, accounts } = simulator.world;
  const { id } = snapshotOf(user, readyVolume(world, user));
  const used = (): unknown => {
    const account = accounts.all().find(({ name }) => name === 'bosh')!.id;
    return (admin.call('listAccounts', { id: account })['account'] as Reply[])[0]![
      'secondarystoragetotal'
    ];
  };
  const before = used();
  zones.change(zones.all()[0]!, { secondaryStorageVmUp: false });
  expect(user.done('deleteSnapshot', { id })).toEqual({ success: true });
  expect(user.call('listSnapshots', { id })).toEqual({});
  expect(used()).not.toBe(before);
  assertSound(simulator);
});

test('a snapshot outlives its volume, and the volume its snapshot', () => {
  const world = testSimulator();
  const { user } = world;
  const volumeid = readyVolume(world, user);
  const [first, second] = [snapshotOf(user, volumeid), snapshotOf(user, volumeid)];
  expect(user.done('deleteSnapshot', { id: first['id'] })).toEqual({ success: true });
  expect(user.call('listVolumes', { id: volumeid })).toMatchObject({ count: 1 });
  user.call('deleteVolume', { id: volumeid });
  expect(listedSnapshot(user, second['id'])).toMatchObject({
    volumeid,
    volumename: 'disk',
    volumestate: 'Expunged',
    revertable: false,
  });
  expect(user.done('deleteSnapshot', { id: second['id'] })).toEqual({ success: true });
  assertSound(world.simulator);
});

test('the second deletion fails in its job, by a text that names the snapshot', () => {
  const world = testSimulator();
  const { user } = world;
  const { id } = snapshotOf(user, readyVolume(world, user));
  user.done('deleteSnapshot', { id });
  expect(user.run('deleteSnapshot', { id })).toMatchObject({
    status: 2,
    resultcode: 431,
    result: {
      errortext: expect.stringMatching(/^Snapshot \[Snapshot \{.*\}\] is already destroyed$/),
    },
  });
});

test('two deletions at once both succeed', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = snapshotOf(user, readyVolume(world, user));
  const jobs = [1, 2].map(() => user.call('deleteSnapshot', { id })['jobid']);
  simulator.kernel.advanceUntilIdle();
  expect(jobs.map((job) => user.job(job).status)).toEqual([1, 1]);
  assertSound(simulator);
});

test('a snapshot that never came to be goes at once, and then nobody knows it', () => {
  const world = testSimulator();
  const { user } = world;
  const volumeid = readyVolume(world, user);
  const { id } = user.run('createSnapshot', { volumeid, quiescevm: true });
  expect(listedSnapshot(user, id!)).toMatchObject({ state: 'Allocated' });
  const { internalId } = world.simulator.world.snapshots.require(id!);
  const zoneid = world.simulator.world.zones.all()[0]!.id;
  expect(user.run('deleteSnapshot', { id: id!, zoneid }).result['errortext']).toBe(
    'Failed to delete snapshot:com.cloud.exception.InvalidParameterValueException: Snapshot in Allocated can not be deleted for a zone',
  );
  expect(user.done('deleteSnapshot', { id: id! })).toEqual({ success: true });
  expect(user.run('deleteSnapshot', { id: id! })).toMatchObject({
    resultcode: 431,
    result: { errortext: `unable to find a snapshot with id ${internalId}` },
  });
});

test('a snapshot on its way is refused, and its volume, too', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const volumeid = readyVolume(world, user);
  const { id } = user.call('createSnapshot', { volumeid, asyncbackup: true });
  simulator.kernel.advanceBy(1_600);
  const { jobid } = user.call('deleteSnapshot', { id });
  expect(refusedUnchanged(world, user, 'deleteVolume', { id: volumeid })).toMatchObject({
    httpStatus: 431,
    errortext: 'There are snapshot operations in progress on the volume, unable to delete it',
  });
  simulator.kernel.advanceBy(50);
  expect(user.job(jobid)).toMatchObject({
    status: 2,
    resultcode: 530,
    result: {
      errortext: expect.stringMatching(
        /^Failed to delete snapshot:com\.cloud\.exception\.InvalidParameterValueException: Can't delete snapshot Snapshot \{.*\} due to it is in BackingUp Status$/,
      ),
    },
  });
  simulator.kernel.advanceUntilIdle();
  expect(listedSnapshot(user, id)).toMatchObject({ state: 'BackedUp' });
  expect(user.call('deleteVolume', { id: volumeid })).toEqual({ success: true });
});

test('unknown and foreign snapshots, and no id', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const volumeid = readyVolume(world, user);
  for (const id of ['x', volumeid]) {
    expect(refusedUnchanged(world, user, 'deleteSnapshot', { id })).toMatchObject({
      httpStatus: 431,
      errortext: expect.stringContaining(`Invalid parameter id value=${id} due to incorrect long`),
    });
  }
  expect(user.fails('deleteSnapshot').errortext).toBe(
    'Unable to execute API command deletesnapshot due to missing parameter id',
  );
  const { id } = snapshotOf(admin, volumeid);
  giveToAdmin(world, id);
  expect(refusedUnchanged(world, user, 'deleteSnapshot', { id })).toMatchObject({
    httpStatus: 531,
  });
});
