import { isCloudStackError } from '../cloudstack/errors.js';
import { findSnapshot } from '../cloudstack/find-resources.js';
import { BoshError } from '../protocol/bosh-error.js';
import { text } from './call/argument.js';
import { toBoshError } from './call/bosh-errors.js';
import { snapshotDeadlineMs, type Call } from './call/call.js';
import { defineMethod } from './call/method.js';
import { removeSnapshot } from './disk/remove-snapshot.js';

export const deleteSnapshot = defineMethod({
  name: 'delete_snapshot',
  summary: 'Deletes a snapshot; one that is gone already is a success.',
  arguments: [text('snapshot_cid')],
  run: async (call, [snapshotCid]) => {
    const snapshot = await findSnapshot(call.client, snapshotCid);
    if (snapshot === undefined) call.log(`snapshot ${snapshotCid} is gone already`);
    else await remove(call, snapshot.id);
    return null;
  },
});

/** CloudStack's own texts seldom tell which snapshot they are about. */
async function remove(call: Call, id: string): Promise<void> {
  try {
    await removeSnapshot(call.client, id, snapshotDeadlineMs(call));
  } catch (cause) {
    if (!isCloudStackError(cause)) throw cause;
    const { type, message } = toBoshError(cause);
    throw new BoshError(type, `Snapshot ${id} is not deleted: ${message}`, { cause });
  }
}
