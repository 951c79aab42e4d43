// Proves that createVMSnapshot takes snapshots of VMs as each hypervisor can, running or stopped,
// with memory or without, through their states; and what it refuses.
import { expect, test } from '@playwright/test';
import type { Values } from '../../../support/simulator-client.js';
import { allowRunningSnapshots } from '../../../support/simulator-snapshots.js';
import {
  listedVmSnapshot,
  vmSnapshotOf,
  vmWithDisk,
  type VmWithDisk,
} from '../../../support/simulator-vm-snapshots.js';
import { deployed, refusedUnchanged } from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

/** All refusals are failures of CloudStack's own, whose texts everybody is told. */
function refusal(world: VmWithDisk, values: Values = {}): unknown {
  const asked = { virtualmachineid: world.vmId, ...values };
  const refused = refusedUnchanged(world, world.user, 'createVMSnapshot', asked);
  expect(refused.httpStatus).toBe(530);
  return refused.errortext;
}

test('a snapshot with memory goes through its states, and shows its VM', () => {
  const world = vmWithDisk();
  const { user, simulator, vmId } = world;
  const { id, jobid } = user.call('createVMSnapshot', {
    virtualmachineid: vmId,
    name: 'before',
    description: 'the upgrade',
    snapshotmemory: true,
  });
  const states = (): unknown => listedVmSnapshot(user, id as string)?.['state'];
  expect(states()).toBe('Allocated');
  assertSound(simulator);
  simulator.kernel.advanceBy(50);
  expect(states()).toBe('Creating');
  assertSound(simulator);
  simulator.kernel.advanceBy(3_000);
  const vm = simulator.world.vms.require(vmId);
  const listed = listedVmSnapshot(user, id as string);
  expect(listed).toMatchObject({
    id,
    state: 'Ready',
    type: 'DiskAndMemory',
    displayname: 'before',
    description: 'the upgrade',
    current: true,
    virtualmachineid: vmId,
    virtualmachinename: vm.displayName,
    hypervisor: 'KVM',
    zonename: 'zone1',
    account: 'bosh',
    tags: [],
  });
  expect(listed!['name']).toMatch(new RegExp(`^${vm.instanceName}_VS_\\d{14}$`));
  expect(listed).not.toHaveProperty('parent');
  expect(user.job(jobid)).toMatchObject({ status: 1, result: { vmsnapshot: listed } });
  assertSound(simulator);
});

test('a snapshot without a name is called as it is named, and follows the current one', () => {
  const world = vmWithDisk('advanced-vmware');
  const { user, simulator, vmId } = world;
  const first = vmSnapshotOf(user, vmId);
  expect(first['displayname']).toBe(first['name']);
  expect(first).not.toHaveProperty('description');
  const second = vmSnapshotOf(user, vmId, { name: 'second' });
  expect(second).toMatchObject({
    parent: first['id'],
    parentName: first['displayname'],
    current: true,
  });
  expect(listedVmSnapshot(user, first['id'] as string)).toMatchObject({ current: false });
  assertSound(simulator);
});

for (const [preset, state, snapshotmemory, type] of [
  ['advanced-kvm', 'Running', true, 'DiskAndMemory'],
  ['advanced-xenserver', 'Running', true, 'DiskAndMemory'],
  ['advanced-xenserver', 'Running', false, 'Disk'],
  ['advanced-xenserver', 'Stopped', false, 'Disk'],
  ['advanced-vmware', 'Running', true, 'DiskAndMemory'],
  ['advanced-vmware', 'Running', false, 'Disk'],
  ['advanced-vmware', 'Stopped', false, 'Disk'],
] as const) {
  const memory = snapshotmemory ? 'with' : 'without';
  test(`on ${preset} a ${state} VM has snapshots ${memory} memory`, () => {
    const world = vmWithDisk(preset);
    const { user, vmId } = world;
    if (state === 'Stopped') user.done('stopVirtualMachine', { id: vmId });
    const snapshot = vmSnapshotOf(user, vmId, { snapshotmemory, quiescevm: !snapshotmemory });
    expect(snapshot).toMatchObject({ state: 'Ready', type });
    assertSound(world.simulator);
  });
}

test('on KVM a running VM has one of its disks alone only if a setting says so', () => {
  const world = vmWithDisk();
  expect(refusal(world)).toBe(
    'Failed to create vm snapshot: Creating a snapshot of a running KVM instance without memory is not supported',
  );
  world.simulator.world.settings.set('kvm.vmstoragesnapshot.enabled', true);
  expect(vmSnapshotOf(world.user, world.vmId)).toMatchObject({ state: 'Ready', type: 'Disk' });
});

test('on KVM the snapshot of a stopped VM fails on the host, and stays as Error', () => {
  const world = vmWithDisk();
  const { user, simulator, vmId } = world;
  user.done('stopVirtualMachine', { id: vmId });
  const { id, status, result } = user.run('createVMSnapshot', { virtualmachineid: vmId });
  expect(status).toBe(2);
  const { instanceName, internalId } = simulator.world.vms.require(vmId);
  const { name, internalId: number } = simulator.world.vmSnapshots.require(id!);
  expect(result).toEqual({
    errorcode: 530,
    errortext:
      `Failed to create vm snapshot: [VMSnapshot {"id":${number},"name":"${name}","uuid":"${id!}","vmId":${internalId}}] ` +
      `due to: Creating VM snapshot: ${name} failed due to  Create VM snapshot failed due to ` +
      `org.libvirt.LibvirtException: Domain not found: no domain with matching name '${instanceName}'`,
  });
  expect(listedVmSnapshot(user, id!)).toMatchObject({ state: 'Error', current: false });
  assertSound(simulator);
  expect(user.done('deleteVMSnapshot', { vmsnapshotid: id! })).toEqual({ success: true });
});

test('names, states and numbers that are refused', () => {
  const world = vmWithDisk('advanced-xenserver');
  const { user, simulator, vmId } = world;
  const failed = 'Failed to create vm snapshot: ';
  vmSnapshotOf(user, vmId, { name: 'one' });
  expect(refusal(world, { name: 'ONE' })).toBe(
    `${failed}Creating VM snapshot failed due to VM snapshot with nameONE  already exists`,
  );
  simulator.world.settings.set('vmsnapshot.max', 1);
  expect(refusal(world)).toBe(
    `${failed}Creating vm snapshot failed due to a VM can just have : 1 VM snapshots. Please delete old ones`,
  );
  simulator.world.settings.set('vmsnapshot.max', 10);
  user.done('stopVirtualMachine', { id: vmId });
  expect(refusal(world, { snapshotmemory: true })).toBe(
    `${failed}Can not snapshot memory when VM is not in Running state`,
  );
  user.call('startVirtualMachine', { id: vmId });
  simulator.kernel.advanceBy(100);
  const { internalId } = simulator.world.vms.require(vmId);
  expect(refusal(world)).toBe(
    `${failed}Creating vm snapshot failed due to VM:${internalId} is not in the running or Stopped state`,
  );
});

test('a VM that never started has no root volume to take', () => {
  const world = vmWithDisk('advanced-xenserver');
  const vm = deployed(world, world.user, { name: 'stopped', startvm: false });
  expect(refusal(world, { virtualmachineid: vm['id'] })).toBe(
    `Failed to create vm snapshot: Unable to find root volume for the user vm:${String(vm['id'])}`,
  );
});

test('one snapshot at a time: of the VM, or of its volumes', () => {
  const world = vmWithDisk();
  const { user, simulator, vmId, volumeId } = world;
  allowRunningSnapshots(world);
  const values = { virtualmachineid: vmId, snapshotmemory: true };
  const { jobid } = user.call('createVMSnapshot', values);
  expect(refusal(world, { ...values, name: 'other' })).toBe(
    'Failed to create vm snapshot: There is other active vm snapshot tasks on the instance, please try again later',
  );
  simulator.kernel.advanceBy(100);
  expect(
    refusedUnchanged(world, world.admin, 'createSnapshot', { volumeid: volumeId }),
  ).toMatchObject({
    httpStatus: 530,
    errortext:
      'There is other active vm snapshot tasks on the instance to which the volume is attached, please try again later',
  });
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid).status).toBe(1);
  user.call('createSnapshot', { volumeid: volumeId, asyncbackup: true });
  simulator.kernel.advanceBy(1_700);
  expect(refusal(world, { ...values, name: 'other' })).toBe(
    'Failed to create vm snapshot: There is other active volume snapshot tasks on the instance to which the volume is attached, please try again later.',
  );
  simulator.kernel.advanceUntilIdle();
  expect(vmSnapshotOf(user, vmId, { snapshotmemory: true, name: 'later' })['state']).toBe('Ready');
});

test('a VM that is destroyed while its snapshot waits', () => {
  const world = vmWithDisk();
  const { user, simulator, vmId } = world;
  user.call('destroyVirtualMachine', { id: vmId });
  const { jobid } = user.call('createVMSnapshot', { virtualmachineid: vmId, snapshotmemory: true });
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid)).toMatchObject({ status: 2, resultcode: 530 });
  expect(user.job(jobid).result['errortext']).toMatch(/^VM snapshot id: \d+ can not be found$/);
  assertSound(simulator);
});
