import { createUndoably } from '../cloudstack/create-undoably.js';
import { findSnapshotNamed } from '../cloudstack/find-resources.js';
import { initialTags, marks, marksOf, removeTags } from '../cloudstack/tags.js';
import type { Volume } from '../cloudstack/types.js';
import { BoshError } from '../protocol/bosh-error.js';
import { object, text } from './call/argument.js';
import { snapshotDeadlineMs } from './call/call.js';
import { defineMethod } from './call/method.js';
import { undoOnFailure } from './call/undo.js';
import { removeSnapshot } from './disk/remove-snapshot.js';
import { requireSettledVolume } from './disk/settled-volume.js';
import { explainRefusal, whenNoOtherRuns } from './disk/snapshot-refusal.js';
import { tagsOfMetadata } from './shared/metadata.js';
import { whileThere } from './shared/while-there.js';

export const snapshotDisk = defineMethod({
  name: 'snapshot_disk',
  summary: 'Takes a snapshot of a disk and gives it the metadata as tags.',
  arguments: [text('disk_cid'), object('metadata')],
  rules: [
    'It answers when the snapshot is backed up. On KVM a disk of a running VM can only have one if ' +
      'the setting `kvm.snapshot.enabled` of CloudStack is on, unless it is on local storage.',
  ],
  run: async (call, [diskCid, metadata]) => {
    const { client } = call;
    const volume = await requireSettledVolume(call, diskCid);
    refuseUnusedDisk(volume);
    const { directorUuid } = call.context;
    const tags = {
      ...tagsOfMetadata(metadata),
      ...marksOf({ directorUuid, purpose: 'snapshot' }),
      ...unfinished,
    };
    const name = `snapshot-${call.newId()}`;
    const deadlineMs = snapshotDeadlineMs(call);
    const take = (): Promise<{ id: string }> =>
      undoOnFailure(call, 'another resource', async (saga) => {
        const snapshot = await createUndoably(client, saga, {
          name: `take snapshot ${name}`,
          create: () =>
            whenNoOtherRuns(call, () =>
              client.run(
                'createSnapshot',
                { volumeid: volume.id, name, tags: initialTags(tags) },
                { what: `snapshot of volume ${volume.id}`, deadlineMs },
              ),
            ),
          find: (undoClient) => findSnapshotNamed(undoClient, name),
          remove: (undoClient, { id }) => removeSnapshot(undoClient, id, deadlineMs),
        });
        await removeTags(client, { type: 'Snapshot', id: snapshot.id }, unfinished);
        return snapshot;
      });
    const snapshot = await whileThere(call, { diskCid }, () => explainRefusal(call, volume, take));
    return snapshot.id;
  },
});

/** While it stands on a snapshot, no Director has been told of it. */
const unfinished = { [marks.unfinished]: 'true' };

/** CloudStack creates a volume when it is first attached. */
function refuseUnusedDisk({ id, name, state }: Volume): void {
  if (state !== 'Allocated') return;
  throw new BoshError(
    'CloudError',
    `Disk ${name} (${id}) cannot have a snapshot: it was never attached to a VM, so that CloudStack ` +
      'has not created it yet and there is nothing on it',
  );
}
