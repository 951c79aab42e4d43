// Proves that createSnapshot takes a snapshot of a volume and copies it to secondary storage, what
// it refuses inside the request, and how little its job tells of what went wrong.
import { expect, test } from '@playwright/test';
import { testSimulator } from '../../../support/simulator-client.js';
import {
  allowRunningSnapshots,
  attachedVolume,
  listedSnapshot,
  readyVolume,
  snapshotOf,
} from '../../../support/simulator-snapshots.js';
import { deployed, refusedUnchanged } from '../../../support/simulator-vms.js';
import { createdVolume, listedVolume } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

const GIB = 1024 ** 3;
const MASKED = 'Internal error executing command, please contact your system administrator';

test('a snapshot of a detached volume goes through its states to BackedUp', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const volumeid = readyVolume(world, user);
  const { id, jobid } = user.call('createSnapshot', { volumeid });
  const states = (): unknown[] => [
    listedSnapshot(user, id)?.['state'],
    listedVolume(user, volumeid)?.['state'],
  ];
  expect(states()).toEqual(['Allocated', 'Ready']);
  expect(listedSnapshot(user, id)).not.toHaveProperty('zoneid');
  simulator.kernel.advanceBy(50);
  expect(states()).toEqual(['Creating', 'Snapshotting']);
  expect(listedSnapshot(user, id)).toMatchObject({ revertable: false });
  assertSound(simulator);
  simulator.kernel.advanceBy(1_500);
  expect(states()).toEqual(['BackingUp', 'Ready']);
  expect(listedSnapshot(user, id)).toMatchObject({ physicalsize: 0, revertable: true });
  simulator.kernel.advanceBy(3_000);
  expect(states()).toEqual(['BackedUp', 'Ready']);
  expect(user.job(jobid).result['snapshot']).toEqual({
    ...listedSnapshot(user, id),
    snapshottype: 'MANUAL',
  });
  assertSound(simulator);
});

test('a snapshot shows its volume, its size, and a name made of VM, volume and time', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  allowRunningSnapshots(world);
  const { id: volumeid, vmId } = attachedVolume(world, user);
  const { name } = simulator.world.vms.require(vmId);
  const snapshot = snapshotOf(user, volumeid);
  const zone = simulator.world.zones.all()[0]!;
  expect(snapshot).toMatchObject({
    account: 'bosh',
    volumeid,
    volumename: 'disk',
    volumetype: 'DATADISK',
    volumestate: 'Ready',
    intervaltype: 'MANUAL',
    state: 'BackedUp',
    physicalsize: 10 * GIB,
    virtualsize: 10 * GIB,
    zoneid: zone.id,
    zonename: zone.name,
    revertable: true,
    tags: [],
  });
  expect(snapshot['name']).toMatch(new RegExp(`^${name}_disk_\\d{14}$`));
  expect(snapshot).not.toHaveProperty('ostypeid');
  user.done('detachVolume', { id: volumeid });
  expect(snapshotOf(user, volumeid)['name']).toMatch(/^detached_disk_\d{14}$/);
  expect(snapshotOf(user, volumeid, { name: 'mine' })['name']).toBe('mine');
});

test('a snapshot of a root disk shows the operating system of its VM', () => {
  const world = testSimulator();
  allowRunningSnapshots(world);
  const vm = deployed(world, world.user);
  const root = world.simulator.world.volumes.where('vmId', vm['id'])[0]!;
  const { osTypes, templates } = world.simulator.world;
  const osType = osTypes.require(templates.require(root.templateId!).osTypeId);
  expect(snapshotOf(world.user, root.id)).toMatchObject({
    volumetype: 'ROOT',
    ostypeid: osType.id,
    osdisplayname: osType.description,
  });
});

test('tags come with the snapshot; where they are refused the job fails and the snapshot stays', () => {
  const world = testSimulator();
  const { user } = world;
  const volumeid = readyVolume(world, user);
  const tagged = snapshotOf(user, volumeid, { 'tags[0].key': 'job', 'tags[0].value': 'db' });
  expect(tagged['tags']).toMatchObject([{ key: 'job', value: 'db', resourcetype: 'Snapshot' }]);
  const outcome = user.run('createSnapshot', { volumeid, 'tags[0].key': 'job' });
  expect(outcome).toMatchObject({ status: 2, resultcode: 530, result: internalError(volumeid) });
  expect(listedSnapshot(user, outcome.id!)).toMatchObject({ state: 'BackedUp', tags: [] });
});

test('with asyncbackup the job ends before the snapshot is backed up', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const volumeid = readyVolume(world, user);
  const { id, jobid } = user.call('createSnapshot', { volumeid, asyncbackup: true });
  simulator.kernel.advanceBy(1_600);
  expect(user.job(jobid)).toMatchObject({
    status: 1,
    result: { snapshot: { state: 'BackingUp', physicalsize: 0 } },
  });
  simulator.kernel.advanceUntilIdle();
  expect(listedSnapshot(user, id)).toMatchObject({ state: 'BackedUp', physicalsize: 10 * GIB });
  assertSound(simulator);
});

test('without backup to secondary storage the snapshot is done where it was taken', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  simulator.world.settings.set('snapshot.backup.to.secondary', false);
  const volumeid = readyVolume(world, user);
  const { id } = user.call('createSnapshot', { volumeid });
  simulator.kernel.advanceBy(1_600);
  expect(listedSnapshot(user, id)).toMatchObject({ state: 'BackedUp' });
  assertSound(simulator);
});

test('on KVM a running VM has no snapshots unless the setting allows them', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const { id: volumeid, vmId } = attachedVolume(world, user);
  expect(refusedUnchanged(world, user, 'createSnapshot', { volumeid })).toEqual({
    httpStatus: 530,
    wrapper: 'createsnapshotresponse',
    errorcode: 530,
    cserrorcode: 4250,
    errortext: MASKED,
  });
  expect(admin.fails('createSnapshot', { volumeid }).errortext).toMatch(
    /^KVM Snapshot is not supported for Running VMs\. It is disabled by default /,
  );
  expect(user.call('listCapabilities')['capability']).toMatchObject({ kvmsnapshotenabled: false });
  user.done('stopVirtualMachine', { id: vmId });
  expect(snapshotOf(user, volumeid)).toMatchObject({ state: 'BackedUp' });
  user.done('startVirtualMachine', { id: vmId });
  allowRunningSnapshots(world);
  expect(user.call('listCapabilities')['capability']).toMatchObject({ kvmsnapshotenabled: true });
  expect(snapshotOf(user, volumeid)).toMatchObject({ state: 'BackedUp' });
});

test('for local storage the setting does not count', () => {
  const world = testSimulator();
  const { id: volumeid } = attachedVolume(world, world.user, {}, 'local.custom');
  expect(snapshotOf(world.user, volumeid)).toMatchObject({ state: 'BackedUp' });
});

test('a volume that was never attached, or is at work, is refused', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const fresh = createdVolume(world, user);
  expect(refusedUnchanged(world, user, 'createSnapshot', { volumeid: fresh })).toMatchObject({
    httpStatus: 431,
    cserrorcode: 4350,
    errortext: expect.stringMatching(
      /^Volume: Volume \{.*\} is not in Ready state but Allocated\. Cannot take snapshot\.$/,
    ),
  });
  const volumeid = readyVolume(world, user);
  user.call('createSnapshot', { volumeid });
  simulator.kernel.advanceBy(50);
  expect(user.fails('createSnapshot', { volumeid }).errortext).toMatch(/but Snapshotting\. /);
});

test('one snapshot at a time for all volumes of a VM', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  allowRunningSnapshots(world);
  const { id: volumeid, vmId } = attachedVolume(world, user);
  const root = simulator.world.volumes.where('vmId', vmId).find((row) => row.type === 'ROOT')!;
  user.call('createSnapshot', { volumeid });
  simulator.kernel.advanceBy(1_600);
  expect(refusedUnchanged(world, user, 'createSnapshot', { volumeid: root.id })).toMatchObject({
    httpStatus: 431,
    errortext:
      'There is other active snapshot tasks on the instance to which the volume is attached, please try again later',
  });
  simulator.kernel.advanceUntilIdle();
  expect(snapshotOf(user, root.id)).toMatchObject({ state: 'BackedUp' });
});

test('two that are submitted together run one after the other', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  allowRunningSnapshots(world);
  const { id: volumeid } = attachedVolume(world, user);
  const jobs = ['a', 'b'].map((name) => user.call('createSnapshot', { volumeid, name })['jobid']);
  simulator.kernel.advanceUntilIdle();
  expect(jobs.map((job) => user.job(job).status)).toEqual([1, 1]);
  assertSound(simulator);
});

test('the volume of a destroyed VM is refused', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const vm = deployed(world, user);
  user.done('destroyVirtualMachine', { id: vm['id'] });
  const root = simulator.world.volumes.where('vmId', vm['id'])[0]!;
  const errortext = expect.stringMatching(
    /^Creating snapshot failed due to volume: .* is associated with vm: .* is in Destroyed state$/,
  );
  expect(admin.fails('createSnapshot', { volumeid: root.id })).toMatchObject({
    httpStatus: 530,
    errortext,
  });
});

test('in a disabled zone only root admins take snapshots', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const volumeid = readyVolume(world, user);
  const [zone] = simulator.world.zones.all();
  simulator.world.zones.change(zone!, { allocationState: 'Disabled' });
  expect(refusedUnchanged(world, user, 'createSnapshot', { volumeid })).toMatchObject({
    httpStatus: 531,
    errortext: 'Cannot perform this operation, Zone is currently disabled: zone1',
  });
  expect(snapshotOf(admin, volumeid)).toMatchObject({ account: 'bosh', state: 'BackedUp' });
});

test('a location, and what is no location, are refused', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const volumeid = readyVolume(world, user);
  expect(
    refusedUnchanged(world, user, 'createSnapshot', { volumeid, locationtype: 'primary' }),
  ).toMatchObject({
    httpStatus: 431,
    errortext: expect.stringMatching(/^VolumeId: \d+ LocationType is supported only for managed/),
  });
  expect(
    refusedUnchanged(world, admin, 'createSnapshot', { volumeid, locationtype: 'moon' }),
  ).toMatchObject({
    httpStatus: 530,
    errortext: expect.stringMatching(/^Invalid locationType moonSpecified for volume \d+ Valid/),
  });
});

test('quiescing a VM fails in the job and leaves the snapshot Allocated', () => {
  const world = testSimulator();
  const { user } = world;
  const volumeid = readyVolume(world, user);
  const outcome = user.run('createSnapshot', { volumeid, quiescevm: true });
  expect(outcome).toMatchObject({ status: 2, resultcode: 530, result: internalError(volumeid) });
  expect(listedSnapshot(user, outcome.id!)).toMatchObject({ state: 'Allocated' });
});

test('a job whose volume or snapshot is gone by then fails', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const volumeid = readyVolume(world, user);
  const first = user.call('createSnapshot', { volumeid });
  user.call('deleteVolume', { id: volumeid });
  simulator.kernel.advanceUntilIdle();
  expect(user.job(first['jobid'])).toMatchObject({ status: 2, result: internalError(volumeid) });
  const other = readyVolume(world, user);
  const second = user.call('createSnapshot', { volumeid: other });
  // Jobs that are submitted at one time are begun in their order.
  const deletion = user.call('deleteSnapshot', { id: second['id'] });
  simulator.kernel.advanceUntilIdle();
  expect(user.job(second['jobid']).status).toBe(1);
  expect(user.job(deletion['jobid']).status).toBe(2);
});

test("unknown, foreign and removed volumes, and a volume of another kind's id", () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const unknown = /^Unable to execute API command createsnapshot due to invalid value\. Invalid/;
  for (const volumeid of ['x', simulator.world.zones.all()[0]!.id]) {
    const refused = refusedUnchanged(world, user, 'createSnapshot', { volumeid });
    expect(refused).toMatchObject({ httpStatus: 431, errortext: expect.stringMatching(unknown) });
  }
  expect(user.fails('createSnapshot').errortext).toBe(
    'Unable to execute API command createsnapshot due to missing parameter volumeid',
  );
  expect(user.fails('createSnapshot', { volumeid: 'x', colour: 'y' }).errortext).toMatch(/colour/);
  const foreign = createdVolume(world, admin);
  expect(refusedUnchanged(world, user, 'createSnapshot', { volumeid: foreign })).toMatchObject({
    httpStatus: 531,
  });
  const gone = createdVolume(world, user);
  user.call('deleteVolume', { id: gone });
  const { internalId } = simulator.world.volumes.require(gone);
  expect(refusedUnchanged(world, user, 'createSnapshot', { volumeid: gone })).toMatchObject({
    httpStatus: 431,
    errortext: `Unable to find volume by id=${internalId}`,
  });
});

function internalError(volumeId: string): object {
  return {
    errorcode: 530,
    errortext: `Failed to create snapshot due to an internal error creating snapshot for volume ${volumeId}`,
  };
}
