import { isCloudStackError } from '../cloudstack/errors.js';
import { findVolume } from '../cloudstack/find-resources.js';
import type { Volume } from '../cloudstack/types.js';
import { tryUntil } from '../flow/again.js';
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
  rules: [
    'A disk that is attached is an error, and stays. One of which a snapshot is being taken is waited ' +
      'for, at most `cloudstack.state_timeout_volume`.',
  ],
  run: async (call, [diskCid]) => {
    const patience = {
      deadline: startDeadline(call.clock, volumeDeadlineMs(call)),
      pauseMs: call.client.poll.job.capMs,
    };
    await tryUntil(
      call,
      patience,
      () => deleteDetached(call, diskCid),
      (failure) => isBusy(call, diskCid, failure),
    );
    return null;
  },
});

/** Looks at the disk each time: while it is waited for, somebody may attach it. */
async function deleteDetached({ client, log }: Call, diskCid: string): Promise<void> {
  const volume = await findVolume(client, diskCid);
  if (!isLiveVolume(volume)) {
    log(`disk ${diskCid} is gone already`);
    return;
  }
  assertDetached(diskCid, volume);
  assertNotProtected(diskCid, volume);
  await deleteVolume(client, volume.id);
}

function assertDetached(diskCid: string, volume: Volume): void {
  if (volume.virtualmachineid === undefined) return;
  throw new BoshError(
    'CloudError',
    `Disk ${diskCid} cannot be deleted: it is attached to ${holderOf(volume)}. Detach it first`,
  );
}

/** No wait ends a protection. */
function assertNotProtected(diskCid: string, { deleteprotection: isProtected }: Volume): void {
  if (isProtected !== true) return;
  throw new BoshError(
    'CloudError',
    `Disk ${diskCid} cannot be deleted: it is protected from deletion. Have the protection taken off ` +
      '(updateVolume with deleteprotection=false), and call again',
  );
}

/** CloudStack keeps a volume of which a snapshot is being taken, and queues no deletion of it. */
function isBusy({ log }: Call, diskCid: string, failure: unknown): boolean {
  if (!isCloudStackError(failure, 'in-use')) return false;
  log(`disk ${diskCid} cannot be deleted yet: ${failure.text}; trying again`);
  return true;
}
