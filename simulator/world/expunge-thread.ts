import type { JsonObject } from '../kernel/json.js';
import { expungeVm, isDestroyedVm } from './virtual-machines.js';
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
    const isWaiting = isDestroyedVm(vm) || vm.state === 'Error';
    if (isWaiting && vm.updatedMs < world.kernel.nowMs - delayMs) expungeVm(world, vm);
  }
}
