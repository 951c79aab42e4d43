// Proves what destroyVirtualMachine keeps and what it takes away, in every state and with every
// parameter, and that a refusal changes nothing.
import { expect, test } from '@playwright/test';
import { testSimulator, type Reply, type TestWorld } from '../../../support/simulator-client.js';
import {
  deployed,
  deployment,
  diskOfferingId,
  guestState,
  listed,
  listedNames,
} from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

function withDataDisk(world: TestWorld, name = 'db'): Reply {
  const disk = { diskofferingid: diskOfferingId(world, 'ephemeral'), size: 5 };
  return deployed(world, world.user, { name, ipaddress: '10.203.6.10', ...disk });
}

function volumeOf({ simulator }: TestWorld, type: 'ROOT' | 'DATADISK') {
  const { volumes } = simulator.world;
  return volumes.all().find((volume) => volume.type === type);
}

test('a running VM is stopped, then destroyed; its data disk is detached, the rest stays', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { id } = withDataDisk(world);
  const { jobid } = user.call('destroyVirtualMachine', { id });
  simulator.kernel.advanceBy(simulator.world.settings.get('duration.job'));
  expect(listed(user, { id })?.['state']).toBe('Stopping');
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid).result['virtualmachine']).toMatchObject({ id, state: 'Destroyed', jobid });
  expect(listed(admin, { id })).toMatchObject({ nic: [{ ipaddress: '10.203.6.10' }] });
  expect(volumeOf(world, 'ROOT')).toMatchObject({ state: 'Ready', vmId: id });
  expect(volumeOf(world, 'DATADISK')).toMatchObject({ state: 'Ready', vmId: null, deviceId: null });
  assertSound(simulator);
});

test('a destroyed VM still holds its address and its name', () => {
  const world = testSimulator();
  const { user } = world;
  const { id } = withDataDisk(world);
  user.done('destroyVirtualMachine', { id });
  expect(listedNames(user)).toEqual([]);
  expect(
    user.fails('deployVirtualMachine', deployment(world, { ipaddress: '10.203.6.10' })).httpStatus,
  ).toBe(530);
  expect(user.fails('deployVirtualMachine', deployment(world, { name: 'db' })).errortext).toContain(
    'The vm with hostName db already exists',
  );
});

test('destroying again changes nothing', () => {
  const world = testSimulator();
  const { user } = world;
  const { id } = withDataDisk(world);
  user.done('destroyVirtualMachine', { id });
  const before = guestState(world);
  expect(user.done('destroyVirtualMachine', { id })['virtualmachine']).toMatchObject({
    state: 'Destroyed',
  });
  expect(guestState(world)).toBe(before);
});

test('users may not expunge: the first check, and nothing changes', () => {
  const world = testSimulator();
  const { user } = world;
  const { id } = withDataDisk(world);
  const before = guestState(world);
  expect(user.run('destroyVirtualMachine', { id, expunge: true })).toMatchObject({
    status: 2,
    resultcode: 530,
    result: { errorcode: 530, errortext: 'Account does not have permission for expunging.' },
  });
  expect(guestState(world)).toBe(before);
});

test('they may where the setting lets them', () => {
  const world = testSimulator();
  world.simulator.world.settings.set('allow.user.expunge.recover.vm', true);
  const { id } = withDataDisk(world);
  const result = world.user.done('destroyVirtualMachine', { id, expunge: true });
  expect(result['virtualmachine']).toMatchObject({ id, state: 'Expunging' });
});

test('nor does the setting help a role that may not expunge by itself', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  simulator.world.settings.set('allow.user.expunge.recover.vm', true);
  const { id } = withDataDisk(world);
  const { role } = admin.call('createRole', { name: 'careful', type: 'User' });
  const roleid = role['id'] as string;
  for (const [rule, permission] of [
    ['expungeVirtualMachine', 'deny'],
    ['*', 'allow'],
  ] as const) {
    admin.call('createRolePermission', { roleid, rule, permission });
  }
  const account = simulator.userWithRole('User').accountId;
  admin.call('updateAccount', { id: account, roleid });
  const before = guestState(world);
  expect(user.run('destroyVirtualMachine', { id, expunge: true }).result).toEqual({
    errorcode: 530,
    errortext: 'Account does not have permission for expunging.',
  });
  expect(guestState(world)).toBe(before);
  expect(user.run('destroyVirtualMachine', { id }).status).toBe(1);
});

test('with expunge everything goes in the same job: address, name, root volume, tags', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { id } = withDataDisk(world);
  user.done('createTags', {
    resourceids: id,
    resourcetype: 'UserVm',
    'tags[0].key': 'a',
    'tags[0].value': 'b',
  });
  const result = admin.done('destroyVirtualMachine', { id, expunge: true });
  expect(result['virtualmachine']).toMatchObject({ id, state: 'Expunging', nic: [], tags: [] });
  expect(admin.call('listVirtualMachines', { id })).toEqual({});
  const { nics, tags, volumes } = simulator.world;
  expect([nics.all(), tags.all()]).toEqual([[], []]);
  expect(volumes.all().map((volume) => volume.name)).toEqual(['DATA-1']);
  expect(deployed(world, user, { name: 'db', ipaddress: '10.203.6.10' })['state']).toBe('Running');
  assertSound(simulator);
});

test('expunge works on a VM that is destroyed already', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const { id } = withDataDisk(world);
  user.done('destroyVirtualMachine', { id });
  admin.done('destroyVirtualMachine', { id, expunge: true });
  expect(admin.call('listVirtualMachines', { id })).toEqual({});
  expect(admin.run('destroyVirtualMachine', { id })).toMatchObject({
    resultcode: 431,
    result: { errortext: 'unable to find a virtual machine with id 1' },
  });
});

test('a VM in Error goes straight to Expunging and waits there', () => {
  const world = testSimulator();
  const { user, admin } = world;
  withDataDisk(world);
  user.fails('deployVirtualMachine', deployment(world, { name: 'late', ipaddress: '10.203.6.10' }));
  const { id } = listed(user, { name: 'late' })!;
  expect(user.done('destroyVirtualMachine', { id })['virtualmachine']).toMatchObject({
    state: 'Expunging',
  });
  expect(listed(admin, { id })?.['state']).toBe('Expunging');
  expect(listed(user, { id })).toBeUndefined();
});

test('volumeids: the data disk is destroyed with the VM, with expunge for good', () => {
  for (const expunge of [false, true]) {
    const world = testSimulator();
    const { id } = withDataDisk(world);
    const volumeids = volumeOf(world, 'DATADISK')!.id;
    world.admin.done('destroyVirtualMachine', { id, expunge, volumeids });
    const volume = world.simulator.world.volumes.require(volumeids);
    expect(volume.state).toBe(expunge ? 'Expunged' : 'Destroy');
    expect(volume.removedMs === null).toBe(!expunge);
    assertSound(world.simulator);
  }
});

test('volumeids: a disk that never existed can only be expunged; the VM is destroyed by then', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const disk = { diskofferingid: diskOfferingId(world, 'ephemeral'), size: 5 };
  const { id } = deployed(world, user, { ...disk, startvm: false });
  const volumeids = volumeOf(world, 'DATADISK')!.id;
  expect(user.run('destroyVirtualMachine', { id, volumeids })).toMatchObject({
    resultcode: 431,
    result: {
      errortext:
        'The volume in Allocated/Uploaded state can only be expunged not destroyed/recovered',
    },
  });
  expect(listed(admin, { id })?.['state']).toBe('Destroyed');
});

test('volumeids: the root volume and strangers are refused before anything happens', () => {
  const world = testSimulator();
  const { user } = world;
  const { id } = withDataDisk(world);
  const other = deployed(world, user, { startvm: false });
  const root = volumeOf(world, 'ROOT')!;
  const stranger = world.simulator.world.volumes.where('vmId', other['id'])[0]!;
  const before = guestState(world);
  const outcome = user.run('destroyVirtualMachine', {
    id,
    volumeids: `${root.id},${stranger.id}`,
  });
  expect(outcome.resultcode).toBe(431);
  expect(outcome.result['errortext']).toMatch(
    /^The following supplied volumes are not DATADISK attached to the VM: Volume .*ROOT-1.*; Volume .*ROOT-2.*; $/,
  );
  expect(guestState(world)).toBe(before);
});

test('volumeids: a disk that is kept from being deleted keeps its VM running', () => {
  const world = testSimulator();
  const { admin } = world;
  const { id } = withDataDisk(world);
  const disk = volumeOf(world, 'DATADISK')!;
  admin.done('updateVolume', { id: disk.id, deleteprotection: true });
  const before = guestState(world);
  for (const expunge of [false, true]) {
    const outcome = admin.run('destroyVirtualMachine', { id, expunge, volumeids: disk.id });
    expect(outcome).toMatchObject({
      resultcode: 431,
      result: {
        errortext: `Volume [id = ${disk.id}, name = ${disk.name}] has delete protection enabled and cannot be deleted`,
      },
    });
  }
  expect(guestState(world)).toBe(before);
  admin.done('destroyVirtualMachine', { id });
  expect(world.simulator.world.volumes.require(disk.id)).toMatchObject({
    state: 'Ready',
    vmId: null,
  });
});

test('volumeids: a volume that is gone is told by its internal id', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const { id } = withDataDisk(world);
  const disk = volumeOf(world, 'DATADISK')!;
  user.done('detachVolume', { id: disk.id });
  user.call('deleteVolume', { id: disk.id });
  expect(user.run('destroyVirtualMachine', { id, volumeids: disk.id })).toMatchObject({
    resultcode: 431,
    result: { errortext: `Unable to find volume with ID: ${disk.internalId}` },
  });
  expect(listed(admin, { id })?.['state']).toBe('Running');
});

test('volumeids: a disk that somebody takes or deletes meanwhile fails the job, not the VM', () => {
  for (const [what, text] of [
    ['attached', 'Please specify a volume that is not attached to any VM.'],
    ['deleted', 'Unable to find volume with ID: 2'],
  ]) {
    const world = testSimulator();
    const { user, admin, simulator } = world;
    const { id } = withDataDisk(world);
    const other = deployed(world, user, { name: 'other', startvm: false });
    const volume = simulator.world.volumes.all().find((row) => row.name === 'DATA-1')!;
    const job = admin.call('destroyVirtualMachine', { id, volumeids: volume.id, expunge: true });
    while (volume.vmId !== null) simulator.kernel.advanceBy(100);
    if (what === 'deleted') user.call('deleteVolume', { id: volume.id });
    else user.call('attachVolume', { id: volume.id, virtualmachineid: other['id'] });
    simulator.kernel.advanceUntilIdle();
    expect(admin.job(job['jobid'])).toMatchObject({ resultcode: 431, result: { errortext: text } });
    expect(listed(admin, { id })).toBeUndefined();
    expect(volume.vmId).toBe(what === 'deleted' ? null : other['id']);
    assertSound(simulator);
  }
});

test('volumeids: users delete disks with their VM only as long as a setting lets them', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { settings, volumes } = simulator.world;
  settings.set('allow.user.expunge.recover.vm', true);
  settings.set('allow.user.expunge.recover.volume', false);
  const { id } = withDataDisk(world);
  const disk = volumeOf(world, 'DATADISK')!;
  const outcome = user.run('destroyVirtualMachine', { id, volumeids: disk.id, expunge: true });
  expect(outcome.resultcode).toBe(530);
  expect(outcome.result['errortext']).toMatch(/^Expunging a volume can only be done by an Admin/);
  expect(volumes.all()).toMatchObject([{ id: disk.id, state: 'Ready', vmId: null }]);
});

test('a VM that a job which failed starts all the same is not destroyed under it', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = deployed(world, user, { startvm: false });
  simulator.setFaults([
    {
      when: { command: 'startVirtualMachine', phase: 'job-step', step: 1 },
      then: { effect: 'job-finishes-late', afterMs: 500, text: 'the agent does not answer' },
    },
  ]);
  user.run('startVirtualMachine', { id });
  const { jobid } = user.call('destroyVirtualMachine', { id });
  simulator.kernel.advanceUntilIdle();
  const { status, result } = user.job(jobid as string);
  expect(status).toBe(2);
  expect(result['errortext']).toContain(
    'Unable to transition to a new state from Starting via DestroyRequested',
  );
  simulator.kernel.advanceBy(60_000);
  expect(simulator.world.vms.require(id as string).state).toBe('Running');
  assertSound(simulator);
});
