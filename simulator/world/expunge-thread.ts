import type { JsonObject } from '../kernel/json.js';
import type { World } from './world.js';

const EXPUNGE_TASK = 'vm.expunge-thread';

/** The tasks of this file, by kind. */
export const expungeTasks: Readonly<Record<string, (world: World, args: JsonObject) => void>> = {
  [EXPUNGE_TASK]: (world) => scheduleExpungeThread(world),
};

/** Has the expunge thread run after each `expunge.interval`. */
export function scheduleExpungeThread(world: World): void {
  world.kernel.schedule({
    kind: EXPUNGE_TASK,
    args: {},
    afterMs: world.settings.get('expunge.interval') * 1_000,
  });
}
