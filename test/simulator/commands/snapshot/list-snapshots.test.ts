// Proves what listSnapshots shows to whom, by which filters, and in which order.
import { expect, test } from '@playwright/test';
import { testSimulator, type Reply, type Values } from '../../../support/simulator-client.js';
import {
  giveToAdmin,
  listedSnapshot,
  readyVolume,
  severalZones,
  snapshotOf,
} from '../../../support/simulator-snapshots.js';
import { refusedUnchanged } from '../../../support/simulator-vms.js';
import { createdVolume, listedVolume } from '../../../support/simulator-volumes.js';

function filled(): ReturnType<typeof testSimulator> & { ids: string[]; volumeid: string } {
  const world = testSimulator();
  const volumeid = readyVolume(world, world.user);
  const named = ['one', 'two', 'three'].map((name) => snapshotOf(world.user, volumeid, { name }));
  return { ...world, ids: named.map((row) => row['id'] as string), volumeid };
}

test('filters by volume, name, part of a name, ids, zone and tag', () => {
  const { user, simulator, ids, volumeid } = filled();
  const [one, two, three] = ids as [string, string, string];
  const other = createdVolume({ simulator, user, admin: user }, user);
  user.done('createTags', {
    resourcetype: 'Snapshot',
    resourceids: `${one},${two}`,
    'tags[0].key': 'job',
    'tags[0].value': 'db',
  });
  const found = (values: Record<string, string>): string[] =>
    ((user.call('listSnapshots', values)['snapshot'] as Reply[] | undefined) ?? []).map(
      (row) => row['id'] as string,
    );
  expect(found({})).toEqual([one, two, three]);
  expect(found({ volumeid })).toEqual([one, two, three]);
  expect(found({ volumeid: other })).toEqual([]);
  expect(found({ name: 'TWO' })).toEqual([two]);
  expect(found({ name: 'tw' })).toEqual([]);
  expect(found({ keyword: 'T' })).toEqual([two, three]);
  expect(found({ id: three })).toEqual([three]);
  expect(found({ ids: `${three},${one}` })).toEqual([one, three]);
  expect(found({ zoneid: simulator.world.zones.all()[0]!.id })).toEqual([one, two, three]);
  expect(found({ 'tags[0].key': 'job', 'tags[0].value': 'db' })).toEqual([one, two]);
  expect(found({ snapshottype: 'manual' })).toEqual([one, two, three]);
  expect(found({ snapshottype: 'RECURRING' })).toEqual([]);
  expect(found({ intervaltype: 'nonsense' })).toEqual([one, two, three]);
  expect(found({ intervaltype: 'HOURLY', volumeid })).toEqual([]);
});

test('with showunique=false each store is shown, with what admins alone see of it', () => {
  const world = testSimulator();
  const { admin, user, simulator } = world;
  const { id } = snapshotOf(user, readyVolume(world, user));
  const pool = simulator.world.storagePools.require(
    simulator.world.volumes.require(String(listedSnapshot(user, id)!['volumeid'])).poolId!,
  );
  const rows = (client: typeof user, values: Record<string, unknown> = {}): Reply[] =>
    (client.call('listSnapshots', { id, showunique: false, ...values })['snapshot'] ??
      []) as Reply[];
  const [image, primary] = rows(admin) as [Reply, Reply];
  const onStore = { id, datastorestate: 'Ready', status: 'BackedUp' };
  expect(image).toMatchObject({ ...onStore, datastoretype: 'Image' });
  expect(primary).toMatchObject({
    ...onStore,
    datastoretype: 'Primary',
    datastoreid: pool.id,
    datastorename: pool.name,
    downloaddetails: { downloadPercent: '0', downloadState: '' },
  });
  for (const row of rows(user)) {
    expect(row).toMatchObject(onStore);
    for (const hidden of ['datastoretype', 'datastoreid', 'datastorename', 'physicalsize']) {
      expect(row).not.toHaveProperty(hidden);
    }
  }
  expect(rows(admin, { locationtype: 'primary' })).toEqual([primary]);
  expect(rows(admin, { locationtype: 'Secondary' })).toEqual([image]);
  // Where each snapshot is shown once, the location does not matter, whatever it says.
  expect(rows(admin, { locationtype: 'x', showunique: true })).toEqual([listedSnapshot(admin, id)]);
  expect(listedSnapshot(admin, id)).not.toHaveProperty('datastorestate');
  expect(
    refusedUnchanged(world, admin, 'listSnapshots', { locationtype: 'x', showunique: false }),
  ).toMatchObject({ httpStatus: 431, errortext: 'Invalid locationtype specified, x' });
});

test('on XenServer the pool forgets the snapshots before the last one', () => {
  const world = testSimulator({ world: 'advanced-xenserver' });
  const { admin, user } = world;
  const volumeid = readyVolume(world, user);
  const ids = [snapshotOf(user, volumeid), snapshotOf(user, volumeid)].map(({ id }) => id);
  const roles = ids.map((id) =>
    (admin.call('listSnapshots', { id, showunique: false })['snapshot'] as Reply[]).map(
      (row) => row['datastoretype'],
    ),
  );
  expect(roles).toEqual([['Image'], ['Image', 'Primary']]);
});

test('types that are none, an id with ids, and unknown ids are refused', () => {
  const world = filled();
  const { user, ids, volumeid } = world;
  const refusals: [Record<string, string>, string][] = [
    [{ snapshottype: 'x' }, 'Unsupported snapshot type x'],
    [{ intervaltype: 'x', volumeid }, 'Unsupported snapshot interval type x'],
    [{ id: ids[0]!, ids: ids[1]! }, 'Specify either id or ids but not both parameters'],
  ];
  for (const [values, errortext] of refusals) {
    expect(refusedUnchanged(world, user, 'listSnapshots', values)).toMatchObject({
      httpStatus: 431,
      errortext,
    });
  }
  expect(refusedUnchanged(world, user, 'listSnapshots', { id: volumeid }).errortext).toMatch(
    /^Unable to execute API command listsnapshots due to invalid value\. Invalid parameter id /,
  );
});

test('users see their own snapshots, root admins all that they ask for', () => {
  const world = filled();
  const { user, admin, ids } = world;
  expect(admin.call('listSnapshots')).toEqual({});
  expect(admin.call('listSnapshots', { listall: true })).toMatchObject({ count: 3 });
  expect(listedSnapshot(admin, ids[0]!)).toMatchObject({ account: 'bosh' });
  const foreign = createdVolume(world, admin);
  expect(refusedUnchanged(world, user, 'listSnapshots', { volumeid: foreign })).toMatchObject({
    httpStatus: 531,
  });
  giveToAdmin(world, ids[0]!);
  expect(listedSnapshot(user, ids[0]!)).toBeUndefined();
});

test('the order is that of a text: ten comes before one', () => {
  const world = testSimulator();
  const { user } = world;
  const volumeid = readyVolume(world, user);
  const numbers = Array.from({ length: 10 }, (_, index) => index + 1);
  for (const number of numbers) snapshotOf(user, volumeid, { name: `n${number}` });
  const rows = user.call('listSnapshots')['snapshot'] as Reply[];
  expect(rows.map((row) => row['name'])).toEqual([
    'n10',
    'n1',
    ...numbers.slice(1, 9).map((number) => `n${number}`),
  ]);
});

test('pages count all', () => {
  const { user, ids } = filled();
  const page = user.call('listSnapshots', { page: 2, pagesize: 2 });
  expect(page).toMatchObject({ count: 3, snapshot: [{ id: ids[2] }] });
});

test('in on-poll mode, looking at a snapshot or its volume moves it on, up to its end', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const volumeid = readyVolume(world, user);
  simulator.setClockMode({ kind: 'on-poll' });
  const { id } = user.call('createSnapshot', { volumeid, asyncbackup: true });
  expect(listedSnapshot(user, id)).toMatchObject({ state: 'Creating' });
  expect(listedVolume(user, volumeid)).toMatchObject({ state: 'Ready' });
  expect(user.call('listSnapshots', {})).toMatchObject({ snapshot: [{ state: 'BackingUp' }] });
  const looks = [1, 2, 3].map(() => listedSnapshot(user, id)?.['state']);
  expect(looks.at(-1)).toBe('BackedUp');
});

test('root admins ask for what is on an image store, or on the one with the number of a pool', () => {
  const world = severalZones();
  const { user, admin, simulator, zones } = world;
  const volumeid = readyVolume(world, user);
  const { id } = snapshotOf(user, volumeid);
  const { id: copied } = snapshotOf(user, volumeid, { zoneids: zones[1] });
  const stores = admin.call('listImageStores')['imagestore'] as Reply[];
  const storeIn = (zoneid: string) => stores.find((store) => store['zoneid'] === zoneid)!['id'];
  const found = (values: Values, client = admin): unknown[] => {
    const asked = { listall: true, ...values };
    const rows = client.call('listSnapshots', asked)['snapshot'] as Reply[] | undefined;
    return (rows ?? []).map((row) => [row['id'], row['zonename'], row['datastorename']]);
  };
  expect(found({ imagestoreid: storeIn(zones[1]) })).toEqual([[copied, 'zone1', undefined]]);
  const onEach = { showunique: false, imagestoreid: storeIn(zones[1]) };
  expect(found(onEach)).toEqual([[copied, 'zone2', 'zone2-secondary']]);
  expect(found({ imagestoreid: storeIn(zones[2]) })).toEqual([]);
  const [first, second] = simulator.world.storagePools.all();
  expect([first!.internalId, second!.internalId]).toEqual([1, 2]);
  expect(found({ storageid: first!.id })).toHaveLength(2);
  expect(found({ storageid: second!.id })).toEqual([[copied, 'zone1', undefined]]);
  // Others than root admins have no such parameters.
  expect(found({ imagestoreid: 'none', storageid: 'none' }, user)).toHaveLength(2);
  const unknown = admin.fails('listSnapshots', { imagestoreid: id as string });
  expect(unknown.errortext).toContain('Invalid parameter imagestoreid value=');
});
