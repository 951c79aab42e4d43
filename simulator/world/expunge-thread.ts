import type { JsonObject } from '../kernel/json.js';
import { expungeVm, isDestroyedVm } from './virtual-machines.js';
import { volumesOf } from './volumes.js';
import type { World } from './world.js';

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

/**
 * Expunges the VMs that have been Destroyed, Expunging or in state Error for longer than
 * `expunge.delay` (UserVmManagerImpl.ExpungeTask, UserVmDaoImpl.findDestroyedVms).
 */
function expungeOldVms(world: World): void {
  const delayMs = world.settings.get('expunge.delay') * MS_PER_DELAY_SECOND;
  for (const vm of world.vms.all()) {
    const isWaiting = (isDestroyedVm(vm) || vm.state === 'Error') && !hasBusyVolume(world, vm.id);
    if (isWaiting && vm.updatedMs < world.kernel.nowMs - delayMs) expungeVm(world, vm);
  }
}

/** A root volume that is at work can't be deleted: the thread fails and tries again later. */
function hasBusyVolume(world: World, vmId: string): boolean {
  return volumesOf(world, vmId).some(({ state }) =>
    ['Snapshotting', 'Resizing', 'Migrating'].includes(state),
  );
}
