// Proves that detachVolume gives a volume back as it was before it was attached, where it lies
// included, and that each refusal, all of them in the job, changes nothing.
import { expect, test } from '@playwright/test';
import { detachVolume } from '../../../../simulator/world/storage/volumes.js';
import { testSimulator, type TestWorld, type Values } from '../../../support/simulator-client.js';
import { deployed, guestState } from '../../../support/simulator-vms.js';
import { attached, createdVolume, listedVolume } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

function refusedJob(world: TestWorld, values: Values): { resultcode: number; errortext: string } {
  const before = guestState(world);
  const { status, resultcode, result } = world.user.run('detachVolume', values);
  expect(status).toBe(2);
  expect(guestState(world), 'the refused detachment changed something').toBe(before);
  return { resultcode, errortext: result['errortext'] };
}

for (const startvm of [true, false]) {
  test(`the volume of a ${startvm ? 'running' : 'stopped'} VM is free again`, () => {
    const world = testSimulator();
    const { user, simulator } = world;
    const vm = deployed(world, user, { startvm });
    const id = createdVolume(world, user);
    attached(user, id, vm['id']);
    const { poolId, state } = simulator.world.volumes.require(id);
    const volume = user.done('detachVolume', { id })['volume'];
    expect(volume).toMatchObject({ id, type: 'DATADISK', state });
    for (const absent of ['deviceid', 'virtualmachineid', 'vmname', 'vmstate', 'attached']) {
      expect(volume).not.toHaveProperty(absent);
    }
    expect(simulator.world.volumes.require(id).poolId).toBe(poolId);
    expect(listedVolume(user, id)).not.toHaveProperty('virtualmachineid');
    assertSound(simulator);
  });
}

test('while the job runs the volume is attached and Ready', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const vm = deployed(world, user);
  const id = createdVolume(world, user);
  attached(user, id, vm['id']);
  user.call('detachVolume', { id });
  simulator.kernel.advanceBy(1_000);
  expect(listedVolume(user, id)).toMatchObject({ state: 'Ready', virtualmachineid: vm['id'] });
  simulator.kernel.advanceUntilIdle();
  expect(listedVolume(user, id)).not.toHaveProperty('virtualmachineid');
});

const STUMBLES =
  'Failed to detach volume disk from VM web; java.lang.NullPointerException: Cannot invoke ' +
  '"java.lang.Long.intValue()" because the return value of ' +
  '"com.cloud.agent.api.to.DiskTO.getDiskSeq()" is null';

/** Two detachments at once of a VM that runs, or of one that ran. */
const twice = [
  ['advanced-kvm', 'Running', STUMBLES],
  ['advanced-kvm', 'Stopped', undefined],
  ['advanced-xenserver', 'Running', undefined],
  ['advanced-vmware', 'Running', 'Failed to detach volume disk from VM web'],
  ['advanced-vmware', 'Stopped', 'Failed to detach volume disk from VM web'],
] as const;

for (const [preset, state, text] of twice) {
  test(`${preset}: the second of two detachments from a ${state} VM is the hypervisor's affair`, () => {
    const world = testSimulator({ world: preset });
    const { user, simulator } = world;
    const { id: vmId } = deployed(world, user, { name: 'web' });
    const id = createdVolume(world, user, { name: 'disk' });
    attached(user, id, vmId);
    if (state === 'Stopped') user.done('stopVirtualMachine', { id: vmId });
    // What is detached first takes time, and the others wait for it.
    const busy = createdVolume(world, user);
    const wait = user.call('attachVolume', { id: busy, virtualmachineid: vmId })['jobid'];
    const jobs = [0, 1].map(() => user.call('detachVolume', { id })['jobid']);
    simulator.kernel.advanceUntilIdle();
    expect([wait, jobs[0]].map((job) => user.job(job).status)).toEqual([1, 1]);
    const { resultcode, result } = user.job(jobs[1]);
    expect([resultcode, result['errortext']]).toEqual(text === undefined ? [0, text] : [530, text]);
    expect(listedVolume(user, id)).not.toHaveProperty('virtualmachineid');
    assertSound(simulator);
  });
}

test('one that is deleted, or whose VM is expunged, while its detachment waits', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { id: vmId } = deployed(world, user);
  const id = createdVolume(world, user);
  attached(user, id, vmId);
  user.call('rebootVirtualMachine', { id: vmId });
  const jobs = [0, 1].map(() => user.call('detachVolume', { id })['jobid']);
  simulator.kernel.advanceBy(100);
  detachVolume(simulator.world, simulator.world.volumes.require(id));
  user.call('deleteVolume', { id });
  simulator.kernel.advanceUntilIdle();
  expect(jobs.map((job) => user.job(job).result['errortext'])).toEqual(
    jobs.map(() => 'Cannot invoke "com.cloud.storage.Volume.getName()" because "volume" is null'),
  );
  const other = createdVolume(world, user);
  attached(user, other, vmId);
  user.done('stopVirtualMachine', { id: vmId });
  admin.call('destroyVirtualMachine', { id: vmId, expunge: true });
  const late = user.call('detachVolume', { id: other })['jobid'];
  simulator.kernel.advanceUntilIdle();
  expect(user.job(late).result['errortext']).toBe(
    'Cannot invoke "com.cloud.vm.VMInstanceVO.getHostName()" because "vm" is null',
  );
  assertSound(simulator);
});

test('a volume without VM, and one that is gone', () => {
  const world = testSimulator();
  const id = createdVolume(world, world.user);
  expect(refusedJob(world, { id })).toEqual({
    resultcode: 431,
    errortext: 'The specified volume is not attached to a VM.',
  });
  const { internalId } = world.simulator.world.volumes.require(id);
  world.user.call('deleteVolume', { id });
  expect(refusedJob(world, { id })).toEqual({
    resultcode: 431,
    errortext: `Unable to find volume with ID: ${String(internalId)}`,
  });
});

test('the root volume leaves a stopped VM only', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const vm = deployed(world, user);
  const root = simulator.world.volumes.where('vmId', vm['id'])[0]!;
  expect(refusedJob(world, { id: root.id })).toEqual({
    resultcode: 431,
    errortext: 'Root volume detach can happen only when vm is in states: Stopped or Destroyed',
  });
  user.done('stopVirtualMachine', { id: vm['id'] });
  expect(user.done('detachVolume', { id: root.id })['volume']).toMatchObject({ type: 'DATADISK' });
});

test('the form with device id and VM fails as it does in CloudStack', () => {
  const world = testSimulator();
  const vm = deployed(world, world.user);
  const id = createdVolume(world, world.user);
  attached(world.user, id, vm['id']);
  const virtualmachineid = vm['id'] as string;
  expect(refusedJob(world, { deviceid: 1, virtualmachineid }).resultcode).toBe(530);
  expect(refusedJob(world, { deviceid: 7, virtualmachineid }).resultcode).toBe(530);
  expect(refusedJob(world, { deviceid: 0, virtualmachineid }).resultcode).toBe(431);
  for (const values of [{}, { deviceid: 1 }, { virtualmachineid }, { id, deviceid: 1 }]) {
    expect(refusedJob(world, values as Values)).toEqual({
      resultcode: 431,
      errortext: 'Please provide either a volume id, or a tuple(device id, instance id)',
    });
  }
});

test("somebody else's volume stays where it is", () => {
  const world = testSimulator();
  const { user, admin } = world;
  const vm = deployed(world, user);
  const id = createdVolume(world, user);
  attached(user, id, vm['id']);
  const foreign = createdVolume(world, admin);
  const refused = refusedJob(world, { id: foreign });
  expect(refused.resultcode).toBe(530);
  expect(refused.errortext).toContain('does not have permission to operate with resource');
  expect(admin.done('detachVolume', { id })['volume']).toMatchObject({ id });
});
