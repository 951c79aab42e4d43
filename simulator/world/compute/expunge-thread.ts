import type { JsonObject } from '../../kernel/json.js';
import type { VmRow } from '../entities.js';
import { expungeVm, isDestroyedVm } from './virtual-machines.js';
import { volumesOf } from '../storage/volumes.js';
import type { World } from '../world.js';

const EXPUNGE_TASK = 'vm.expunge-thread';

/** CloudStack turns the delay's seconds into milliseconds by shifting them by ten bits. */
const MS_PER_DELAY_SECOND = 1_024;

/** The tasks of this file, by kind. */
export const expungeTasks: Readonly<Record<string, (world: World, args: JsonObject) => void>> = {
  [EXPUNGE_TASK]: (world) => {
    expungeOldVms(world);
    scheduleExpungeThread(world);
  },
};

/** Has the expunge thread run after each `expunge.interval`. */
export function scheduleExpungeThread(world: World): void {
  world.kernel.schedule({
    kind: EXPUNGE_TASK,
    args: {},
    afterMs: world.settings.get('expunge.interval') * 1_000,
  });
}

/** When the expunge thread will take a VM that is Destroyed, Expunging or in state Error already. */
export function expungeRunFor(world: World, vm: VmRow): number {
  const dueMs = vm.updatedMs + delayMs(world);
  const intervalMs = world.settings.get('expunge.interval') * 1_000;
  const nextRunMs = world.kernel.dueAtMs(EXPUNGE_TASK) ?? world.kernel.nowMs + intervalMs;
  if (nextRunMs > dueMs || intervalMs <= 0) return nextRunMs;
  return nextRunMs + (Math.floor((dueMs - nextRunMs) / intervalMs) + 1) * intervalMs;
}

/**
 * Expunges the VMs that have been Destroyed, Expunging or in state Error for longer than
 * `expunge.delay` (UserVmManagerImpl.ExpungeTask, UserVmDaoImpl.findDestroyedVms).
 */
function expungeOldVms(world: World): void {
  const latestMs = world.kernel.nowMs - delayMs(world);
  for (const vm of world.vms.all()) {
    const isWaiting = (isDestroyedVm(vm) || vm.state === 'Error') && !hasBusyVolume(world, vm.id);
    if (isWaiting && vm.updatedMs < latestMs) expungeVm(world, vm);
  }
}

/** A root volume that is at work can't be deleted: the thread fails and tries again later. */
function hasBusyVolume(world: World, vmId: string): boolean {
  return volumesOf(world, vmId).some(({ state }) =>
    ['Snapshotting', 'RevertSnapshotting', 'Resizing', 'Migrating'].includes(state),
  );
}

function delayMs(world: World): number {
  return world.settings.get('expunge.delay') * MS_PER_DELAY_SECOND;
}
