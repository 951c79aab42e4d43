import { isObject, textOf, type JsonObject } from '../json.js';
import type { CloudClient, Parameters } from './client.js';

/** A job of CloudStack that failed, with what it says about it, or did not end. */
export class CloudJobError extends Error {
  constructor(command: string, reason: string) {
    super(`${command} failed: ${reason}`);
    this.name = 'CloudJobError';
  }
}

/** How a job is waited for. */
export interface JobPatience {
  /** Waits between two looks. */
  readonly pause: () => Promise<unknown>;
  readonly withinMs: number;
}

/** Longer than this no job of a cloud takes that is well. */
export const jobsWithinMsUsually = 30 * 60_000;

/**
 * Submits an asynchronous command and waits for the end of its job. Answers the object that the job
 * made or changed, or else what the command answered at once, which has the id of a new object.
 * Throws CloudJobError.
 */
export async function runJob(
  client: CloudClient,
  command: string,
  parameters: Parameters,
  { pause, withinMs }: JobPatience,
): Promise<JsonObject> {
  const submitted = await client.call(command, parameters);
  const jobid = textOf(submitted['jobid']);
  const deadline = AbortSignal.timeout(withinMs);
  for (;;) {
    const job = await client.call('queryAsyncJobResult', { jobid });
    if (job['jobstatus'] === 2) throw new CloudJobError(command, JSON.stringify(job['jobresult']));
    if (job['jobstatus'] === 1) return objectIn(job['jobresult']) ?? submitted;
    if (deadline.aborted) {
      throw new CloudJobError(command, `job ${jobid} has not ended within ${withinMs / 1000} s`);
    }
    await pause();
  }
}

/** `{"virtualmachine": {…}}` holds a VM; `{"success": true}` holds nothing. */
function objectIn(jobResult: JsonObject[string]): JsonObject | undefined {
  const [only] = isObject(jobResult) ? Object.values(jobResult) : [];
  return isObject(only) ? only : undefined;
}
