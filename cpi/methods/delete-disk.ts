import { isCloudStackError } from '../cloudstack/errors.js';
import { findVolume } from '../cloudstack/find-resources.js';
import type { Volume } from '../cloudstack/types.js';
import { startDeadline, type Deadline } from '../flow/deadline.js';
import { BoshError } from '../protocol/bosh-error.js';
import { text } from './call/argument.js';
import { volumeDeadlineMs, type Call } from './call/call.js';
import { defineMethod } from './call/method.js';
import { deleteVolume } from './shared/delete-volume.js';
import { holderOf, isLiveVolume } from './shared/live-resources.js';

export const deleteDisk = defineMethod({
  name: 'delete_disk',
  summary: 'Deletes a detached disk; one that is gone already is a success.',
  arguments: [text('disk_cid')],
  run: async (call, [diskCid]) => {
    const { client, clock, signal, log } = call;
    const deadline = startDeadline(clock, volumeDeadlineMs(call));
    for (;;) {
      // Looked at each time: while it is waited for, somebody may attach it.
      const volume = await findVolume(client, diskCid);
      if (!isLiveVolume(volume)) {
        log(`disk ${diskCid} is gone already`);
        return null;
      }
      assertDetached(diskCid, volume);
      if (await isDeleted(call, volume.id, deadline)) return null;
      await clock.sleep(client.poll.job.capMs, signal);
    }
  },
});

function assertDetached(diskCid: string, volume: Volume): void {
  if (volume.virtualmachineid === undefined) return;
  throw new BoshError(
    'CloudError',
    `Disk ${diskCid} cannot be deleted: it is attached to ${holderOf(volume)}. Detach it first`,
  );
}

/** CloudStack keeps a volume of which a snapshot is being taken, and queues no deletion of it. */
async function isDeleted(call: Call, volumeId: string, deadline: Deadline): Promise<boolean> {
  try {
    await deleteVolume(call.client, volumeId);
    return true;
  } catch (failure) {
    if (!isCloudStackError(failure, 'in-use') || deadline.hasPassed()) throw failure;
    call.log(`volume ${volumeId} cannot be deleted yet: ${failure.text}; trying again`);
    return false;
  }
}
