// Proves that revertToVMSnapshot gives all disks of a VM back what they held, whatever the hypervisor,
// and the VM its size; which snapshot is the current one then; and what it refuses.
import { expect, test } from '@playwright/test';
import {
  guestDisk,
  listedVmSnapshot,
  refusedJob,
  vmSnapshotOf,
  vmWithDisk,
  writeTo,
} from '../../../support/simulator-vm-snapshots.js';
import { rootVolumeOf } from '../../../../simulator/world/storage/volumes.js';
import { idOf } from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

for (const [preset, memory] of [
  ['advanced-kvm', true],
  ['advanced-xenserver', true],
  ['advanced-xenserver', false],
  ['advanced-vmware', true],
  ['advanced-vmware', false],
] as const) {
  test(`on ${preset} all disks go back, ${memory ? 'with the memory of a running VM' : 'of a stopped VM'}`, () => {
    const world = vmWithDisk(preset);
    const { user, simulator, vmId, volumeId } = world;
    const rootId = rootVolumeOf(simulator.world, vmId)!.id;
    const { identity, device } = guestDisk(world, vmId, volumeId);
    writeTo(world, vmId, volumeId, { data: 'first' });
    writeTo(world, vmId, rootId, { log: 'booted' });
    const { id: vmsnapshotid } = vmSnapshotOf(user, vmId, { snapshotmemory: memory });
    writeTo(world, vmId, volumeId, { data: 'second', more: 'files' });
    writeTo(world, vmId, rootId, { log: 'broken' });
    if (!memory) user.done('stopVirtualMachine', { id: vmId });
    const { jobid } = user.call('revertToVMSnapshot', { vmsnapshotid });
    simulator.kernel.advanceBy(100);
    expect(listedVmSnapshot(user, vmsnapshotid as string)).toMatchObject({ state: 'Reverting' });
    assertSound(simulator);
    simulator.kernel.advanceUntilIdle();
    expect(user.job(jobid)).toMatchObject({
      status: 1,
      result: { virtualmachine: { id: vmId, state: memory ? 'Running' : 'Stopped' } },
    });
    if (!memory) user.done('startVirtualMachine', { id: vmId });
    expect(guestDisk(world, vmId, volumeId)).toMatchObject({ identity, files: { data: 'first' } });
    expect(guestDisk(world, vmId, volumeId).files).not.toHaveProperty('more');
    expect(guestDisk(world, vmId, rootId).files).toEqual({ log: 'booted' });
    if (memory) expect(guestDisk(world, vmId, volumeId).device).toBe(device);
    expect(listedVmSnapshot(user, vmsnapshotid as string)).toMatchObject({
      state: 'Ready',
      current: true,
    });
    assertSound(simulator);
  });
}

test('the snapshot that a VM went back to is the current one, and the next follows it', () => {
  const world = vmWithDisk();
  const { user, simulator, vmId } = world;
  const take = (name: string) => vmSnapshotOf(user, vmId, { name, snapshotmemory: true });
  const [one, two] = [take('one'), take('two')];
  user.done('revertToVMSnapshot', { vmsnapshotid: one['id'] });
  const three = take('three');
  expect(three).toMatchObject({ parent: one['id'], current: true });
  for (const { id } of [one, two]) {
    expect(listedVmSnapshot(user, id as string)).toMatchObject({ current: false });
  }
  assertSound(simulator);
});

test('a stopped VM gets the offering back that it had; a running one cannot be made smaller', () => {
  const world = vmWithDisk('advanced-xenserver');
  const { admin, user, simulator, vmId } = world;
  const before = simulator.world.vms.require(vmId).serviceOfferingId;
  const serviceofferingid = idOf(simulator.world.serviceOfferings.all(), 'm1.large');
  const disks = vmSnapshotOf(user, vmId, { name: 'disks' });
  const memory = vmSnapshotOf(user, vmId, { name: 'memory', snapshotmemory: true });
  user.done('stopVirtualMachine', { id: vmId });
  user.call('changeServiceForVirtualMachine', { id: vmId, serviceofferingid });
  const reverted = user.done('revertToVMSnapshot', { vmsnapshotid: disks['id'] });
  expect(reverted['virtualmachine']).toMatchObject({ serviceofferingid: before });
  user.call('changeServiceForVirtualMachine', { id: vmId, serviceofferingid });
  user.done('startVirtualMachine', { id: vmId });
  expect(admin.run('revertToVMSnapshot', { vmsnapshotid: memory['id'] }).result).toEqual({
    errorcode: 530,
    errortext:
      "VM Snapshot reverting failed due to vm service offering couldn't be changed to the one used when snapshot was taken",
  });
  expect(simulator.world.vms.require(vmId).serviceOfferingId).toBe(serviceofferingid);
  assertSound(simulator);
});

test('states of VM and snapshot that do not fit', () => {
  const world = vmWithDisk('advanced-xenserver');
  const { user, simulator, vmId } = world;
  const disks = vmSnapshotOf(user, vmId, { name: 'disks' });
  const memory = vmSnapshotOf(user, vmId, { name: 'memory', snapshotmemory: true });
  const refused = (vmsnapshotid: unknown): unknown =>
    refusedJob(world, user, 'revertToVMSnapshot', { vmsnapshotid: String(vmsnapshotid) });
  const wrongState = {
    errorcode: 431,
    errortext:
      'VM Snapshot revert not allowed. This will result in VM state change. You can revert running VM to disk and memory type snapshot and stopped VM to disk type snapshot',
  };
  expect(refused(disks['id'])).toEqual(wrongState);
  user.done('stopVirtualMachine', { id: vmId });
  expect(refused(memory['id'])).toEqual(wrongState);
  const snapshot = simulator.world.vmSnapshots.require(disks['id'] as string);
  simulator.world.vmSnapshots.move(snapshot, 'RevertRequested');
  expect(refused(memory['id'])).toEqual({
    errorcode: 431,
    errortext: 'There is other active vm snapshot tasks on the instance, please try again later',
  });
  simulator.world.vmSnapshots.move(snapshot, 'OperationFailed');
  simulator.world.vmSnapshots.move(snapshot, 'ExpungeRequested');
  simulator.world.vmSnapshots.move(snapshot, 'OperationFailed');
  expect(refused(disks['id'])).toEqual({
    errorcode: 431,
    errortext: 'VM Snapshot reverting failed due to vm snapshot is not in the state of Created.',
  });
  user.done('deleteVMSnapshot', { vmsnapshotid: disks['id'] });
  expect(refused(disks['id'])).toEqual({
    errorcode: 431,
    errortext: `unable to find the vm snapshot with id ${snapshot.internalId}`,
  });
});

test('a VM that is destroyed, and one without a host that is up', () => {
  const world = vmWithDisk('advanced-vmware');
  const { user, simulator, vmId } = world;
  const { id: vmsnapshotid } = vmSnapshotOf(user, vmId);
  user.done('stopVirtualMachine', { id: vmId });
  for (const host of simulator.world.hosts.all()) simulator.world.hosts.change(host, { up: false });
  expect(refusedJob(world, user, 'revertToVMSnapshot', { vmsnapshotid })).toEqual({
    errorcode: 431,
    errortext: 'no host in up state is found',
  });
  user.done('destroyVirtualMachine', { id: vmId });
  expect(refusedJob(world, user, 'revertToVMSnapshot', { vmsnapshotid })).toEqual({
    errorcode: 431,
    errortext: 'VM Snapshot reverting failed due to vm is not in the state of Running or Stopped.',
  });
});

test('somebody else may not, and hears so in the request', () => {
  const world = vmWithDisk();
  const { simulator, user, vmId } = world;
  const { id: vmsnapshotid } = vmSnapshotOf(user, vmId, { snapshotmemory: true });
  const admins = simulator.world.users.where('apiKey', world.admin.keys.apiKey)[0]!.accountId;
  simulator.world.vms.change(simulator.world.vms.require(vmId), { accountId: admins });
  expect(user.fails('revertToVMSnapshot', { vmsnapshotid }).httpStatus).toBe(531);
});
