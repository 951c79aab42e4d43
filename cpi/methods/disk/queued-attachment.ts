import { isCloudStackError } from '../../cloudstack/errors.js';
import type { Volume } from '../../cloudstack/types.js';
import { volumeDeadlineMs, type Call } from '../call/call.js';

/**
 * Waits for the end of an attachment that an earlier call has ordered and CloudStack has not begun,
 * as it works on a VM in turn (AsyncJobManagerImpl, VmWorkJobDispatcher); answers whether there was
 * one. Nothing of the volume tells of it: only the job does.
 *
 * @throws CloudStackError of kind `deadline`; Aborted.
 */
export async function awaitQueuedAttachment(call: Call, { id }: Volume): Promise<boolean> {
  const jobId = await findQueuedAttachment(call, id);
  if (jobId === undefined) return false;
  call.log(`job ${jobId} is to attach disk ${id}; waiting until that is over`);
  const what = `attachment of volume ${id} by an earlier call`;
  await call.client.awaitJob('attachVolume', jobId, { what, deadlineMs: volumeDeadlineMs(call) });
  return true;
}

/** Jobs are listed as long as they have not ended, by a part of the name of their class. */
async function findQueuedAttachment(
  { client }: Call,
  volumeId: string,
): Promise<string | undefined> {
  try {
    const jobs = await client.list('listAsyncJobs', { keyword: 'AttachVolumeCmd' });
    const own = jobs.find(({ jobinstanceid, jobstatus }) => {
      return jobinstanceid === volumeId && jobstatus === 0;
    });
    return own?.jobid;
  } catch (failure) {
    if (!isCloudStackError(failure, 'forbidden-api')) throw failure;
    return undefined;
  }
}
