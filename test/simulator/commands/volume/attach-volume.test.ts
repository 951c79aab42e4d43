// Proves what attachVolume does to a volume in every situation of volume and VM, in which order it
// checks, with which texts it refuses, and that a refused job leaves volumes and VMs as they were.
import { expect, test } from '@playwright/test';
import {
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import { deployed, deployment, guestState } from '../../../support/simulator-vms.js';
import { attached, createdVolume, listedVolume } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

/** The outcome of an attachment whose job must fail and change nothing. */
function refusedJob(world: TestWorld, values: Values): { resultcode: number; errortext: string } {
  const before = guestState(world);
  const { status, resultcode, result } = world.user.run('attachVolume', values);
  expect(status).toBe(2);
  expect(result['errorcode']).toBe(resultcode);
  expect(guestState(world), 'the refused attachment changed something').toBe(before);
  return { resultcode, errortext: result['errortext'] };
}

test('a new volume is created on the host of the running VM and attached as device 1', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const vm = deployed(world, user);
  const id = createdVolume(world, user, {}, 'local.custom');
  expect(attached(user, id, vm['id'])).toMatchObject({
    id,
    state: 'Ready',
    deviceid: 1,
    virtualmachineid: vm['id'],
    vmname: vm['name'],
    vmdisplayname: vm['displayname'],
    vmstate: 'Running',
    vmtype: 'User',
  });
  const { hostId } = simulator.world.vms.require(vm['id']);
  const pool = simulator.world.storagePools.require(simulator.world.volumes.require(id).poolId!);
  expect(pool).toMatchObject({ scope: 'HOST', hostId });
  assertSound(simulator);
});

test('while the job runs a Ready volume is Attaching and belongs to no VM yet', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const vm = deployed(world, user);
  const id = createdVolume(world, user);
  attached(user, id, vm['id']);
  user.done('detachVolume', { id });
  const { jobid } = user.call('attachVolume', { id, virtualmachineid: vm['id'] });
  expect(listedVolume(user, id)).toMatchObject({ state: 'Ready', jobid, jobstatus: 0 });
  simulator.kernel.advanceBy(100);
  const volume = listedVolume(user, id);
  expect(volume).toMatchObject({ state: 'Attaching' });
  expect(volume).not.toHaveProperty('virtualmachineid');
  expect(user.fails('deleteVolume', { id })).toMatchObject({ httpStatus: 530 });
  simulator.kernel.advanceUntilIdle();
  expect(listedVolume(user, id)).toMatchObject({ state: 'Ready', virtualmachineid: vm['id'] });
});

test('in on-poll mode, looking at the volume ends its attachment', () => {
  const world = testSimulator({ clock: 'on-poll' });
  const { user, simulator } = world;
  simulator.setClockMode({ kind: 'auto' });
  const vm = deployed(world, user);
  const id = createdVolume(world, user);
  attached(user, id, vm['id']);
  user.done('detachVolume', { id });
  simulator.setClockMode({ kind: 'on-poll' });
  const { jobid } = user.call('attachVolume', { id, virtualmachineid: vm['id'] });
  user.call('queryAsyncJobResult', { jobid });
  expect(simulator.world.volumes.require(id).state).toBe('Attaching');
  expect(listedVolume(user, id)).toMatchObject({ state: 'Ready', deviceid: 1 });
});

test('device ids are 1, 2, 4, 5: the third belongs to the CD-ROM', () => {
  const world = testSimulator();
  const vm = deployed(world, world.user);
  const ids = [1, 2, 3, 4].map(() => createdVolume(world, world.user));
  const devices = ids.map((id) => attached(world.user, id, vm['id'])['deviceid'] as number);
  expect(devices).toEqual([1, 2, 4, 5]);
  world.user.done('detachVolume', { id: ids[1]! });
  expect(attached(world.user, ids[1]!, vm['id'])['deviceid']).toBe(2);
  assertSound(world.simulator);
});

test('the caller may choose a device id', () => {
  const world = testSimulator();
  const vm = deployed(world, world.user);
  const id = createdVolume(world, world.user);
  expect(attached(world.user, id, vm['id'], { deviceid: 33 })['deviceid']).toBe(33);
});

for (const deviceid of [3, 34, -1]) {
  test(`device id ${deviceid} does not exist`, () => {
    const world = testSimulator();
    const vm = deployed(world, world.user, { startvm: false });
    const id = createdVolume(world, world.user);
    expect(refusedJob(world, { id, virtualmachineid: vm['id'], deviceid })).toEqual({
      resultcode: 530,
      errortext: 'deviceId should be 0,1,2,4-33',
    });
  });
}

test('a taken device id is refused, with its holder', () => {
  const world = testSimulator();
  const vm = deployed(world, world.user, { startvm: false });
  const first = createdVolume(world, world.user, { name: 'first' });
  const second = createdVolume(world, world.user);
  attached(world.user, first, vm['id'], { deviceid: 4 });
  const refused = refusedJob(world, { id: second, virtualmachineid: vm['id'], deviceid: 4 });
  expect(refused.resultcode).toBe(530);
  expect(refused.errortext).toMatch(
    /^deviceId 4 is used by vol Volume \{.*"name":"first".* on vm /,
  );
});

test('a VM takes as many data disks as its hypervisor allows', () => {
  const world = testSimulator();
  const { user } = world;
  const vm = deployed(world, user, { startvm: false });
  for (let count = 0; count < 32; count += 1) {
    attached(user, createdVolume(world, user, { size: 1 }), vm['id']);
  }
  const id = createdVolume(world, user);
  expect(refusedJob(world, { id, virtualmachineid: vm['id'] })).toEqual({
    resultcode: 431,
    errortext:
      'The specified VM already has the maximum number of data disks (32) attached. Please specify another VM.',
  });
});

test('attaching again is refused, to the same VM and to another', () => {
  const world = testSimulator();
  const [vm, other] = [deployed(world, world.user), deployed(world, world.user)];
  const id = createdVolume(world, world.user);
  attached(world.user, id, vm['id']);
  for (const virtualmachineid of [vm['id'], other['id']] as string[]) {
    expect(refusedJob(world, { id, virtualmachineid })).toEqual({
      resultcode: 431,
      errortext: 'Please specify a volume that is not attached to any VM.',
    });
  }
});

test('a volume that two jobs attach at once goes to one VM', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const [vm, other] = [deployed(world, user), deployed(world, user)];
  const id = createdVolume(world, user);
  attached(user, id, vm['id']);
  user.done('detachVolume', { id });
  const first = user.call('attachVolume', { id, virtualmachineid: vm['id'] });
  const second = user.call('attachVolume', { id, virtualmachineid: other['id'] });
  simulator.kernel.advanceUntilIdle();
  expect(user.job(first['jobid']).status).toBe(1);
  expect(user.job(second['jobid'])).toMatchObject({
    status: 2,
    resultcode: 431,
    result: { errortext: 'Volume state must be in Allocated, Ready or in Uploaded state' },
  });
  expect(listedVolume(user, id)).toMatchObject({ virtualmachineid: vm['id'] });
  assertSound(simulator);
});

test('an Allocated volume that two jobs attach at once goes to one VM', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const vms = [0, 1].map(() => deployed(world, user, { startvm: false }));
  const id = createdVolume(world, user, { name: 'wanted' });
  const jobs = vms.map((vm) => user.call('attachVolume', { id, virtualmachineid: vm['id'] }));
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobs[0]!['jobid']).status).toBe(1);
  expect(user.job(jobs[1]!['jobid'])).toMatchObject({ status: 2 });
  expect(listedVolume(user, id)).toMatchObject({ virtualmachineid: vms[0]!['id'] });
});

test('destroyed volumes, destroyed VMs and what is gone are told apart', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const vm = deployed(world, user);
  const id = createdVolume(world, user);
  const destroyed = createdVolume(world, user);
  simulator.world.volumes.move(simulator.world.volumes.require(destroyed), 'DestroyRequested');
  expect(refusedJob(world, { id: destroyed, virtualmachineid: vm['id'] }).errortext).toBe(
    'Please specify a volume that is not destroyed.',
  );
  const gone = createdVolume(world, user);
  user.call('deleteVolume', { id: gone });
  expect(refusedJob(world, { id: gone, virtualmachineid: vm['id'] }).errortext).toBe(
    'Please specify a volume with the valid type: ROOT or DATADISK',
  );
  user.done('destroyVirtualMachine', { id: vm['id'] });
  expect(refusedJob(world, { id, virtualmachineid: vm['id'] })).toEqual({
    resultcode: 431,
    errortext: 'Please specify a VM that is either running or stopped.',
  });
  world.admin.done('expungeVirtualMachine', { id: vm['id'] });
  expect(refusedJob(world, { id, virtualmachineid: vm['id'] })).toEqual({
    resultcode: 431,
    errortext: 'Please specify a valid User VM.',
  });
});

test('a VM that reboots is waited for, because both jobs stand in its queue; one that starts is refused', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const vm = deployed(world, user);
  const id = createdVolume(world, user);
  const jobAmidst = (command: string): ReturnType<typeof user.job> => {
    user.call(command, { id: vm['id'] });
    simulator.kernel.advanceBy(100);
    const { jobid } = user.call('attachVolume', { id, virtualmachineid: vm['id'] });
    simulator.kernel.advanceUntilIdle();
    return user.job(jobid);
  };
  expect(jobAmidst('rebootVirtualMachine')).toMatchObject({ status: 1 });
  expect(listedVolume(user, id)).toMatchObject({ state: 'Ready', vmstate: 'Running' });
  user.done('detachVolume', { id });
  user.done('stopVirtualMachine', { id: vm['id'] });
  expect(jobAmidst('startVirtualMachine')).toMatchObject({
    resultcode: 431,
    result: { errortext: 'Please specify a VM that is either running or stopped.' },
  });
  expect(listedVolume(user, id)).toMatchObject({ state: 'Ready' });
  expect(listedVolume(user, id)).not.toHaveProperty('virtualmachineid');
});

test('only device 0 takes a root volume, and only of a stopped VM that has none', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const vm = deployed(world, user);
  const id = createdVolume(world, user);
  const values = { id, virtualmachineid: vm['id'] as string, deviceid: 0 };
  expect(refusedJob(world, values)).toEqual({
    resultcode: 431,
    errortext: 'Root volume detach can happen only when vm is in states: Stopped or Destroyed',
  });
  user.done('stopVirtualMachine', { id: vm['id'] });
  expect(refusedJob(world, values).errortext).toBe('Vm already has root volume attached to it');
  const root = simulator.world.volumes.where('vmId', vm['id'])[0]!;
  expect(user.done('detachVolume', { id: root.id })['volume']).toMatchObject({ type: 'DATADISK' });
  expect(attached(user, root.id, vm['id'], { deviceid: 0 })).toMatchObject({
    type: 'ROOT',
    deviceid: 0,
  });
});

test('a foreign VM is refused at once, a foreign volume only in the job', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const own = deployed(world, user);
  const foreignVm = admin.done('deployVirtualMachine', {
    ...deployment(world),
    networkids: world.simulator.world.networks.all().find((row) => row.name === 'NET_SHARED')!.id,
  })['virtualmachine'];
  const ownVolume = createdVolume(world, user);
  const foreignVolume = createdVolume(world, admin);
  expect(
    user.fails('attachVolume', { id: ownVolume, virtualmachineid: foreignVm['id'] }),
  ).toMatchObject({ httpStatus: 531, cserrorcode: 4365 });
  const refused = refusedJob(world, { id: foreignVolume, virtualmachineid: own['id'] });
  expect(refused.resultcode).toBe(530);
  expect(refused.errortext).toContain('does not have permission to operate with resource');
});

test('unknown ids are refused at once, with the text that clients take for "gone"', () => {
  const world = testSimulator();
  const vm = deployed(world, world.user);
  const id = '00000000-0000-4000-8000-000000000000';
  expect(world.user.fails('attachVolume', { id, virtualmachineid: vm['id'] })).toMatchObject({
    httpStatus: 431,
    errortext: `Unable to execute API command attachvolume due to invalid value. Invalid parameter id value=${id} due to incorrect long value format, or entity does not exist or due to incorrect parameter annotation for the field in api cmd class.`,
  });
});

test('volumes that snapshots fill for one VM at the same time get devices of their own', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  simulator.world.settings.set('kvm.snapshot.enabled', true);
  const { id: vmId } = deployed(world, user);
  const volumeid = createdVolume(world, user);
  attached(user, volumeid, vmId as string);
  const { snapshot } = user.done('createSnapshot', { volumeid });
  const values = {
    snapshotid: (snapshot as Reply)['id'] as string,
    virtualmachineid: vmId as string,
  };
  const ids = ['one', 'two'].map(
    (name) => user.call('createVolume', { name, ...values })['id'] as string,
  );
  simulator.kernel.advanceUntilIdle();
  const devices = ids.map((id) => simulator.world.volumes.require(id).deviceId);
  expect(devices.sort()).toEqual([2, 4]);
  assertSound(simulator);
});

test('a device that there is not leaves the volume as it was, on a pool or on none', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  for (const startvm of [false, true]) {
    const { id: vmId } = deployed(world, user, { startvm });
    const id = createdVolume(world, user);
    const values = { id, virtualmachineid: vmId as string, deviceid: 3 };
    expect(user.run('attachVolume', values)).toMatchObject({ resultcode: 530 });
    expect(listedVolume(user, id)).toMatchObject({ state: startvm ? 'Ready' : 'Allocated' });
    assertSound(simulator);
  }
});
