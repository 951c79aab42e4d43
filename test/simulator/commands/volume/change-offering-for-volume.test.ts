// Proves that changeOfferingForVolume gives a volume another offering, with the size that belongs
// to it, and what it refuses.
import { expect, test } from '@playwright/test';
import {
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import {
  allowRunningSnapshots,
  attachedVolume,
  readyVolume,
} from '../../../support/simulator-snapshots.js';
import { deployed, diskOfferingId, refusedUnchanged } from '../../../support/simulator-vms.js';
import {
  cluster,
  createdVolume,
  listedVolume,
  storageWorld,
} from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

const GIB = 1024 ** 3;

test('a fixed offering brings its size, a custom one needs one; it comes when there is nothing to resize', () => {
  const world = testSimulator();
  const { user } = world;
  const id = readyVolume(world, user);
  const changed = (values: Values): unknown => {
    const { size, diskofferingname, state } = user.done('changeOfferingForVolume', values)[
      'volume'
    ] as Reply;
    return [size, diskofferingname, state];
  };
  const fixed = { id, diskofferingid: diskOfferingId(world, 'DO1 - Small STD') };
  expect(changed(fixed)).toEqual([20 * GIB, 'shared.custom', 'Ready']);
  expect(changed(fixed)).toEqual([20 * GIB, 'DO1 - Small STD', 'Ready']);
  const custom = { id, diskofferingid: diskOfferingId(world, 'ephemeral') };
  expect(refusal(world, custom)).toBe('The new disk offering requires that a size be specified.');
  expect(changed({ ...custom, size: 30 })).toEqual([30 * GIB, 'DO1 - Small STD', 'Ready']);
  expect(changed({ ...custom, size: 30 })).toEqual([30 * GIB, 'ephemeral', 'Ready']);
  assertSound(world.simulator);
});

test('another speed is work for the storage, too, and forgotten; in the database alone it is kept', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const offering = (values: Values): string =>
    (
      admin.call('createDiskOffering', {
        name: 'fast',
        displaytext: 'fast',
        customized: true,
        ...values,
      })['diskoffering'] as Reply
    )['id'] as string;
  const free = offering({ customizediops: true });
  const fixed = offering({ customizediops: false, miniops: 100, maxiops: 200 });
  const changed = (id: string, values: Values): unknown => {
    const { miniops, maxiops, diskofferingid } = user.done('changeOfferingForVolume', {
      id,
      size: 10,
      ...values,
    })['volume'] as Reply;
    return [miniops, maxiops, diskofferingid];
  };
  const own = diskOfferingId(world, 'shared.custom');
  const ready = readyVolume(world, user);
  expect(changed(ready, { diskofferingid: fixed })).toEqual([undefined, undefined, own]);
  expect(changed(ready, { diskofferingid: free })).toEqual([undefined, undefined, free]);
  const allocated = createdVolume(world, user);
  expect(changed(allocated, { diskofferingid: fixed })).toEqual([100, 200, fixed]);
  const chosen = { diskofferingid: free, miniops: 5, maxiops: 6 };
  expect(changed(allocated, chosen)).toEqual([5, 6, free]);
  const refused = (values: Values): string =>
    refusal(world, { id: allocated, diskofferingid: free, size: 10, ...values });
  expect(refused({ miniops: 9, maxiops: 8 })).toBe(
    "The 'miniops' parameter must be less than or equal to the 'maxiops' parameter.",
  );
  const fresh = createdVolume(world, user);
  expect(refusal(world, { id: fresh, diskofferingid: free, size: 10, miniops: 9 })).toBe(
    "Either 'miniops' and 'maxiops' must both be provided or neither must be provided.",
  );
});

test('an offering that is gone is refused', () => {
  const world = testSimulator();
  const id = readyVolume(world, world.user);
  const diskofferingid = diskOfferingId(world, 'ephemeral');
  const { diskOfferings } = world.simulator.world;
  diskOfferings.remove(diskOfferings.require(diskofferingid));
  expect(refusal(world, { id, diskofferingid, size: 10 })).toBe(
    'Requested disk offering has been removed.',
  );
});

test('with the same size only the offering changes, at once', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = attachedVolume(world, user);
  const values = { id, diskofferingid: diskOfferingId(world, 'ephemeral'), size: 10 };
  const { jobid } = user.call('changeOfferingForVolume', values);
  simulator.kernel.advanceBy(50);
  expect(user.job(jobid).result['volume']).toMatchObject({
    size: 10 * GIB,
    diskofferingname: 'ephemeral',
  });
});

test('its job is known to work on the volume however its parameters are named, and the volume', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = attachedVolume(world, user);
  const { internalId } = simulator.world.volumes.require(id);
  for (const [named, size] of [
    [{ ID: id }, 20],
    [{ id: internalId }, 30],
  ] as const) {
    const offering = diskOfferingId(world, 'ephemeral');
    user.call('changeOfferingForVolume', { ...named, DISKOFFERINGID: offering, SIZE: size });
    simulator.kernel.advanceBy(100);
    expect(listedVolume(user, id)).toMatchObject({ state: 'Resizing' });
    assertSound(simulator);
    simulator.kernel.advanceUntilIdle();
  }
});

test('a volume that was never attached changes in the database only', () => {
  const world = testSimulator();
  const id = createdVolume(world, world.user);
  const values = { id, diskofferingid: diskOfferingId(world, 'local.custom'), size: 4 };
  expect(world.user.done('changeOfferingForVolume', { ...values, shrinkok: true })).toMatchObject({
    volume: { size: 4 * GIB, diskofferingname: 'local.custom', state: 'Allocated' },
  });
});

test('the same fixed offering is refused', () => {
  const world = testSimulator();
  const id = readyVolume(world, world.user);
  const values = { id, diskofferingid: diskOfferingId(world, 'DO1 - Small STD') };
  world.user.done('changeOfferingForVolume', values);
  world.user.done('changeOfferingForVolume', values);
  expect(refusal(world, values)).toMatch(
    /^Volume Volume \{.*\} is already having disk offering [-0-9a-f]+$/,
  );
});

test('the new offering must have all storage tags of the old one', () => {
  const world = testSimulator({ world: taggedWorld() });
  const { user } = world;
  const id = createdVolume(world, user, {}, 'fast.custom');
  const offering = world.simulator.world.volumes.require(id).diskOfferingId!;
  const values = { id, diskofferingid: diskOfferingId(world, 'shared.custom'), size: 10 };
  expect(refusal(world, values)).toBe(
    `Selected disk offering ${offering} does not have tags as in existing disk offering of volume ${id}`,
  );
});

test('a volume that its pool would not suit must move, which is not asked for', () => {
  const world = testSimulator({ world: taggedWorld() });
  const { user } = world;
  const vm = deployed(world, user);
  const detached = readyVolume(world, user);
  const attached = createdVolume(world, user);
  user.done('attachVolume', { id: attached, virtualmachineid: vm['id'] });
  for (const id of [detached, attached]) {
    const values = { id, diskofferingid: diskOfferingId(world, 'fast.custom'), size: 10 };
    expect(refusal(world, values)).toBe(
      `Failed to change offering for volume ${id} since automigrate is set to false but volume needs to migrated`,
    );
  }
  // Local or shared counts for attached volumes only.
  const local = { diskofferingid: diskOfferingId(world, 'local.custom'), size: 10 };
  expect(refusal(world, { id: attached, ...local })).toMatch(/^Failed to change offering /);
  expect(user.done('changeOfferingForVolume', { id: detached, ...local })).toMatchObject({
    volume: { diskofferingname: 'local.custom' },
  });
});

test('a resize that fails is told by one text', () => {
  const world = testSimulator({ world: taggedWorld() });
  const id = readyVolume(world, world.user);
  world.simulator.world.settings.set('storage.max.volume.size', 5_000);
  const values = { id, diskofferingid: diskOfferingId(world, 'shared.custom'), size: 1_020 };
  const outcome = world.user.run('changeOfferingForVolume', values);
  expect(outcome).toMatchObject({
    status: 2,
    resultcode: 530,
    result: {
      errortext: `Volume change offering operation failed for volume ID: ${id} due to resize volume operation failed`,
    },
  });
});

test('shrinking, a snapshot on its way, and states that do not allow it', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  allowRunningSnapshots(world);
  const { id } = attachedVolume(world, user);
  const diskofferingid = diskOfferingId(world, 'ephemeral');
  expect(refusal(world, { id, diskofferingid, size: 5, shrinkok: true })).toBe(
    'Unable to shrink volumes of type QCOW2',
  );
  user.call('createSnapshot', { volumeid: id, asyncbackup: true });
  simulator.kernel.advanceBy(1_600);
  const { jobid } = user.call('changeOfferingForVolume', { id, diskofferingid, size: 20 });
  simulator.kernel.advanceBy(60);
  expect(user.job(jobid)).toMatchObject({ resultcode: 530 });
  simulator.kernel.advanceUntilIdle();
  user.done('detachVolume', { id });
  simulator.world.volumes.move(simulator.world.volumes.require(id), 'DestroyRequested');
  expect(refusal(world, { id, diskofferingid, size: 20 })).toBe(
    `Volume should be in ready or allocated state before attempting a resize. Volume ${id} is in state Destroy.`,
  );
  expect(refusal(world, { id, diskofferingid, size: 10 })).toMatch(/^Failed to change offering /);
});

test('removed and foreign volumes fail in the job, unknown ones at once', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const diskofferingid = diskOfferingId(world, 'ephemeral');
  const gone = createdVolume(world, user);
  user.call('deleteVolume', { id: gone });
  expect(user.run('changeOfferingForVolume', { id: gone, diskofferingid, size: 1 })).toMatchObject({
    resultcode: 431,
    result: { errortext: 'No such volume' },
  });
  const foreign = createdVolume(world, admin);
  expect(
    user.run('changeOfferingForVolume', { id: foreign, diskofferingid, size: 20 }),
  ).toMatchObject({ resultcode: 530 });
  expect(listedVolume(admin, foreign)).toMatchObject({ size: 10 * GIB });
  const id = createdVolume(world, user);
  const zone = simulator.world.zones.all()[0]!.id;
  const wrong: Values[] = [
    {},
    { id },
    { diskofferingid },
    { id: 'x', diskofferingid },
    { id: zone, diskofferingid },
    { id, diskofferingid: zone },
    { id, diskofferingid, size: 'big' },
    { id, diskofferingid, size: 20, colour: 'red' },
  ];
  for (const values of wrong) refusedUnchanged(world, user, 'changeOfferingForVolume', values);
});

/** The text with which the job refuses, leaving the volume as it is. */
function refusal(world: TestWorld, values: Values): string {
  const before = listedVolume(world.user, String(values['id']));
  const outcome = world.user.run('changeOfferingForVolume', values);
  expect(outcome).toMatchObject({ status: 2, resultcode: 431 });
  expect(listedVolume(world.user, String(values['id']))).toEqual(before);
  return outcome.result['errortext'] as string;
}

/** A zone with one pool for everything and one for what is tagged. */
function taggedWorld(): ReturnType<typeof storageWorld> {
  return storageWorld(
    {
      pods: [
        {
          name: 'pod1',
          clusters: [
            cluster('cluster1', ['host1'], {
              pools: [
                { name: 'plain', sizeGib: 1_000 },
                { name: 'fast', sizeGib: 500, tags: ['ssd'] },
              ],
            }),
          ],
        },
      ],
    },
    { settings: { 'volume.allocation.algorithm': 'firstfit' } },
  );
}
