// Proves that a snapshot is copied to the secondary storage of other zones under its id, by
// copySnapshot and by createSnapshot with zoneids; that volumes and templates can be made there; that
// deleteSnapshot takes it out of one zone; and what each refuses, with nothing copied.
import { expect, test } from '@playwright/test';
import type { Reply, Values } from '../../../support/simulator-client.js';
import {
  listedSnapshot,
  readyVolume,
  severalZones,
  shownOnStores,
  snapshotOf,
  type SeveralZones,
} from '../../../support/simulator-snapshots.js';
import { guestState, refusedUnchanged } from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

const GIB = 1024 ** 3;
const inZone1 = [
  ['zone1', 'Image', 'Ready'],
  ['zone1', 'Primary', 'Ready'],
];

function withSnapshot(): SeveralZones & { readonly id: string; readonly volumeid: string } {
  const world = severalZones();
  const volumeid = readyVolume(world, world.user);
  return { ...world, volumeid, id: snapshotOf(world.user, volumeid)['id'] as string };
}

function refusedJob(world: SeveralZones, command: string, values: Values): Reply {
  const before = JSON.stringify(world.simulator.world.snapshotStores.everyRow());
  const { status, result } = world.user.run(command, values);
  expect(status).toBe(2);
  expect(JSON.stringify(world.simulator.world.snapshotStores.everyRow())).toBe(before);
  return result;
}

test('a copy takes time, has the id of the snapshot, and counts against secondary storage', () => {
  const world = withSnapshot();
  const { user, simulator, id, zones } = world;
  const secondaryGib = () =>
    (user.call('listAccounts')['account'] as Reply[])[0]!['secondarystoragetotal'];
  const before = Number(secondaryGib());
  const { jobid } = user.call('copySnapshot', { id, destzoneid: zones[1] });
  simulator.kernel.advanceBy(100);
  expect(shownOnStores(world, id)).toEqual([
    inZone1[0],
    ['zone2', 'Image', 'Creating'],
    inZone1[1],
  ]);
  const copying = user.call('listSnapshots', { id, showunique: false, zoneid: zones[1] });
  expect(copying['snapshot']).toMatchObject([
    {
      status: '0% Downloaded',
      downloaddetails: { downloadPercent: '0', downloadState: 'DOWNLOAD_IN_PROGRESS' },
    },
  ]);
  assertSound(simulator);
  simulator.kernel.advanceBy(5_000);
  const { status, result } = user.job(jobid);
  expect(status).toBe(1);
  expect(result['snapshot']).toMatchObject({
    id,
    zonename: 'zone2',
    state: 'BackedUp',
    status: 'BackedUp',
    datastorestate: 'Ready',
    downloaddetails: { downloadPercent: '100', downloadState: 'DOWNLOADED' },
  });
  expect(result['snapshot']).not.toHaveProperty('physicalsize');
  expect(Number(secondaryGib()) - before).toBe(10);
  expect(listedSnapshot(user, id)).toMatchObject({ zonename: 'zone1', physicalsize: 10 * GIB });
  const there = user.call('listSnapshots', { zoneid: zones[1] });
  expect(there['snapshot']).toMatchObject([{ id, zonename: 'zone2', physicalsize: 10 * GIB }]);
  assertSound(simulator);
});

test('a copy that is there already is not made again, and comes from a named zone', () => {
  const world = withSnapshot();
  const { user, simulator, id, zones } = world;
  const [, two, three] = zones;
  user.done('copySnapshot', { id, destzoneids: `${two},${three}` });
  expect(shownOnStores(world, id)).toHaveLength(4);
  const before = simulator.kernel.nowMs;
  const again = user.done('copySnapshot', { id, destzoneid: three, sourcezoneid: two });
  expect(again['snapshot']).toMatchObject({ zonename: 'zone3' });
  expect(simulator.kernel.nowMs - before).toBeLessThan(5_000);
  expect(shownOnStores(world, id)).toHaveLength(4);
  assertSound(simulator);
});

test('createSnapshot with zoneids copies the snapshot before its job ends, or in the background', () => {
  const world = severalZones();
  const { user, simulator, zones } = world;
  const volumeid = readyVolume(world, user);
  const zoneids = `${zones[1]},${zones[2]}`;
  const { id } = snapshotOf(user, volumeid, { zoneids });
  const everywhere = [
    inZone1[0],
    ['zone2', 'Image', 'Ready'],
    ['zone3', 'Image', 'Ready'],
    inZone1[1],
  ];
  expect(shownOnStores(world, id)).toEqual(everywhere);
  const later = user.call('createSnapshot', { volumeid, zoneids, asyncbackup: true });
  simulator.kernel.advanceBy(1_600);
  expect(user.job(later['jobid'])).toMatchObject({ status: 1 });
  expect(shownOnStores(world, later['id'] as string)).toEqual([
    ['zone1', 'Image', 'Creating'],
    ['zone1', 'Primary', 'Ready'],
  ]);
  simulator.kernel.advanceUntilIdle();
  expect(shownOnStores(world, later['id'] as string)).toEqual(everywhere);
  assertSound(simulator);
});

test('a template is made in the zone of a copy, and deleteSnapshot leaves the other zones', () => {
  const world = withSnapshot();
  const { user, simulator, id, zones } = world;
  const [one, two, three] = zones;
  user.done('copySnapshot', { id, destzoneid: two });
  expect(user.done('deleteSnapshot', { id, zoneid: one })).toEqual({ success: true });
  expect(shownOnStores(world, id)).toEqual([['zone2', 'Image', 'Ready']]);
  expect(listedSnapshot(user, id)).toMatchObject({ state: 'BackedUp', zonename: 'zone2' });
  // Without a copy in the zone of its volume it cannot be reverted to.
  expect(listedSnapshot(user, id)).toMatchObject({ revertable: false });
  expect(user.run('revertSnapshot', { id }).result['errortext']).toMatch(
    /^Revert snapshot command failed for snapshot .* supported only for KVM hypervisor$/,
  );
  assertSound(simulator);
  expect(refusedJob(world, 'deleteSnapshot', { id, zoneid: three })).toEqual({
    errorcode: 530,
    errortext: 'Failed to delete snapshot',
  });
  const volume = user.done('createVolume', { snapshotid: id, name: 'copy', zoneid: two });
  expect(volume['volume']).toMatchObject({ state: 'Ready', zoneid: two });
  expect(user.done('deleteSnapshot', { id, zoneid: two })).toEqual({ success: true });
  expect(user.call('listSnapshots', { id })).toEqual({});
  assertSound(simulator);
});

test('what copySnapshot refuses, all of it in the job', () => {
  const world = withSnapshot();
  const { user, simulator, id, zones } = world;
  const [one, two, three] = zones;
  const refusals: readonly [Values, number, string | RegExp][] = [
    [{ id }, 431, 'Either destzoneid or destzoneids parameters have to be specified.'],
    [
      { id, destzoneid: two, destzoneids: three },
      431,
      'Both destzoneid and destzoneids cannot be specified at the same time.',
    ],
    [{ id, destzoneid: one }, 431, 'Please specify different source and destination zones.'],
    [
      { id, destzoneid: three, sourcezoneid: two },
      431,
      `There is no snapshot ID: ${id} ready on image store`,
    ],
  ];
  for (const [values, errorcode, errortext] of refusals) {
    expect(refusedJob(world, 'copySnapshot', values)).toEqual({ errorcode, errortext });
  }
  simulator.world.zones.change(simulator.world.zones.require(three), {
    allocationState: 'Disabled',
  });
  expect(refusedJob(world, 'copySnapshot', { id, destzoneid: three })).toEqual({
    errorcode: 530,
    errortext: 'Cannot perform this operation, Zone is currently disabled: zone3',
  });
  user.done('deleteSnapshot', { id });
  expect(refusedJob(world, 'copySnapshot', { id, destzoneid: two })).toEqual({
    errorcode: 431,
    errortext: 'Snapshot is not backed up',
  });
});

test('a copy for which the owner has no room fails, unless another zone gets one', () => {
  const world = withSnapshot();
  const { admin, user, simulator, id, zones } = world;
  const [, two, three] = zones;
  const { account, domainid } = listedSnapshot(user, id)!;
  admin.call('updateResourceLimit', { resourcetype: 11, account, domainid, max: 20 });
  const copied = user.done('copySnapshot', { id, destzoneids: `${two},${three}` });
  expect(copied['snapshot']).toMatchObject({ zonename: 'zone2' });
  expect(shownOnStores(world, id)).toHaveLength(3);
  expect(refusedJob(world, 'copySnapshot', { id, destzoneid: three })).toEqual({
    errorcode: 530,
    errortext: 'Failed to copy snapshot',
  });
  assertSound(simulator);
});

test('a copy needs the secondary storage VMs of both zones', () => {
  const world = withSnapshot();
  const { user, simulator, id, zones } = world;
  const [one, two, three] = zones;
  const failed = { errorcode: 530, errortext: 'Failed to copy snapshot' };
  const setUp = (zoneId: string, secondaryStorageVmUp: boolean): void => {
    const { zones: rows } = simulator.world;
    rows.change(rows.require(zoneId), { secondaryStorageVmUp });
  };
  for (const zone of [one, two]) {
    setUp(zone, false);
    expect(refusedJob(world, 'copySnapshot', { id, destzoneid: two })).toEqual(failed);
    setUp(zone, true);
  }
  user.done('copySnapshot', { id, destzoneid: two });
  setUp(one, false);
  user.done('copySnapshot', { id, destzoneid: three, sourcezoneid: two });
  assertSound(simulator);
});

test('what createSnapshot refuses of zoneids, in the request', () => {
  const world = severalZones();
  const { user, simulator, zones } = world;
  const volumeid = readyVolume(world, user);
  const values = { volumeid, zoneids: zones[2] };
  simulator.world.zones.change(simulator.world.zones.require(zones[2]), {
    allocationState: 'Disabled',
  });
  expect(refusedUnchanged(world, user, 'createSnapshot', values)).toMatchObject({
    httpStatus: 531,
    errortext: 'Cannot perform this operation, Zone is currently disabled: zone3',
  });
  simulator.world.settings.set('snapshot.backup.to.secondary', false);
  const before = guestState(world);
  expect(refusedUnchanged(world, user, 'createSnapshot', values)).toMatchObject({
    httpStatus: 431,
    errortext:
      'Backing up of snapshot has been disabled. Snapshot can not be taken for multiple zones',
  });
  expect(guestState(world)).toBe(before);
});

test('what is being made into a volume is not deleted', () => {
  const world = withSnapshot();
  const { user, simulator, id, volumeid } = world;
  const { id: copy } = user.call('createVolume', { snapshotid: id, name: 'copy' });
  simulator.kernel.advanceBy(100);
  const { internalId } = simulator.world.snapshots.require(id);
  const numbers = [volumeid, copy as string].map(
    (volume) => simulator.world.volumes.require(volume).internalId,
  );
  const name = String(listedSnapshot(user, id)!['name']);
  expect(refusedJob(world, 'deleteSnapshot', { id })).toEqual({
    errorcode: 530,
    errortext: `Failed to delete snapshot:com.cloud.utils.exception.CloudRuntimeException: Unable to delete snapshot [{"id":${internalId},"name":"${name}","uuid":"${id}","volumeId":${numbers[0]}}] because it is being used by the following volumes: [{"resourceId":${numbers[1]}}].`,
  });
  simulator.kernel.advanceUntilIdle();
  expect(user.done('deleteSnapshot', { id })).toEqual({ success: true });
});
