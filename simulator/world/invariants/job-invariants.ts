import type { JobRow } from '../entities.js';
import { repeated } from '../repeated.js';
import type { World } from '../world.js';

/** Jobs of one queue run one after the other, and each has the one end that it has. */
export function jobs(world: World): string[] {
  const queued = world.jobs.where('state', 'pending').filter((job) => job.queue !== null);
  const started = queued.filter((job) => job.startedMs !== null);
  const busy = new Set(started.map((job) => job.queue));
  return [
    ...world.jobs.all().flatMap(jobOutcome),
    ...repeated(started, (job) => job.queue ?? '').map(
      ([job, other]) => `jobs ${job.id} and ${other.id} both run in queue ${job.queue ?? ''}`,
    ),
    ...queued
      .filter((job) => !busy.has(job.queue))
      .map((job) => `job ${job.id} waits in queue ${job.queue ?? ''}, where none runs`),
  ];
}

/** A job has a result, and the time of its end, exactly when it has ended. */
export function jobOutcome(job: JobRow): string[] {
  const ended = job.state !== 'pending';
  if (ended && job.completedMs === null) return [`job ${job.id} has ended at no time`];
  // Jobs that a restart of the management server ended have none (AsyncJobManagerImpl).
  if (job.state === 'succeeded' && job.result === null) {
    return [`job ${job.id} has succeeded and has no result`];
  }
  if (!ended && (job.result !== null || job.completedMs !== null)) {
    return [`job ${job.id} is pending and has a result`];
  }
  return [];
}
