import { sameName } from '../../declare/list-parameters.js';
import {
  cloudRuntime,
  invalidParameter,
  type CloudException,
} from '../../world/cloud-exception.js';
import { vmQueue, vmText } from '../../world/compute/virtual-machines.js';
import { hasActiveVmSnapshots, vmSnapshotsOf } from '../../world/compute/vm-snapshots.js';
import type { VmRow, VmSnapshotRow } from '../../world/entities.js';
import { hasActiveSnapshots } from '../../world/storage/snapshots.js';
import { isInReach } from '../../world/storage/storage-pools.js';
import { rootVolumeOf } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';

/** What createVMSnapshot checks, in CloudStack's order (VMSnapshotManagerImpl.allocVMSnapshot). */
export function assertMaySnapshotVm(
  world: World,
  vm: VmRow,
  asked: { readonly displayName: string; readonly withMemory: boolean },
): void {
  if (vm.removedMs !== null) {
    throw invalidParameter(
      `Creating VM snapshot failed due to VM:${vm.internalId} is a system VM or does not exist`,
    );
  }
  assertNameIsFree(world, vm, asked.displayName);
  assertStateAllows(vm, asked.withMemory);
  const root = rootVolumeOf(world, vm.id);
  if (root?.state !== 'Ready') {
    throw cloudRuntime(`Unable to find root volume for the user vm:${vm.id}`);
  }
  assertHypervisorAllows(world, vm, asked.withMemory);
  assertBelowMaximum(world, vm);
  if (hasActiveSnapshots(world, vm.id)) {
    throw cloudRuntime(
      'There is other active volume snapshot tasks on the instance to which the volume is attached, please try again later.',
    );
  }
  if (hasActiveVmSnapshots(world, vm.id)) {
    throw cloudRuntime(
      'There is other active vm snapshot tasks on the instance, please try again later',
    );
  }
}

/** Something else is being done to a snapshot of the VM. */
export function otherSnapshotActive(): CloudException {
  return invalidParameter(
    'There is other active vm snapshot tasks on the instance, please try again later',
  );
}

/** The root volume must be there and at rest when the job begins. */
export function assertRootIsReady(world: World, vm: VmRow): void {
  const root = rootVolumeOf(world, vm.id);
  if (root === undefined) {
    throw cloudRuntime('Create vm to snapshot failed due to no root disk found');
  }
  if (root.state === 'Ready') return;
  throw cloudRuntime(
    `Create vm to snapshot failed due to vm: ${vmText(vm)} has root disk in ${root.state} state`,
  );
}

/** A stopped VM needs a host that reaches its disks (VMSnapshotHelperImpl.pickRunningHost). */
export function assertHostFor(world: World, vm: VmRow): void {
  if (vm.hostId !== null) return;
  const lastHost = vm.lastHostId === null ? undefined : world.hosts.require(vm.lastHostId);
  if (lastHost?.up === true) return;
  const poolId = rootVolumeOf(world, vm.id)?.poolId ?? null;
  const pool = poolId === null ? undefined : world.storagePools.require(poolId);
  if (pool === undefined) throw invalidParameter('pool id is not found');
  if (world.hosts.all().some((host) => host.up && isInReach(pool, host))) return;
  throw invalidParameter('no host in up state is found');
}

function assertNameIsFree(world: World, vm: VmRow, displayName: string): void {
  const taken = vmSnapshotsOf(world, vm.id).some((row) => sameName(row.displayName, displayName));
  if (!taken) return;
  throw invalidParameter(
    `Creating VM snapshot failed due to VM snapshot with name${displayName}  already exists`,
  );
}

function assertStateAllows(vm: VmRow, withMemory: boolean): void {
  if (vm.state !== 'Running' && vm.state !== 'Stopped') {
    throw invalidParameter(
      `Creating vm snapshot failed due to VM:${vm.internalId} is not in the running or Stopped state`,
    );
  }
  if (withMemory && vm.state !== 'Running') {
    throw invalidParameter('Can not snapshot memory when VM is not in Running state');
  }
}

/** On KVM a running VM has snapshots of its disks alone only if a setting says so. */
function assertHypervisorAllows(world: World, vm: VmRow, withMemory: boolean): void {
  if (vm.hypervisor !== 'KVM' || vm.state !== 'Running' || withMemory) return;
  if (world.settings.get('kvm.vmstoragesnapshot.enabled')) return;
  throw cloudRuntime(
    'Creating a snapshot of a running KVM instance without memory is not supported',
  );
}

function assertBelowMaximum(world: World, vm: VmRow): void {
  const max = world.settings.get('vmsnapshot.max');
  if (vmSnapshotsOf(world, vm.id).length < max) return;
  throw cloudRuntime(
    `Creating vm snapshot failed due to a VM can just have : ${max} VM snapshots. Please delete old ones`,
  );
}

/**
 * The queue of a job about a VM snapshot: that of its VM. CloudStack looks before it queues whether
 * something else is being done to a snapshot of the VM, and then the job fails at once.
 */
export function queueOf(world: World, { vmId }: VmSnapshotRow): string | null {
  return hasActiveVmSnapshots(world, vmId) ? null : vmQueue(vmId);
}
