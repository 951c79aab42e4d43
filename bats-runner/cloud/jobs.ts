import { isObject, textOf, type JsonObject } from '../json.js';
import type { CloudClient, Parameters } from './client.js';

/** A job of CloudStack that failed, with what it says about it. */
export class CloudJobError extends Error {
  constructor(command: string, jobResult: unknown) {
    super(`${command} failed: ${JSON.stringify(jobResult)}`);
    this.name = 'CloudJobError';
  }
}

/**
 * Submits an asynchronous command and waits for the end of its job. Answers the object that the job
 * made or changed, or else what the command answered at once, which has the id of a new object.
 */
export async function runJob(
  client: CloudClient,
  command: string,
  parameters: Parameters,
  pause: () => Promise<unknown>,
): Promise<JsonObject> {
  const submitted = await client.call(command, parameters);
  for (;;) {
    const job = await client.call('queryAsyncJobResult', { jobid: textOf(submitted['jobid']) });
    if (job['jobstatus'] === 2) throw new CloudJobError(command, job['jobresult']);
    if (job['jobstatus'] === 1) return objectIn(job['jobresult']) ?? submitted;
    await pause();
  }
}

/** `{"virtualmachine": {…}}` holds a VM; `{"success": true}` holds nothing. */
function objectIn(jobResult: JsonObject[string]): JsonObject | undefined {
  const [only] = isObject(jobResult) ? Object.values(jobResult) : [];
  return isObject(only) ? only : undefined;
}
