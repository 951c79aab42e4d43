import { cloudRuntime } from '../cloud-exception.js';
import { leaveAffinityGroups } from './affinity-groups.js';
import type { VmRow } from '../entities.js';
import { leaveInstanceGroup } from './instance-groups.js';
import { leaveLoadBalancers } from '../network/load-balancers.js';
import { releaseNics } from '../network/nics.js';
import { purgeForwardingTo } from '../network/port-rules.js';
import type { VmEvent } from '../states/virtual-machine.js';
import { releaseStaticNat } from '../network/static-nat.js';
import { removeTags } from '../tags.js';
import { removeVmSnapshots } from './vm-snapshots.js';
import {
  destroyVolume,
  detachVolume,
  expungeVolume,
  isDestroyed,
  recoverVolume,
  volumesOf,
} from '../storage/volumes.js';
import type { World } from '../world.js';

/** The queue in which the jobs of one VM run one after the other (VmWorkJobVO). */
export function vmQueue(vmId: string): string {
  return `vm:${vmId}`;
}

/**
 * Takes a VM to its next state and notes when, which is what the expunge thread goes by. In Error and
 * Expunging it belongs to no affinity group any more (AffinityGroupServiceImpl.postStateTransitionEvent).
 */
export function moveVm(
  world: World,
  vm: VmRow,
  event: VmEvent,
  values: Partial<
    Pick<VmRow, 'hostId' | 'lastHostId' | 'destinationHostId' | 'bootedMs' | 'guestDevices'>
  > = {},
): void {
  world.vms.move(vm, event, { ...values, updatedMs: world.kernel.nowMs });
  if (vm.state === 'Error' || vm.state === 'Expunging') leaveAffinityGroups(world, vm.id);
}

/** A VM as error texts name it (VMInstanceVO.toString). */
export function vmText(vm: VmRow): string {
  const { internalId: id, instanceName, state } = vm;
  return `VM instance ${JSON.stringify({ id, instanceName, state, type: 'User', uuid: vm.id })}`;
}

/** Whether a VM waits for its end: ordinary users do not see it any more. */
export function isDestroyedVm(vm: VmRow): boolean {
  return vm.state === 'Destroyed' || vm.state === 'Expunging';
}

/** Whether a VM is on no host: stopping it changes nothing. */
export function isOff(vm: VmRow): boolean {
  return vm.state === 'Stopped' || vm.state === 'Error' || isDestroyedVm(vm);
}

/**
 * Begins to stop a VM. One that an operation has left in Starting or Migrating cannot be stopped;
 * with `forced` it is Stopped, and CloudStack trips over that (VirtualMachineManagerImpl.advanceStop).
 */
export function beginStop(world: World, vm: VmRow, { forced }: { forced: boolean }): void {
  if (world.vms.allows(vm, 'StopRequested')) {
    moveVm(world, vm, 'StopRequested');
    return;
  }
  if (!forced) throw cloudRuntime(`We cannot stop ${vmText(vm)} when it is in state ${vm.state}`);
  moveVm(world, vm, 'FollowAgentPowerOffReport', { hostId: null, destinationHostId: null });
  throw cloudRuntime(
    `We cannot proceed with stop VM ${vmText(vm)} since it is not in 'Stopping' state, ` +
      `current state: ${vm.state}`,
  );
}

/** A stopping VM has left its host, which it will be offered first when it starts again. */
export function finishStop(world: World, vm: VmRow): void {
  moveVm(world, vm, 'OperationSucceeded', { hostId: null, lastHostId: vm.hostId });
}

/** Stops a VM in one moment, as a part of something larger that takes its time. */
export function stopAtOnce(world: World, vm: VmRow): void {
  beginStop(world, vm, { forced: false });
  finishStop(world, vm);
}

/** Whether a job about the VM is at work, which others about it wait for. */
export function isWorkedOn(world: World, vm: VmRow): boolean {
  return world.jobs
    .where('queue', vmQueue(vm.id))
    .some(({ state, startedMs }) => state === 'pending' && startedMs !== null);
}

/**
 * Leaves a VM whose deployment failed: in state Error, its volumes destroyed, its name and its
 * addresses still taken (UserVmManagerImpl.updateVmStateForFailedVmCreation).
 */
export function failDeployment(world: World, vm: VmRow): void {
  moveVm(world, vm, 'OperationFailedToError');
  for (const volume of volumesOf(world, vm.id)) {
    if (!isDestroyed(volume)) destroyVolume(world, volume);
  }
}

/**
 * Destroys a VM that does not run: its data disks are detached, it keeps its root volume, its
 * addresses and its name, on VMware also its snapshots. A VM in state Error goes on to Expunging at
 * once (UserVmManagerImpl.destroyVm, VirtualMachineManagerImpl.deleteVMSnapshots).
 */
export function destroyVm(world: World, vm: VmRow): void {
  for (const volume of volumesOf(world, vm.id)) {
    if (volume.type === 'DATADISK' && !isDestroyed(volume)) detachVolume(world, volume);
  }
  if (vm.hypervisor !== 'VMware') removeVmSnapshots(world, vm.id);
  moveVm(world, vm, 'DestroyRequested');
}

/**
 * Takes a Destroyed VM back, Stopped. A root volume that was destroyed with it is taken back, too, if
 * it ever was on a pool (UserVmManagerImpl.recoverVirtualMachine).
 */
export function recoverVm(world: World, vm: VmRow): void {
  moveVm(world, vm, 'RecoveryRequested');
  const root = volumesOf(world, vm.id).find(({ type }) => type === 'ROOT');
  if (root?.state === 'Destroy' && root.poolId !== null) recoverVolume(world, root);
}

/**
 * Expunges a VM: its NICs go, which frees their addresses, its root volume is deleted, data disks
 * that it still has are detached, and its row is removed (UserVmManagerImpl.expunge).
 */
export function expungeVm(world: World, vm: VmRow): void {
  removeVmSnapshots(world, vm.id);
  moveVm(world, vm, 'ExpungeOperation');
  releaseNics(world, vm.id);
  for (const volume of volumesOf(world, vm.id)) {
    if (volume.type === 'ROOT' || isDestroyed(volume)) expungeVolume(world, volume);
    else detachVolume(world, volume);
  }
  purgeForwardingTo(world, vm.id);
  releaseStaticNat(world, vm.id);
  leaveLoadBalancers(world, vm.id);
  removeTags(world, vm.id);
  leaveInstanceGroup(world, vm);
  world.vms.remove(vm);
}
