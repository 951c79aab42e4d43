// Proves that snapshots of a volume are taken as its policies say while time passes, that the oldest
// go, and that policies rest while they are hidden, their volume is at work or their owner disabled;
// that they are listed, changed and deleted; and what is refused.
import { expect, test } from '@playwright/test';
import { createSimulator } from '../../../../simulator/simulator.js';
import {
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import {
  forceState,
  readyVolume,
  severalZones,
  shownOnStores,
  snapshotOf,
} from '../../../support/simulator-snapshots.js';
import { refusedUnchanged } from '../../../support/simulator-vms.js';
import { createdVolume } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

const HOUR_MS = 3_600_000;
const hourly = { intervaltype: 'HOURLY', schedule: '0', timezone: 'GMT', maxsnaps: 2 };

interface WithVolume extends TestWorld {
  readonly volumeid: string;
}

function withVolume(): WithVolume {
  const world = testSimulator();
  return { ...world, volumeid: readyVolume(world, world.user) };
}

function created({ user, volumeid }: WithVolume, values: Values = {}): Reply {
  return user.call('createSnapshotPolicy', { volumeid, ...hourly, ...values })[
    'snapshotpolicy'
  ] as Reply;
}

/** When the snapshots of the volume were made, the oldest first, by what made them. */
function takenAt({ user, volumeid }: WithVolume): unknown[] {
  const rows = (user.call('listSnapshots', { volumeid })['snapshot'] ?? []) as Reply[];
  return rows
    .map((row) => `${String(row['created']).slice(11, 16)} ${String(row['intervaltype'])}`)
    .sort();
}

test('a policy takes snapshots at its turns, and drops the oldest', () => {
  const world = withVolume();
  const { simulator, volumeid } = world;
  expect(created(world, { schedule: '7' })).toEqual({
    id: expect.any(String),
    volumeid,
    schedule: '7',
    intervaltype: 0,
    maxsnaps: 2,
    timezone: 'GMT',
    zone: [{ id: simulator.world.zones.all()[0]!.id, name: 'zone1' }],
    tags: [],
  });
  simulator.kernel.advanceBy(HOUR_MS);
  // The scheduler looks every five minutes.
  expect(takenAt(world)).toEqual(['00:10 HOURLY']);
  assertSound(simulator);
  simulator.kernel.advanceBy(HOUR_MS);
  expect(takenAt(world)).toEqual(['00:10 HOURLY', '01:10 HOURLY']);
  simulator.kernel.advanceBy(3 * HOUR_MS);
  expect(takenAt(world)).toEqual(['03:10 HOURLY', '04:10 HOURLY']);
  const jobs = simulator.world.jobs.all().filter(({ command }) => command === 'createSnapshot');
  expect(jobs.map(({ accountId }) => accountId)).toEqual(Array(5).fill(jobs[0]!.accountId));
  assertSound(simulator);
});

test('snapshots that callers take are not counted, and stay', () => {
  const world = withVolume();
  const { user, simulator, volumeid } = world;
  snapshotOf(user, volumeid);
  created(world, { maxsnaps: 1 });
  simulator.kernel.advanceBy(3 * HOUR_MS);
  expect(takenAt(world)).toEqual(['00:00 MANUAL', '03:00 HOURLY']);
  const ofType = (values: Values): number =>
    Number(user.call('listSnapshots', values)['count'] ?? 0);
  expect(ofType({ snapshottype: 'RECURRING' })).toBe(1);
  expect(ofType({ snapshottype: 'hourly' })).toBe(1);
  expect(ofType({ snapshottype: 'DAILY' })).toBe(0);
  expect(ofType({ volumeid, intervaltype: 'HOURLY' })).toBe(1);
  expect(ofType({ volumeid, intervaltype: 'RECURRING' })).toBe(0);
});

test('a caller may take one for a policy, which counts as its own', () => {
  const world = withVolume();
  const { user, volumeid } = world;
  const { id: policyid } = created(world, { maxsnaps: 1 });
  const take = () => snapshotOf(user, volumeid, { policyid: policyid as string });
  expect(take()).toMatchObject({ intervaltype: 'HOURLY', snapshottype: 'HOURLY' });
  const { id } = take();
  expect(user.call('listSnapshots', { volumeid })['snapshot']).toMatchObject([{ id }]);
  const zoneids = world.simulator.world.zones.all()[0]!.id;
  expect(
    refusedUnchanged(world, user, 'createSnapshot', {
      volumeid,
      policyid: policyid as string,
      zoneids,
    }),
  ).toMatchObject({
    httpStatus: 431,
    errortext: 'zoneids parameter can not be specified with policyid parameter',
  });
});

test('tags and zones of a policy are those of its snapshots', () => {
  const zones = severalZones();
  const { user, simulator } = zones;
  const world = { ...zones, volumeid: readyVolume(zones, user) };
  const policy = created(world, {
    zoneids: zones.zones[1],
    'tags[0].key': 'job',
    'tags[0].value': 'db',
  });
  expect(policy['tags']).toMatchObject([
    { key: 'job', value: 'db', resourcetype: 'SnapshotPolicy' },
  ]);
  expect(policy['zone']).toMatchObject([{ name: 'zone1' }, { name: 'zone2' }]);
  simulator.kernel.advanceBy(HOUR_MS + 60_000);
  const [snapshot] = user.call('listSnapshots', { volumeid: world.volumeid })[
    'snapshot'
  ] as Reply[];
  expect(snapshot!['tags']).toMatchObject([{ key: 'job', value: 'db' }]);
  expect(shownOnStores(world, snapshot!['id'] as string)).toContainEqual([
    'zone2',
    'Image',
    'Ready',
  ]);
  assertSound(simulator);
});

test('a policy that is created again is changed, without another turn and without its tags', () => {
  const world = withVolume();
  const { user, simulator, volumeid } = world;
  const first = created(world, { 'tags[0].key': 'a', 'tags[0].value': 'b' });
  const second = created(world, { schedule: '30', maxsnaps: 5, timezone: 'Nowhere/At_All' });
  expect(second).toMatchObject({
    id: first['id'],
    schedule: '30',
    maxsnaps: 5,
    timezone: 'GMT',
    tags: [],
  });
  expect(created(world, { intervaltype: 'daily', schedule: '0:3' })).toMatchObject({
    intervaltype: 1,
  });
  simulator.kernel.advanceBy(4 * HOUR_MS);
  // The first turn is the one that was set before; the next ones follow the new schedule.
  expect(takenAt(world)).toEqual([
    '01:00 HOURLY',
    '01:30 HOURLY',
    '02:30 HOURLY',
    '03:00 DAILY',
    '03:30 HOURLY',
  ]);
  const listed = user.call('listSnapshotPolicies', { volumeid });
  expect(listed).toMatchObject({ count: 2 });
  expect(
    user.call('listSnapshotPolicies', { id: first['id'] as string })['snapshotpolicy'],
  ).toEqual([second]);
});

test('a hidden policy rests, and only root admins see it', () => {
  const world = withVolume();
  const { admin, user, simulator, volumeid } = world;
  const { id } = created(world);
  const hidden = admin.done('updateSnapshotPolicy', { id: id as string, fordisplay: false });
  expect(hidden['snapshotpolicy']).toMatchObject({ id, fordisplay: false });
  simulator.kernel.advanceBy(2 * HOUR_MS);
  expect(takenAt(world)).toEqual([]);
  expect(user.call('listSnapshotPolicies', { volumeid })).toEqual({});
  expect(admin.call('listSnapshotPolicies', { volumeid, fordisplay: false })).toMatchObject({
    count: 1,
  });
  // What a user says about it does not count.
  user.done('updateSnapshotPolicy', { id: id as string, fordisplay: true });
  simulator.kernel.advanceBy(2 * HOUR_MS);
  expect(takenAt(world)).toEqual([]);
  admin.done('updateSnapshotPolicy', { id: id as string, fordisplay: true });
  simulator.kernel.advanceBy(HOUR_MS);
  expect(takenAt(world)).toEqual(['05:00 HOURLY']);
});

test('what is refused is tried again at each turn', () => {
  const world = withVolume();
  const { admin, simulator, volumeid } = world;
  created(world);
  const account = simulator.world.accounts.require(
    simulator.world.volumes.require(volumeid).accountId,
  );
  admin.done('disableAccount', { id: account.id, lock: false });
  simulator.kernel.advanceBy(HOUR_MS + 60_000);
  expect(simulator.world.snapshots.all()).toEqual([]);
  admin.call('enableAccount', { id: account.id });
  forceState(world, volumeid, 'Resizing');
  simulator.kernel.advanceBy(300_000);
  expect(simulator.world.snapshots.all()).toEqual([]);
  simulator.world.volumes.move(simulator.world.volumes.require(volumeid), 'OperationSucceeded');
  simulator.kernel.advanceBy(300_000);
  expect(takenAt(world)).toEqual(['01:10 HOURLY']);
});

test('deleted policies take no more, and go with their volume', () => {
  const world = withVolume();
  const { user, simulator, volumeid } = world;
  const [one, two] = [created(world), created(world, { intervaltype: 'DAILY', schedule: '0:1' })];
  simulator.kernel.advanceBy(HOUR_MS + 60_000);
  expect(user.call('deleteSnapshotPolicies', { id: one['id'] as string })).toEqual({
    success: true,
  });
  simulator.kernel.advanceBy(2 * HOUR_MS);
  expect(takenAt(world)).toEqual(['01:00 DAILY', '01:00 HOURLY']);
  user.call('deleteVolume', { id: volumeid });
  expect(simulator.world.snapshotPolicies.all()).toEqual([]);
  assertSound(simulator);
  expect(user.fails('deleteSnapshotPolicies', { ids: two['id'] as string }).errortext).toMatch(
    /^Policy id given: \d+ does not exist$/,
  );
  expect(user.fails('updateSnapshotPolicy', { id: two['id'] as string }).errortext).toBe(
    'Invalid snapshot policy id was provided',
  );
});

test('several are deleted at once, or none', () => {
  const world = withVolume();
  const { user, simulator } = world;
  const [one, two] = [created(world), created(world, { intervaltype: 'DAILY', schedule: '0:1' })];
  expect(user.fails('deleteSnapshotPolicies').errortext).toBe(
    'No policy id (or list of ids) specified.',
  );
  const ids = `${String(one['id'])},${String(two['id'])}`;
  expect(user.call('deleteSnapshotPolicies', { ids })).toEqual({ success: true });
  expect(simulator.world.snapshotPolicies.all()).toEqual([]);
});

test('what createSnapshotPolicy refuses', () => {
  const world = withVolume();
  const { admin, user, simulator, volumeid } = world;
  const { domainid } = (user.call('listAccounts')['account'] as Reply[])[0]! as {
    domainid: string;
  };
  admin.call('updateResourceLimit', { resourcetype: 3, account: 'bosh', domainid, max: 3 });
  const volume = /^Volume \{"id":\d+,.*\}/.source;
  const refusals: readonly [Values, RegExp][] = [
    [{ intervaltype: 'YEARLY' }, /^Unsupported interval type YEARLY$/],
    [
      { intervaltype: 'DAILY', schedule: '5' },
      new RegExp(`${volume} has an invalid schedule \\[5\\] for interval type \\[DAILY\\]\\.$`),
    ],
    [{ maxsnaps: 0 }, /^maxSnaps \[0\] for volume Volume \{.*\} should be greater than 0\.$/],
    [
      { maxsnaps: 9 },
      /^maxSnaps \[9\] for volume Volume \{.*\} exceeds limit \[8\] for interval type \[HOURLY\]\.$/,
    ],
    [
      { maxsnaps: 4 },
      /^Max number of snapshots shouldn't exceed the domain\/account level snapshot limit$/,
    ],
  ];
  for (const [values, text] of refusals) {
    const asked = { volumeid, ...hourly, ...values };
    const { httpStatus, errortext } = refusedUnchanged(world, user, 'createSnapshotPolicy', asked);
    expect([httpStatus, errortext]).toEqual([431, expect.stringMatching(text)]);
  }
  const fresh = createdVolume(world, user, { name: 'fresh' });
  expect(
    refusedUnchanged(world, user, 'createSnapshotPolicy', { volumeid: fresh, ...hourly }),
  ).toMatchObject({
    httpStatus: 431,
    errortext: expect.stringMatching(
      /is not in Ready state but Allocated\. Cannot take snapshot\.$/,
    ),
  });
  const zoneids = simulator.world.zones.all()[0]!.id;
  simulator.world.settings.set('snapshot.backup.to.secondary', false);
  expect(
    refusedUnchanged(world, user, 'createSnapshotPolicy', { volumeid, ...hourly, zoneids }),
  ).toMatchObject({
    httpStatus: 431,
    errortext:
      'Backing up of snapshot has been disabled. Snapshot can not be taken for multiple zones',
  });
  expect(user.fails('listSnapshotPolicies').errortext).toBe('Unable to find a volume with id null');
});

test('the settings say how many are kept and how often the scheduler looks', () => {
  const world = testSimulator({
    settings: { 'snapshot.max.hourly': 3, 'snapshot.poll.interval': 60 },
  });
  const with1 = { ...world, volumeid: readyVolume(world, world.user) };
  expect(
    world.user.fails('createSnapshotPolicy', { volumeid: with1.volumeid, ...hourly, maxsnaps: 4 })
      .errortext,
  ).toContain('exceeds limit [3]');
  created(with1, { schedule: '7' });
  world.simulator.kernel.advanceBy(HOUR_MS);
  expect(takenAt(with1)).toEqual(['00:07 HOURLY']);
});

test('a world that is saved between two turns goes on with the same events', () => {
  const world = withVolume();
  const { simulator } = world;
  created(world);
  simulator.kernel.advanceBy(HOUR_MS + 1_000);
  const other = createSimulator();
  other.load(JSON.parse(JSON.stringify(simulator.save())));
  for (const each of [simulator, other]) each.kernel.advanceBy(3 * HOUR_MS);
  expect(other.kernel.log.state).toEqual(simulator.kernel.log.state);
});
