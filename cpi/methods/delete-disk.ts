import { isCloudStackError } from '../cloudstack/errors.js';
import { findVolume } from '../cloudstack/find-resources.js';
import { startDeadline } from '../flow/deadline.js';
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
    const { client, log } = call;
    const volume = await findVolume(client, diskCid);
    if (!isLiveVolume(volume)) {
      log(`disk ${diskCid} is gone already`);
      return null;
    }
    if (volume.virtualmachineid !== undefined) {
      throw new BoshError(
        'CloudError',
        `Disk ${diskCid} cannot be deleted: it is attached to ${holderOf(volume)}. Detach it first`,
      );
    }
    await deleteWhenFree(call, volume.id);
    return null;
  },
});

/** CloudStack keeps a volume of which a snapshot is being taken, and queues no deletion of it. */
async function deleteWhenFree(call: Call, volumeId: string): Promise<void> {
  const { client, clock, signal, log } = call;
  const deadline = startDeadline(clock, volumeDeadlineMs(call));
  for (;;) {
    try {
      await deleteVolume(client, volumeId);
      return;
    } catch (failure) {
      if (!isCloudStackError(failure, 'in-use') || deadline.hasPassed()) throw failure;
      log(`volume ${volumeId} cannot be deleted yet: ${failure.text}; trying again`);
    }
    await clock.sleep(client.poll.job.capMs, signal);
  }
}
