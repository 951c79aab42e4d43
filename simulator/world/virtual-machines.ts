import type { VmRow } from './entities.js';
import type { VmEvent } from './states/virtual-machine.js';
import type { World } from './world.js';

/** The queue in which the jobs of one VM run one after the other (VmWorkJobVO). */
export function vmQueue(vmId: string): string {
  return `vm:${vmId}`;
}

/** Takes a VM to its next state and notes when, which is what the expunge thread goes by. */
export function moveVm(
  world: World,
  vm: VmRow,
  event: VmEvent,
  values: Partial<Pick<VmRow, 'hostId' | 'lastHostId'>> = {},
): void {
  world.vms.move(vm, event, { ...values, updatedMs: world.kernel.nowMs });
}

/** A VM as error texts name it (VMInstanceVO.toString). */
export function vmText(vm: VmRow): string {
  const { internalId, instanceName, state, id } = vm;
  return `VM instance ${JSON.stringify({ id: internalId, instanceName, state, type: 'User', uuid: id })}`;
}

/**
 * Destroys a VM that does not run: its data disks are detached, it keeps its root volume, its
 * addresses and its name. A VM in state Error goes on to Expunging at once (UserVmManagerImpl.destroyVm).
 */
export function destroyVm(world: World, vm: VmRow): void {
  throw new Error(`destroying ${vm.id} is not written yet ${world.kernel.nowMs}`);
}

/**
 * Expunges a VM: its NICs go, which frees their addresses, its root volume is deleted, data disks
 * that it still has are detached, and its row is removed (UserVmManagerImpl.expunge).
 */
export function expungeVm(world: World, vm: VmRow): void {
  throw new Error(`expunging ${vm.id} is not written yet ${world.kernel.nowMs}`);
}
