import { marks, tagsByKey } from '../cloudstack/tags.js';
import { removeSnapshot } from '../methods/disk/remove-snapshot.js';
import { snapshotDeadlineMs } from '../methods/call/call.js';
import { directorOf, timeMs, type Finder } from './forgotten.js';

/** Snapshots that snapshot_disk began and never finished. */
export const forgottenSnapshots: Finder = async (call) => {
  const { client } = call;
  const unfinished = await client.list('listSnapshots', {
    tags: [{ key: marks.unfinished, value: 'true' }],
  });
  return unfinished
    .filter(({ tags }) => tagsByKey(tags)[marks.purpose] === 'snapshot')
    .filter(({ tags }) => tagsByKey(tags)[marks.unfinished] === 'true')
    .map(({ id, name, tags, created }) => ({
      kind: 'snapshot',
      id,
      name,
      directorUuid: directorOf(tags),
      createdMs: timeMs(created),
      why: 'the call that took it did not come to its end',
      remove: () => removeSnapshot(client, id, snapshotDeadlineMs(call)),
    }));
};
