import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, done, everyRole, objectOf, wait } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import {
  beginVmRevert,
  finishVmRevert,
  hasActiveVmSnapshots,
  vmSnapshotText,
} from '../../world/compute/vm-snapshots.js';
import type { VmRow, VmSnapshotRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { virtualMachineResponse } from '../virtual-machine/virtual-machine-response.js';
import { assertHostFor, otherSnapshotActive, queueOf } from './vm-snapshot-rules.js';

/**
 * Takes the disks of a VM back to what they held when a snapshot was taken, and the VM to its size
 * then. A running VM goes back to a snapshot with its memory, a stopped one to one without
 * (VMSnapshotManagerImpl.revertToSnapshot).
 */
export const revertToVmSnapshot = asyncCommand({
  name: 'revertToVMSnapshot',
  summary: 'Takes a VM back to a snapshot of it.',
  since: '4.2.0',
  roles: everyRole,
  javaClass: {
    user: 'user.vmsnapshot.RevertToVMSnapshotCmd',
    rootAdmin: 'admin.vmsnapshot.RevertToVMSnapshotCmdByAdmin',
  },
  parameters: { vmsnapshotid: entity('vmsnapshot', { required: true }) },
  response: objectOf(virtualMachineResponse),
  subject: ({ vmsnapshotid }) => ({ type: 'VmSnapshot', id: vmsnapshotid.id }),
  queue: ({ world }, { vmsnapshotid }) => queueOf(world, vmsnapshotid),
  check: (context, { vmsnapshotid: snapshot }) => {
    assertMayOperate(context, 'virtualmachine', context.world.vms.require(snapshot.vmId));
  },
  steps: [
    (context, { vmsnapshotid: snapshot }) => {
      assertMayRevert(context, snapshot);
      beginVmRevert(context.world, snapshot);
      return wait('duration.vmsnapshot.revert');
    },
    ({ world }, { vmsnapshotid: snapshot }) => {
      const vm = world.vms.require(snapshot.vmId);
      finishVmRevert(world, snapshot);
      restoreSize(world, vm, snapshot);
      return done(vm);
    },
  ],
});

function assertMayRevert(context: CommandContext, snapshot: VmSnapshotRow): void {
  const { world } = context;
  if (snapshot.removedMs !== null) {
    throw invalidParameter(`unable to find the vm snapshot with id ${snapshot.internalId}`);
  }
  const vm = world.vms.require(snapshot.vmId);
  if (vm.removedMs !== null) {
    throw invalidParameter(
      `Revert vm to snapshot: ${vmSnapshotText(world, snapshot)} failed due to vm: ${vm.internalId} is not found`,
    );
  }
  if (hasActiveVmSnapshots(world, vm.id)) throw otherSnapshotActive();
  assertMayOperate(context, 'vmsnapshot', snapshot);
  if (vm.state !== 'Running' && vm.state !== 'Stopped') {
    throw invalidParameter(
      'VM Snapshot reverting failed due to vm is not in the state of Running or Stopped.',
    );
  }
  if ((vm.state === 'Running') !== (snapshot.type === 'DiskAndMemory')) {
    throw invalidParameter(
      'VM Snapshot revert not allowed. This will result in VM state change. You can revert running VM to disk and memory type snapshot and stopped VM to disk type snapshot',
    );
  }
  if (snapshot.state !== 'Ready') {
    throw invalidParameter(
      'VM Snapshot reverting failed due to vm snapshot is not in the state of Created.',
    );
  }
  assertHostFor(world, vm);
}

/**
 * The offering that the VM had then is given to it again. A running VM, which was scaled up since,
 * cannot be scaled down: the job fails although the disks are taken back.
 */
function restoreSize(world: World, vm: VmRow, snapshot: VmSnapshotRow): void {
  const { serviceOfferingId, cpuNumber, cpuMhz, memoryMib } = snapshot;
  const isOfAnother =
    vm.serviceOfferingId !== serviceOfferingId ||
    vm.cpuNumber !== cpuNumber ||
    vm.cpuMhz !== cpuMhz ||
    vm.memoryMib !== memoryMib;
  if (!isOfAnother) return;
  if (vm.state === 'Running') {
    throw cloudRuntime(
      "VM Snapshot reverting failed due to vm service offering couldn't be changed to the one used when snapshot was taken",
    );
  }
  world.vms.change(vm, { serviceOfferingId, cpuNumber, cpuMhz, memoryMib });
}
