import { isCloudStackError } from '../../cloudstack/errors.js';
import type { Volume } from '../../cloudstack/types.js';
import { volumeDeadlineMs, type Call } from '../call/call.js';

const works = {
  attachVolume: { jobs: 'AttachVolumeCmd', noun: 'attachment' },
  detachVolume: { jobs: 'DetachVolumeCmd', noun: 'detachment' },
};

/**
 * Waits for the end of what an earlier call has ordered for a disk; answers whether there was
 * anything. CloudStack works on a VM in turn (AsyncJobManagerImpl, VmWorkJobDispatcher): nothing of
 * the volume tells of an attachment that has not begun, nor of a detachment that has not ended
 * (VolumeApiServiceImpl.orchestrateDetachVolumeFromVM), but only the job does.
 *
 * @throws CloudStackError of kind `deadline`; Aborted.
 */
export async function awaitEarlier(
  call: Call,
  command: keyof typeof works,
  { id }: Volume,
  deadlineMs = volumeDeadlineMs(call),
): Promise<boolean> {
  const { jobs, noun } = works[command];
  const what = `${noun} of volume ${id} by an earlier call`;
  const jobIds = await findPendingJobs(call, jobs, id);
  for (const jobId of jobIds) {
    call.log(`job ${jobId} is the ${what}; waiting until that is over`);
    await call.client.awaitJob(command, jobId, { what, deadlineMs });
  }
  return jobIds.length > 0;
}

/** Jobs are listed as long as they have not ended, by a part of the name of their class. */
async function findPendingJobs(
  { client, log }: Call,
  keyword: string,
  volumeId: string,
): Promise<string[]> {
  try {
    const jobs = await client.list('listAsyncJobs', { keyword });
    return jobs
      .filter(({ jobinstanceid, jobstatus }) => jobinstanceid === volumeId && jobstatus === 0)
      .flatMap(({ jobid }) => jobid ?? []);
  } catch (failure) {
    if (!isCloudStackError(failure, 'forbidden-api')) throw failure;
    log(
      `warning: what earlier calls have ordered for disk ${volumeId} is not waited for: ` +
        failure.message,
    );
    return [];
  }
}
