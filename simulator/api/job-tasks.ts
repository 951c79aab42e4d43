import type { JobRow } from '../world/entities.js';
import { JOB_LATE_STEP_TASK, jobItem } from '../world/jobs.js';
import type { World } from '../world/world.js';

// When something is to be done about a job. Each time is a task, so jobs are saved with the world.

/** The task that carries out the next step of a job. */
export const JOB_STEP_TASK = 'job.step';
/** The task that looks at the request of a job that waits. */
export const JOB_ADMISSION_TASK = 'job.admission';
/** The task that gives up a job for which others have waited too long. */
export const JOB_CANCEL_TASK = 'job.cancel';
/** The task that forgets a job. */
export const JOB_EXPIRY_TASK = 'job.expiry';

/** Has the next step done, or the job given up where that would come too late. */
export function scheduleStep(world: World, job: JobRow, afterMs: number): void {
  const patienceMs = patienceWith(world, job);
  const [jobId, item] = [job.id, jobItem(job.id)];
  world.kernel.schedule(
    afterMs <= patienceMs
      ? { kind: JOB_STEP_TASK, args: { jobId }, afterMs, item }
      : {
          kind: JOB_CANCEL_TASK,
          args: { jobId, goesOnAfterMs: afterMs - patienceMs },
          afterMs: patienceMs,
          item,
        },
  );
}

/** A job that does nothing more keeps the others of its queue waiting for a while. */
export function scheduleCancellation(world: World, job: JobRow): void {
  if (job.queue === null || world.jobs.get(job.id)?.state !== 'pending') return;
  world.kernel.schedule({
    kind: JOB_CANCEL_TASK,
    args: { jobId: job.id, goesOnAfterMs: null },
    afterMs: patienceWith(world, job),
  });
}

/** Has the next step done of a job that was told as failed. */
export function scheduleLateStep(world: World, job: JobRow, afterMs: number): void {
  world.kernel.schedule({ kind: JOB_LATE_STEP_TASK, args: { jobId: job.id }, afterMs });
}

/** Has the request of a job that waits looked at. */
export function scheduleAdmission(world: World, job: JobRow): void {
  world.kernel.schedule({
    kind: JOB_ADMISSION_TASK,
    args: { jobId: job.id },
    afterMs: world.settings.get('duration.job'),
    item: jobItem(job.id),
  });
}

export function scheduleExpiry(world: World, job: JobRow): void {
  world.kernel.schedule({
    kind: JOB_EXPIRY_TASK,
    args: { jobId: job.id },
    afterMs: expiryOf(world, job) - world.kernel.nowMs,
  });
}

/** Jobs are forgotten `job.expire.minutes` after they ended, or were submitted if they never did. */
export function expiryOf({ settings }: World, { completedMs, createdMs }: JobRow): number {
  return (completedMs ?? createdMs) + settings.get('job.expire.minutes') * 60_000;
}

/** How long a job may still be at work while others of its queue wait. */
function patienceWith({ kernel, settings }: World, { queue, startedMs }: JobRow): number {
  if (queue === null) return Infinity;
  const patienceMs = settings.get('job.cancel.threshold.minutes') * 60_000;
  return (startedMs ?? kernel.nowMs) + patienceMs - kernel.nowMs;
}
