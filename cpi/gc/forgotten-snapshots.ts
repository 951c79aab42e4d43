import { isMark, marks, tagsByKey } from '../cloudstack/tags.js';
import { timeMs } from '../cloudstack/time.js';
import type { Snapshot } from '../cloudstack/types.js';
import { removeSnapshot } from '../methods/disk/remove-snapshot.js';
import { snapshotDeadlineMs, type Call } from '../methods/call/call.js';
import { directorOf, isNamedByUs, type Finder } from './forgotten.js';

/**
 * Snapshots that snapshot_disk began and never finished: by the mark that is on them until then,
 * or, where CloudStack never came to put on marks, by their name and a state in which nobody can
 * use them.
 */
export const forgottenSnapshots: Finder = async (call) => {
  const unfinished = [...(await listMarked(call)), ...(await listUnmarked(call))];
  return unfinished.map(({ id, name, tags, created }) => ({
    kind: 'snapshot',
    id,
    name,
    directorUuid: directorOf(tags),
    createdMs: timeMs(created),
    why: 'the call that took it did not come to its end',
    remove: () => removeSnapshot(call.client, id, snapshotDeadlineMs(call)),
  }));
};

async function listMarked({ client }: Call): Promise<Snapshot[]> {
  const unfinished = await client.list('listSnapshots', {
    tags: [{ key: marks.unfinished, value: 'true' }],
  });
  return unfinished.filter(({ tags }) => {
    const { [marks.purpose]: purpose, [marks.unfinished]: isUnfinished } = tagsByKey(tags);
    return purpose === 'snapshot' && isUnfinished === 'true';
  });
}

/**
 * CloudStack puts tags on a snapshot when it is taken
 * (VolumeApiServiceImpl.takeSnapshotInternal).
 */
async function listUnmarked({ client }: Call): Promise<Snapshot[]> {
  const named = await client.list('listSnapshots', { keyword: 'snapshot-' });
  return named.filter(
    ({ name, state = '', tags = [] }) =>
      isNamedByUs(name, 'snapshot') &&
      ['Allocated', 'Error'].includes(state) &&
      !tags.some(({ key }) => isMark(key)),
  );
}
