import type { JobRow } from '../world/entities.js';
import type { World } from '../world/world.js';
import { timeText } from './explanation.js';

// The jobs about something, which change its state or wait for their turn.

/** What works on something, and what waits to do so: a sentence each. */
export function jobsAbout(world: World, instanceId: string): string[] {
  return pendingJobs(world, instanceId).map(({ id, command, startedMs }) =>
    startedMs !== null
      ? `Job ${id} (${command}) works on it since ${timeText(startedMs)}.`
      : `Job ${id} (${command}) waits in its queue: the jobs of one VM run one after the other.`,
  );
}

/** The jobs about something that have not ended. */
export function pendingJobs(world: World, instanceId: string): JobRow[] {
  return world.jobs.where('instanceId', instanceId).filter(({ state }) => state === 'pending');
}

/** The last jobs about something that failed, as long as jobs are kept (job.expire.minutes). */
export function failures(world: World, instanceId: string): string[] {
  return world.jobs
    .where('instanceId', instanceId)
    .filter(({ state }) => state === 'failed')
    .slice(-MOST_FAILURES)
    .map((job) => `At ${timeText(job.completedMs ?? job.createdMs)}: ${failureText(job)}`);
}

const MOST_FAILURES = 5;

/** What a failed job answered. */
export function failureText({ id, command, result }: JobRow): string {
  const text = result?.['errortext'];
  return `Job ${id} (${command}) failed${typeof text === 'string' ? `: ${text}` : '.'}`;
}
