import { invalidParameter } from '../cloud-exception.js';
import type { VmRow, VmSnapshotRow } from '../entities.js';
import type { VmSnapshotState } from '../states/vm-snapshot.js';
import { contentOf, copyOf } from '../storage/disk-content.js';
import { isDestroyed, volumesOf } from '../storage/volumes.js';
import { removeTags } from '../tags.js';
import type { World } from '../world.js';

/** The snapshots of a VM, whatever has become of them, without the removed ones. */
export function vmSnapshotsOf(world: World, vmId: string): VmSnapshotRow[] {
  return world.vmSnapshots.where('vmId', vmId);
}

/** Whether a VM has snapshots: much cannot be done to it then (VMSnapshotDaoImpl.findByVm). */
export function hasVmSnapshots(world: World, vmId: string): boolean {
  return world.vmSnapshots.count('vmId', vmId) > 0;
}

/** Throws 431 with the text that a command says for a VM that has snapshots. */
export function assertNoVmSnapshots(world: World, vmId: string, text: string): void {
  if (hasVmSnapshots(world, vmId)) throw invalidParameter(text);
}

/** Whether something is being done to a snapshot of the VM, or is about to be. */
export function hasActiveVmSnapshots(
  world: World,
  vmId: string,
  states: readonly VmSnapshotState[] = ['Creating', 'Expunging', 'Reverting', 'Allocated'],
): boolean {
  return vmSnapshotsOf(world, vmId).some(({ state }) => states.includes(state));
}

/** Enters a snapshot of a VM, Allocated; the VM and its disks are not touched yet. */
export function allocateVmSnapshot(
  world: World,
  vm: VmRow,
  asked: Pick<VmSnapshotRow, 'name' | 'displayName' | 'description' | 'type'>,
): VmSnapshotRow {
  const { serviceOfferingId, cpuNumber, cpuMhz, memoryMib } = vm;
  return world.vmSnapshots.insert({
    ...asked,
    vmId: vm.id,
    accountId: vm.accountId,
    state: 'Allocated',
    parentId: null,
    current: false,
    serviceOfferingId,
    cpuNumber,
    cpuMhz,
    memoryMib,
    disks: {},
  });
}

/** Begins to take a snapshot; it follows the one that is the current one. */
export function beginVmSnapshot(world: World, snapshot: VmSnapshotRow): void {
  world.vmSnapshots.move(snapshot, 'CreateRequested', {
    parentId: currentOf(world, snapshot.vmId)?.id ?? null,
  });
}

/** The snapshot holds what the disks of the VM hold now, and is the current one. */
export function finishVmSnapshot(world: World, snapshot: VmSnapshotRow): void {
  const disks = volumesOf(world, snapshot.vmId).filter((volume) => !isDestroyed(volume));
  unmarkCurrent(world, snapshot.vmId);
  world.vmSnapshots.move(snapshot, 'OperationSucceeded', {
    current: true,
    disks: Object.fromEntries(disks.map((volume) => [volume.id, copyOf(volume)])),
  });
}

/** What could not be taken is Error, and stays until somebody deletes it. */
export function failVmSnapshot(world: World, snapshot: VmSnapshotRow): void {
  world.vmSnapshots.move(snapshot, 'OperationFailed');
}

export function beginVmRevert(world: World, snapshot: VmSnapshotRow): void {
  world.vmSnapshots.move(snapshot, 'RevertRequested');
}

/** The disks hold again what they held then, and the snapshot is the current one. */
export function finishVmRevert(world: World, snapshot: VmSnapshotRow): void {
  for (const volume of volumesOf(world, snapshot.vmId)) {
    const kept = snapshot.disks[volume.id];
    if (kept !== undefined) world.volumes.change(volume, contentOf(kept));
  }
  if (!snapshot.current) unmarkCurrent(world, snapshot.vmId);
  world.vmSnapshots.move(snapshot, 'OperationSucceeded', { current: true });
}

export function beginVmSnapshotDeletion(world: World, snapshot: VmSnapshotRow): void {
  world.vmSnapshots.move(snapshot, 'ExpungeRequested');
}

/**
 * Removes a snapshot: those that follow it follow the one before it, which is the current one if it
 * was (DefaultVMSnapshotStrategy.finalizeDelete). CloudStack leaves the state as it is.
 */
export function removeVmSnapshot(world: World, snapshot: VmSnapshotRow): void {
  const { id, vmId, parentId, current } = snapshot;
  for (const other of vmSnapshotsOf(world, vmId)) {
    if (other.parentId === id) world.vmSnapshots.change(other, { parentId });
  }
  world.vmSnapshots.change(snapshot, { current: false });
  world.vmSnapshots.remove(snapshot);
  removeTags(world, id);
  const parent = parentId === null ? undefined : world.vmSnapshots.require(parentId);
  if (current && parent !== undefined) world.vmSnapshots.change(parent, { current: true });
}

/**
 * Removes all snapshots of a VM that goes itself. One in whose midst something has stopped is
 * removed as it is (VMSnapshotManagerImpl.deleteVMSnapshotsFromDB).
 */
export function removeVmSnapshots(world: World, vmId: string): void {
  for (const snapshot of vmSnapshotsOf(world, vmId)) {
    if (world.vmSnapshots.allows(snapshot, 'ExpungeRequested')) {
      beginVmSnapshotDeletion(world, snapshot);
    }
    removeVmSnapshot(world, snapshot);
  }
}

/** Takes a snapshot out of a state between two, as a failure of the host does. */
export function endVmSnapshotOperation(world: World, snapshotId: string): void {
  const snapshot = world.vmSnapshots.get(snapshotId);
  if (snapshot === undefined || snapshot.removedMs !== null) return;
  if (world.vmSnapshots.allows(snapshot, 'OperationFailed')) failVmSnapshot(world, snapshot);
}

/** A VM snapshot as error texts name it (VMSnapshotVO.toString). */
export function vmSnapshotText(world: World, snapshot: VmSnapshotRow): string {
  const { internalId, id, name, vmId } = snapshot;
  const vm = world.vms.require(vmId).internalId;
  return `VMSnapshot ${JSON.stringify({ id: internalId, name, uuid: id, vmId: vm })}`;
}

function currentOf(world: World, vmId: string): VmSnapshotRow | undefined {
  return vmSnapshotsOf(world, vmId).find(({ current }) => current);
}

function unmarkCurrent(world: World, vmId: string): void {
  const current = currentOf(world, vmId);
  if (current !== undefined) world.vmSnapshots.change(current, { current: false });
}
