// Proves that the invariants of volumes and snapshots hold while snapshots are taken, and that each
// notices what it is there for.
import { expect, test } from '@playwright/test';
import { checkInvariants } from '../../../../simulator/world/invariants/invariants.js';
import { testSimulator, type TestWorld } from '../../../support/simulator-client.js';
import { readyVolume, snapshotOf } from '../../../support/simulator-snapshots.js';
import { assertSound } from '../../../support/sound-world.js';

interface Situation extends TestWorld {
  readonly volumeId: string;
  readonly snapshotId: string;
}

/** A volume that is attached nowhere, and a snapshot of it. */
function situation(): Situation {
  const world = testSimulator();
  const volumeId = readyVolume(world, world.user);
  const snapshotId = snapshotOf(world.user, volumeId)['id'] as string;
  assertSound(world.simulator);
  return { ...world, volumeId, snapshotId };
}

const violations: Readonly<Record<string, (s: Situation) => RegExp>> = {
  'a volume that is at work has no pool': ({ simulator: { world }, volumeId }) => {
    const volume = world.volumes.require(volumeId);
    world.volumes.move(volume, 'MigrationRequested');
    world.volumes.change(volume, { poolId: null });
    return /^volume \S+ is Migrating without a pool$/;
  },
  'a volume is Snapshotting for nothing': ({ simulator: { world }, volumeId }) => {
    world.volumes.move(world.volumes.require(volumeId), 'SnapshotRequested');
    return /^volume \S+ is Snapshotting while 0 snapshots of it are Creating$/;
  },
  'a snapshot is taken of a volume at rest': ({ simulator: { world }, volumeId, user }) => {
    const { id } = user.call('createSnapshot', { volumeid: volumeId });
    world.snapshots.move(world.snapshots.require(id as string), 'CreateRequested');
    return /^volume \S+ is Ready while 1 snapshots of it are Creating$/;
  },
  'a snapshot is taken of a volume that is gone': ({ simulator: { world }, volumeId, user }) => {
    const { id } = user.call('createSnapshot', { volumeid: volumeId });
    user.call('deleteVolume', { id: volumeId });
    world.snapshots.move(world.snapshots.require(id as string), 'CreateRequested');
    return /^snapshot \S+ is Creating and its volume \S+ is removed$/;
  },
  'a finished snapshot takes nothing': ({ simulator: { world }, snapshotId }) => {
    world.snapshots.change(world.snapshots.require(snapshotId), { physicalSizeBytes: 0 });
    return /^snapshot \S+ is BackedUp and takes 0 bytes$/;
  },
  'an unfinished snapshot takes something': ({ simulator: { world }, volumeId, user }) => {
    const { id } = user.call('createSnapshot', { volumeid: volumeId });
    const snapshot = world.snapshots.require(id as string);
    world.snapshots.change(snapshot, { physicalSizeBytes: 1 });
    return /^snapshot \S+ is Allocated and takes 1 bytes$/;
  },
  'a destroyed snapshot is still there': ({ simulator: { world }, snapshotId }) => {
    const snapshot = world.snapshots.require(snapshotId);
    world.snapshots.change(snapshot, { physicalSizeBytes: 0 });
    world.snapshots.move(snapshot, 'DestroyRequested');
    world.snapshots.move(snapshot, 'OperationSucceeded');
    return /^snapshot \S+ is Destroyed and listed$/;
  },
  'a snapshot is of nothing': ({ simulator: { world }, snapshotId }) => {
    world.snapshots.change(world.snapshots.require(snapshotId), { volumeId: 'nothing' });
    return /^snapshot \S+ is of volume nothing, which never was$/;
  },
  'a tag outlives its snapshot': ({ simulator: { world }, snapshotId, user }) => {
    user.done('createTags', {
      resourcetype: 'Snapshot',
      resourceids: snapshotId,
      'tags[0].key': 'a',
      'tags[0].value': 'b',
    });
    world.snapshots.remove(world.snapshots.require(snapshotId));
    return /^tag \S+ belongs to \S+, which is removed$/;
  },
};

for (const [what, corrupt] of Object.entries(violations)) {
  test(what, () => {
    const s = situation();
    const sentence = corrupt(s);
    const found = checkInvariants(s.simulator.world);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(sentence);
  });
}

test('a snapshot may outlive its volume', () => {
  const { simulator, user, volumeId } = situation();
  user.call('deleteVolume', { id: volumeId });
  assertSound(simulator);
});
