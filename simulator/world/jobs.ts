import type { World } from './world.js';
import type { JobRow } from './entities.js';

/** The task that carries on a job that was told as failed. */
export const JOB_LATE_STEP_TASK = 'job.late-step';

/** The name of a job among the things that time can be moved for. */
export function jobItem(jobId: string): string {
  return `job:${jobId}`;
}

/** The name of a template's upload or download among the things that time can be moved for. */
export function templateItem(templateId: string): string {
  return `template:${templateId}`;
}

/** The name of a volume's upload or download among the things that time can be moved for. */
export function volumeItem(volumeId: string): string {
  return `volume:${volumeId}`;
}

/** The name of a snapshot's backup among the things that time can be moved for. */
export function snapshotItem(snapshotId: string): string {
  return `snapshot:${snapshotId}`;
}

/**
 * In `on-poll` mode, moves the world to the next step of a job, or, while the job waits in its
 * queue, of the job that it waits for.
 */
export function pollJob(world: World, job: JobRow): void {
  if (job.state !== 'pending') return;
  const running =
    job.startedMs !== null || job.queue === null
      ? job
      : world.jobs
          .where('queue', job.queue)
          .find((row) => row.state === 'pending' && row.startedMs !== null);
  if (running !== undefined) world.kernel.poll(jobItem(running.id));
}

/** In `on-poll` mode, moves the world to the next step of each job about one of these resources. */
export function pollJobsAbout(world: World, resourceIds: readonly string[]): void {
  for (const id of resourceIds) {
    const job = world.jobs.where('instanceId', id).find((row) => row.state === 'pending');
    if (job !== undefined) pollJob(world, job);
  }
}
