import { findSnapshot } from '../cloudstack/find-resources.js';
import { text } from './call/argument.js';
import { snapshotDeadlineMs } from './call/call.js';
import { defineMethod } from './call/method.js';
import { removeSnapshot } from './disk/remove-snapshot.js';

export const deleteSnapshot = defineMethod({
  name: 'delete_snapshot',
  summary: 'Deletes a snapshot; one that is gone already is a success.',
  arguments: [text('snapshot_cid')],
  run: async (call, [snapshotCid]) => {
    const snapshot = await findSnapshot(call.client, snapshotCid);
    if (snapshot === undefined) call.log(`snapshot ${snapshotCid} is gone already`);
    else await removeSnapshot(call.client, snapshot.id, snapshotDeadlineMs(call));
    return null;
  },
});
