import { DeadlineExceeded, LookingFailed } from '../flow/errors.js';
import { waitFor, type Poll } from '../flow/waiter.js';
import { isRecord } from './answer.js';
import { specOf, type AsyncCommand, type ResultOf } from './commands.js';
import { CloudStackError, classify, isCloudStackError, isPassing } from './errors.js';
import { exchange, type ExchangeContext } from './exchange.js';
import type { AsyncJob } from './types.js';

export interface JobWait {
  readonly command: AsyncCommand;
  readonly jobId: string;
  readonly what: string;
  readonly deadlineMs: number;
  readonly poll: Poll;
}

const statusNames: Readonly<Record<number, string>> = { 0: 'pending', 1: 'done', 2: 'failed' };

/**
 * Waits until a job is done or failed; a failed poll is not a failed job. That the keys are refused
 * may pass, too: CloudStack has just taken the request that made the job, and says the same while
 * its database is away (ApiServer.verifyRequest).
 *
 * @throws CloudStackError of kind `deadline`, `job-lost` or `outcome-unknown`; Aborted.
 */
export async function waitForJob(context: ExchangeContext, job: JobWait): Promise<AsyncJob> {
  const startedAtMs = context.clock.nowMs();
  const tell = pendingTeller(context, job, startedAtMs);
  try {
    const ended = await waitFor<AsyncJob>(
      {
        what: job.what,
        id: `job ${job.jobId}`,
        look: async () => {
          const answer = await exchange(context, 'queryAsyncJobResult', { jobid: job.jobId });
          const seen = answer as unknown as AsyncJob;
          if (stateOf(seen) === 'pending') tell();
          return seen;
        },
        stateOf,
        targets: ['done', 'failed'],
        pending: ['pending'],
        deadlineMs: job.deadlineMs,
        poll: job.poll,
        isPassing: (failure) => isPassing(failure) || isCloudStackError(failure, 'auth'),
      },
      context,
    );
    const state = stateOf(ended);
    const ms = context.clock.nowMs() - startedAtMs;
    const why = state === 'failed' ? `: ${failedJob(job.command, job.jobId, ended).text}` : '';
    context.log(`job ${job.jobId} of ${job.command} ${state} after ${ms} ms${why}`);
    return ended;
  } catch (failure) {
    throw asJobError(job, failure);
  }
}

const tellEveryMs = 30_000;

/** Says now and then that a job still runs: nobody shall wonder what the CPI waits for. */
function pendingTeller(
  { clock, log }: ExchangeContext,
  { command, jobId }: JobWait,
  startedAtMs: number,
): () => void {
  let toldAtMs = startedAtMs;
  return () => {
    const nowMs = clock.nowMs();
    if (nowMs - toldAtMs < tellEveryMs) return;
    toldAtMs = nowMs;
    const seconds = Math.round((nowMs - startedAtMs) / 1_000);
    log(`job ${jobId} of ${command} is pending for ${seconds} s`);
  };
}

function stateOf({ jobstatus }: AsyncJob): string {
  return statusNames[jobstatus] ?? `job status ${jobstatus}`;
}

/**
 * What a finished job gave: the object under the command's key, or `{success: true}`.
 *
 * @throws CloudStackError with the job's own code and text. A job that a restart of the management
 *   server ended has no result (AsyncJobManagerImpl); its kind is `job-lost`.
 */
export function resultOfJob<Name extends AsyncCommand>(
  command: Name,
  jobId: string,
  job: AsyncJob,
): ResultOf<Name> {
  const { resultKey } = specOf(command);
  if (job.jobstatus !== 1) throw failedJob(command, jobId, job);
  const result = isRecord(job.jobresult) ? job.jobresult : undefined;
  const success = resultKey === undefined ? result : result?.[resultKey];
  if (isRecord(success) && String(success['success']) !== 'false') {
    return success as unknown as ResultOf<Name>;
  }
  const text = `the job is done, but its result has no "${resultKey ?? 'success'}"`;
  throw new CloudStackError({ kind: 'outcome-unknown', command, jobId, text });
}

function failedJob(command: AsyncCommand, jobId: string, job: AsyncJob): CloudStackError {
  const { errorcode, errortext } = isRecord(job.jobresult)
    ? job.jobresult
    : { errorcode: undefined, errortext: job.jobresult };
  if (typeof errortext !== 'string') {
    const text = 'the job was cancelled without a reason; the management server probably restarted';
    const errorCode = job.jobresultcode;
    return new CloudStackError({ kind: 'job-lost', command, jobId, errorCode, text });
  }
  const errorCode = typeof errorcode === 'number' ? errorcode : job.jobresultcode;
  const classified = classify(errorCode, errortext);
  // CloudStack has taken the request that made the job: its keys are right, and it came in time.
  const kind = classified === 'auth' ? 'internal' : classified;
  return new CloudStackError({ kind, command, jobId, errorCode, text: errortext });
}

function asJobError(job: JobWait, failure: unknown): unknown {
  const { command, jobId } = job;
  if (failure instanceof DeadlineExceeded) {
    const text = failure.message;
    return new CloudStackError({ kind: 'deadline', command, jobId, text, cause: failure });
  }
  if (failure instanceof LookingFailed) {
    const text = failure.message;
    return new CloudStackError({ kind: 'outcome-unknown', command, jobId, text, cause: failure });
  }
  if (isCloudStackError(failure, 'not-found')) {
    const text = `CloudStack does not know the job any more: ${failure.text}`;
    return new CloudStackError({ kind: 'job-lost', command, jobId, text, cause: failure });
  }
  if (isCloudStackError(failure)) {
    const text = `CloudStack does not tell how the job ends: ${failure.message}`;
    return new CloudStackError({ kind: 'outcome-unknown', command, jobId, text, cause: failure });
  }
  return failure;
}
