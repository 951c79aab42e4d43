import { CloudException } from '../world/cloud-exception.js';
import { UndeclaredTransition } from '../world/state-table.js';
import type { World } from '../world/world.js';
import { scheduleLateStep } from './job-tasks.js';
import { carryOut, moveOn, progressOf, type JobWork } from './job-work.js';

/** In the memo of a job that was told as failed, and did more after that. */
const WENT_ON_LATE = 'wentOnLate';

/** Takes a step of a job that was told as failed: the host does it without telling anybody. */
export function takeLateStep(work: JobWork, onFault: (error: unknown) => void): void {
  const { job, context } = work;
  try {
    const outcome = carryOut(work);
    progressOf(work).remember({ [WENT_ON_LATE]: true });
    if (outcome.kind !== 'done') scheduleLateStep(context.world, job, moveOn(work, outcome));
  } catch (error) {
    // Others may have taken the resource to where there is nothing left to do.
    if (error instanceof CloudException || error instanceof UndeclaredTransition) return;
    onFault(error);
  }
}

/**
 * Whether a step came upon a state that the late rest of another job had made, where CloudStack
 * throws NoTransitionException (VirtualMachineManagerImpl.changeState); by itself alone no step
 * of the simulator may get there.
 */
export function wasThwarted(world: World, error: unknown): error is UndeclaredTransition {
  return (
    error instanceof UndeclaredTransition &&
    world.jobs.where('instanceId', error.id).some(({ memo }) => memo[WENT_ON_LATE] === true)
  );
}
