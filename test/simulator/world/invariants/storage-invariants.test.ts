// Proves that the invariants of volumes and snapshots hold while snapshots are taken, and that each
// notices what it is there for.
import { expect, test } from '@playwright/test';
import { NO_IMAGE } from '../../../../simulator/world/storage/stored-images.js';
import { checkInvariants } from '../../../../simulator/world/invariants/invariants.js';
import type { SnapshotPolicyRow, SnapshotStoreRow } from '../../../../simulator/world/entities.js';
import {
  beginCopyTo,
  beginInSecondary,
  beginOnPool,
  finishRemoval,
  storesOf,
} from '../../../../simulator/world/storage/snapshot-stores.js';
import type { World } from '../../../../simulator/world/world.js';
import {
  testSimulator,
  type TestClient,
  type TestWorld,
} from '../../../support/simulator-client.js';
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

function imageOf(world: World, snapshotId: string): SnapshotStoreRow {
  return storesOf(world, snapshotId).find(({ role }) => role === 'Image')!;
}

function policyOf(world: World, user: TestClient, volumeid: string): SnapshotPolicyRow {
  const values = { intervaltype: 'HOURLY', schedule: '0', timezone: 'GMT', maxsnaps: 1 };
  user.call('createSnapshotPolicy', { volumeid, ...values });
  return world.snapshotPolicies.all()[0]!;
}

/** Has a snapshot be taken without its volume knowing. */
function beginToTake(world: World, snapshotId: string): void {
  const snapshot = world.snapshots.require(snapshotId);
  beginOnPool(world, snapshot, world.storagePools.all()[0]!);
  world.snapshots.move(snapshot, 'CreateRequested');
}

/** Of a copy of a volume: ids of its own, and no pool. */
const fresh = { id: 'a-copy', internalId: 99, poolId: null };

const violations: Readonly<Record<string, (s: Situation) => RegExp>> = {
  'a template is ready that has not come': ({ simulator: { world } }) => {
    world.templateZones.change(world.templateZones.all()[0]!, { downloadState: 'DOWNLOAD_ERROR' });
    return /^image \S+ is Ready and DOWNLOAD_ERROR$/;
  },
  'an image outlives its template': ({ simulator: { world } }) => {
    world.templates.remove(world.templates.all()[0]!);
    return /^image \S+ is of template \S+, which is gone$/;
  },
  'a volume that is at work has no pool': ({ simulator: { world }, volumeId }) => {
    const volume = world.volumes.require(volumeId);
    world.volumes.move(volume, 'MigrationRequested');
    world.volumes.change(volume, { poolId: null });
    return /^volume \S+ is Migrating without a pool$/;
  },
  'a detached volume has a device id': ({ simulator: { world }, volumeId }) => {
    world.volumes.change(world.volumes.require(volumeId), { deviceId: 1 });
    return /^volume \S+ is device 1 of no VM$/;
  },
  'an attached volume has no device id': ({ simulator: { world }, volumeId }) => {
    const [vm] = world.vms.all();
    world.volumes.change(world.volumes.require(volumeId), { vmId: vm!.id });
    return /^volume \S+ is no device of VM \S+$/;
  },
  'a volume is to be uploaded to nowhere': ({ simulator: { world }, volumeId }) => {
    world.volumes.insert({ ...world.volumes.require(volumeId), ...fresh, state: 'NotUploaded' });
    return /^volume \S+ is NotUploaded and has 0 images$/;
  },
  'a volume is uploaded to a pool': ({ simulator: { world }, volumeId }) => {
    const { poolId, zoneId } = world.volumes.require(volumeId);
    const values = { ...world.volumes.require(volumeId), ...fresh, state: 'NotUploaded' } as const;
    const volume = world.volumes.insert({ ...values, poolId });
    world.volumeImages.insert({
      ...NO_IMAGE,
      volumeId: volume.id,
      zoneId,
      url: null,
      checksum: null,
    });
    return /^volume \S+ is NotUploaded on \S+$/;
  },
  'something is kept of a volume that is gone': ({ simulator: { world }, volumeId, user }) => {
    const { zoneId } = world.volumes.require(volumeId);
    user.call('deleteVolume', { id: volumeId });
    world.volumeImages.insert({ ...NO_IMAGE, volumeId, zoneId, url: null, checksum: null });
    return /^image \S+ is of volume \S+, which is gone$/;
  },
  'a volume is Snapshotting for nothing': ({ simulator: { world }, volumeId }) => {
    world.volumes.move(world.volumes.require(volumeId), 'SnapshotRequested');
    return /^volume \S+ is Snapshotting while 0 snapshots of it are Creating$/;
  },
  'a snapshot is taken of a volume at rest': ({ simulator: { world }, volumeId, user }) => {
    const { id } = user.call('createSnapshot', { volumeid: volumeId });
    beginToTake(world, id as string);
    return /^volume \S+ is Ready while 1 snapshots of it are Creating$/;
  },
  'a snapshot is taken of a volume that is gone': ({ simulator: { world }, volumeId, user }) => {
    const { id } = user.call('createSnapshot', { volumeid: volumeId });
    user.call('deleteVolume', { id: volumeId });
    beginToTake(world, id as string);
    return /^snapshot \S+ is Creating and its volume \S+ is removed$/;
  },
  'a finished snapshot takes nothing': ({ simulator: { world }, snapshotId }) => {
    world.snapshotStores.change(imageOf(world, snapshotId), { physicalSizeBytes: 0 });
    return /^store \S+ is Image Ready and takes 0 bytes$/;
  },
  'a snapshot on a pool takes something': ({ simulator: { world }, snapshotId }) => {
    const onPool = storesOf(world, snapshotId).find(({ role }) => role === 'Primary')!;
    world.snapshotStores.change(onPool, { physicalSizeBytes: 1 });
    return /^store \S+ is Primary Ready and takes 1 bytes$/;
  },
  'a snapshot that is not begun is somewhere': ({ simulator: { world }, volumeId, user }) => {
    const { id } = user.call('createSnapshot', { volumeid: volumeId });
    beginInSecondary(world, world.snapshots.require(id as string));
    return /^snapshot \S+ is Allocated and on Image Creating$/;
  },
  'a finished snapshot is nowhere': ({ simulator: { world }, snapshotId }) => {
    finishRemoval(world, storesOf(world, snapshotId));
    return /^snapshot \S+ is BackedUp and on no store$/;
  },
  'a snapshot is twice in one place': ({ simulator: { world }, snapshotId }) => {
    beginCopyTo(world, world.snapshots.require(snapshotId), world.zones.all()[0]!);
    return /^stores \S+ and \S+ are of one snapshot in one place: \S+ Image \S+$/;
  },
  'what is in secondary storage has a pool': ({ simulator: { world }, snapshotId }) => {
    world.snapshotStores.change(imageOf(world, snapshotId), { poolId: 'pool' });
    return /^store \S+ is Image and has pool pool$/;
  },
  'a policy is never due': ({ simulator: { world }, volumeId, user }) => {
    world.snapshotPolicies.change(policyOf(world, user, volumeId), { dueMs: null });
    return /^policy \S+ is never due$/;
  },
  'a policy is hidden and due': ({ simulator: { world }, volumeId, user }) => {
    world.snapshotPolicies.change(policyOf(world, user, volumeId), { isDisplayed: false });
    return /^policy \S+ is hidden and due$/;
  },
  'a policy outlives its volume': ({ simulator: { world }, volumeId, user }) => {
    world.snapshotPolicies.change(policyOf(world, user, volumeId), { volumeId: 'nothing' });
    return /^policy \S+ is for volume nothing, which is removed$/;
  },
  'two policies do the same': ({ simulator: { world }, volumeId, user }) => {
    const { schedule, timezone, ...rest } = policyOf(world, user, volumeId);
    const { interval, maxSnaps, isDisplayed, zoneIds, dueMs, jobId } = rest;
    world.snapshotPolicies.insert({
      ...{ volumeId, schedule, timezone, interval, maxSnaps, isDisplayed, zoneIds, dueMs, jobId },
    });
    return /^policies \S+ and \S+ both take HOURLY snapshots of volume \S+$/;
  },
  'a destroyed snapshot is still there': ({ simulator: { world }, snapshotId }) => {
    const snapshot = world.snapshots.require(snapshotId);
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
    finishRemoval(world, storesOf(world, snapshotId));
    world.snapshots.remove(world.snapshots.require(snapshotId));
    return /^tag \S+ belongs to \S+, which is removed$/;
  },
};

for (const [what, corrupt] of Object.entries(violations)) {
  test(what, () => {
    const s = situation();
    const sentence = corrupt(s);
    const found = checkInvariants(s.simulator.world);
    expect(found[0]).toMatch(sentence);
  });
}

test('a snapshot may outlive its volume', () => {
  const { simulator, user, volumeId } = situation();
  user.call('deleteVolume', { id: volumeId });
  assertSound(simulator);
});
