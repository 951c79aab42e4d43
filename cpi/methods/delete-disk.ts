import { findVolume } from '../cloudstack/find-resources.js';
import { BoshError } from '../protocol/bosh-error.js';
import { text } from './call/argument.js';
import { defineMethod } from './call/method.js';
import { deleteVolume } from './shared/delete-volume.js';
import { holderOf, isLiveVolume } from './shared/live-resources.js';

export const deleteDisk = defineMethod({
  name: 'delete_disk',
  summary: 'Deletes a detached disk; one that is gone already is a success.',
  arguments: [text('disk_cid')],
  run: async ({ client, log }, [diskCid]) => {
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
    await deleteVolume(client, volume.id);
    return null;
  },
});
