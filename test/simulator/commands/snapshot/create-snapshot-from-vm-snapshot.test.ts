// Proves that createSnapshotFromVMSnapshot brings what a snapshot of a VM holds of a volume to
// secondary storage, on KVM only; what it refuses; and that nothing is left of what fails.
import { expect, test } from '@playwright/test';
import { listedSnapshot, shownOnStores } from '../../../support/simulator-snapshots.js';
import { vmSnapshotOf, vmWithDisk, writeTo } from '../../../support/simulator-vm-snapshots.js';
import { refusedUnchanged } from '../../../support/simulator-vms.js';
import { createdVolume } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

const COMMAND = 'createSnapshotFromVMSnapshot';

test('the snapshot holds what the VM held then, and a volume can be made from it', () => {
  const world = vmWithDisk();
  const { user, simulator, vmId, volumeId } = world;
  writeTo(world, vmId, volumeId, { data: 'first' });
  const { id: vmsnapshotid } = vmSnapshotOf(user, vmId, { snapshotmemory: true });
  writeTo(world, vmId, volumeId, { data: 'second' });
  const values = { vmsnapshotid, volumeid: volumeId, name: 'from the VM' };
  const { id, jobid } = user.call(COMMAND, values);
  simulator.kernel.advanceBy(100);
  expect(listedSnapshot(user, id as string)).toMatchObject({ state: 'BackingUp' });
  assertSound(simulator);
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid)).toMatchObject({
    status: 1,
    result: { snapshot: { id, name: 'from the VM', state: 'BackedUp', volumeid: volumeId } },
  });
  expect(shownOnStores(world, id as string)).toEqual([['zone1', 'Image', 'Ready']]);
  const copy = user.done('createVolume', { snapshotid: id as string, name: 'copy' })['volume'] as {
    id: string;
  };
  expect(simulator.world.volumes.require(copy.id).files).toEqual({ data: 'first' });
  user.done('deleteVMSnapshot', { vmsnapshotid });
  expect(listedSnapshot(user, id as string)).toMatchObject({ state: 'BackedUp' });
  assertSound(simulator);
});

test('on other hypervisors the job fails, and its snapshot is gone', () => {
  const world = vmWithDisk('advanced-xenserver');
  const { user, simulator, vmId, volumeId } = world;
  const { id: vmsnapshotid } = vmSnapshotOf(user, vmId);
  expect(user.run(COMMAND, { vmsnapshotid, volumeid: volumeId }).result).toEqual({
    errorcode: 431,
    errortext: 'Unsupported hypervisor type XenServer. This supports KVM only',
  });
  expect(user.call('listSnapshots')).toEqual({});
  assertSound(simulator);
});

test('a snapshot of the VM that failed holds nothing', () => {
  const world = vmWithDisk();
  const { user, simulator, vmId, volumeId } = world;
  user.done('stopVirtualMachine', { id: vmId });
  const { id: vmsnapshotid } = user.run('createVMSnapshot', { virtualmachineid: vmId });
  const { errorcode, errortext } = user.run(COMMAND, {
    vmsnapshotid: vmsnapshotid!,
    volumeid: volumeId,
  }).result;
  expect(errorcode).toBe(530);
  expect(errortext).toMatch(
    /^Failed to create snapshot due to an internal error creating snapshot from vm snapshot VMSnapshot \{/,
  );
  expect(user.call('listSnapshots')).toEqual({});
  assertSound(simulator);
});

test('a volume of another VM, a snapshot that is gone, and limits are refused in the request', () => {
  const world = vmWithDisk();
  const { admin, user, simulator, vmId, volumeId } = world;
  const { id: vmsnapshotid } = vmSnapshotOf(user, vmId, { snapshotmemory: true });
  const other = createdVolume(world, user, { name: 'other' });
  const free = refusedUnchanged(world, user, COMMAND, { vmsnapshotid, volumeid: other });
  expect(free.httpStatus).toBe(431);
  expect(free.errortext).toMatch(
    /^Creating snapshot failed due to volume:Volume \{.*\} doesn't attach to vm :VM instance \{.*\}$/,
  );
  const { domainid } = (user.call('listAccounts')['account'] as { domainid: string }[])[0]!;
  admin.call('updateResourceLimit', { resourcetype: 3, account: 'bosh', domainid, max: 0 });
  expect(
    refusedUnchanged(world, user, COMMAND, { vmsnapshotid, volumeid: volumeId }),
  ).toMatchObject({ httpStatus: 535 });
  admin.call('updateResourceLimit', { resourcetype: 3, account: 'bosh', domainid, max: -1 });
  const { internalId } = simulator.world.vmSnapshots.require(vmsnapshotid as string);
  user.done('deleteVMSnapshot', { vmsnapshotid });
  expect(
    refusedUnchanged(world, user, COMMAND, { vmsnapshotid, volumeid: volumeId }),
  ).toMatchObject({ httpStatus: 431, errortext: `Unable to find vm snapshot by id=${internalId}` });
});
