import { asyncCreateCommand, done, everyRole, objectOf, wait } from '../../declare/command.js';
import { entity, flag, text } from '../../declare/parameter.js';
import {
  CloudException,
  cloudRuntime,
  invalidParameter,
  serverApiError,
} from '../../world/cloud-exception.js';
import { vmQueue } from '../../world/compute/virtual-machines.js';
import {
  allocateVmSnapshot,
  beginVmSnapshot,
  failVmSnapshot,
  finishVmSnapshot,
  vmSnapshotText,
} from '../../world/compute/vm-snapshots.js';
import type { VmRow, VmSnapshotRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { assertHostFor, assertMaySnapshotVm, assertRootIsReady } from './vm-snapshot-rules.js';
import { vmSnapshotResponse } from './vm-snapshot-response.js';

/**
 * Takes a snapshot of a VM: of its disks, or with `snapshotmemory` of what runs as well. All that is
 * refused in the request is told as a failure of CloudStack's own (CreateVMSnapshotCmd.create,
 * VMSnapshotManagerImpl.allocVMSnapshot).
 */
export const createVmSnapshot = asyncCreateCommand({
  name: 'createVMSnapshot',
  summary: 'Takes a snapshot of a VM.',
  since: '4.2.0',
  roles: everyRole,
  javaClass: { user: 'user.vmsnapshot.CreateVMSnapshotCmd' },
  parameters: {
    virtualmachineid: entity('virtualmachine', { required: true, access: 'operate' }),
    name: text(),
    description: text(),
    snapshotmemory: flag(),
    // VMware alone hands it on, to the tools of a guest; no simulated guest has anything to write.
    quiescevm: flag(),
  },
  response: objectOf(vmSnapshotResponse),
  subjectType: 'VmSnapshot',
  queue: ({ vmId }: VmSnapshotRow) => vmQueue(vmId),
  create: ({ world }, { virtualmachineid: vm, name, description, snapshotmemory = false }) => {
    const defaultName = `${vm.instanceName}_VS_${timeText(world)}`;
    const displayName = name ?? defaultName;
    try {
      assertMaySnapshotVm(world, vm, { displayName, withMemory: snapshotmemory });
    } catch (error) {
      if (!(error instanceof CloudException)) throw error;
      throw serverApiError(530, `Failed to create vm snapshot: ${error.message}`);
    }
    return allocateVmSnapshot(world, vm, {
      name: defaultName,
      displayName,
      description: description ?? null,
      type: snapshotmemory ? 'DiskAndMemory' : 'Disk',
    });
  },
  steps: [
    ({ world }, { virtualmachineid: vm }, { createdId }) => {
      const snapshot = world.vmSnapshots.require(createdId);
      if (vm.removedMs !== null) {
        throw invalidParameter(
          `Create vm to snapshot failed due to vm: ${vm.internalId} is not found`,
        );
      }
      if (snapshot.removedMs !== null) {
        throw cloudRuntime(`VM snapshot id: ${snapshot.internalId} can not be found`);
      }
      assertRootIsReady(world, vm);
      toldWithSnapshot(world, snapshot, () => {
        assertHostFor(world, vm);
      });
      beginVmSnapshot(world, snapshot);
      return wait('duration.vmsnapshot.create');
    },
    ({ world }, { virtualmachineid: vm }, { createdId }) => {
      const snapshot = world.vmSnapshots.require(createdId);
      toldWithSnapshot(world, snapshot, () => {
        takeOnHost(world, vm, snapshot);
      });
      return done(snapshot);
    },
  ],
});

/** `yyyyMMddHHmmss` in GMT. */
function timeText(world: World): string {
  return new Date(world.kernel.nowMs).toISOString().slice(0, 19).replace(/\D/g, '');
}

/** Libvirt knows no VM that does not run (LibvirtCreateVMSnapshotCommandWrapper). */
function takeOnHost(world: World, vm: VmRow, snapshot: VmSnapshotRow): void {
  if (vm.hypervisor !== 'KVM' || vm.state === 'Running') {
    finishVmSnapshot(world, snapshot);
    return;
  }
  failVmSnapshot(world, snapshot);
  throw cloudRuntime(
    `Creating VM snapshot: ${snapshot.name} failed due to  Create VM snapshot failed due to ` +
      `org.libvirt.LibvirtException: Domain not found: no domain with matching name '${vm.instanceName}'`,
  );
}

/** What goes wrong on the host is told with the snapshot's name (orchestrateCreateVMSnapshot). */
function toldWithSnapshot(world: World, snapshot: VmSnapshotRow, act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof CloudException)) throw error;
    throw cloudRuntime(
      `Failed to create vm snapshot: [${vmSnapshotText(world, snapshot)}] due to: ${error.message}`,
    );
  }
}
