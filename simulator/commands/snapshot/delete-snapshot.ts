import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, everyRole, succeeded, success, wait } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { SnapshotRow } from '../../world/entities.js';
import { beginDeletion, finishDeletion } from '../../world/storage/snapshot-deletion.js';
import { snapshotText } from '../../world/storage/snapshots.js';
import type { World } from '../../world/world.js';

/**
 * Deletes a snapshot, or its copies in one zone (SnapshotManagerImpl.deleteSnapshot). Whether the
 * secondary storage can be reached makes no difference: what could not be deleted there counts as
 * deleted, and is nobody's any more (DefaultSnapshotStrategy.deleteSnapshotInfo).
 */
export const deleteSnapshot = asyncCommand({
  name: 'deleteSnapshot',
  summary: 'Deletes a snapshot of a volume.',
  roles: everyRole,
  javaClass: { user: 'user.snapshot.DeleteSnapshotCmd' },
  parameters: {
    id: entity('snapshot', { required: true, access: 'operate' }),
    zoneid: entity('zone', { since: '4.19.0' }),
  },
  response: success,
  subject: ({ id }) => ({ type: 'Snapshot', id: id.id }),
  steps: [
    (context, { id: snapshot, zoneid: zone }) => {
      const { world } = context;
      assertNotDeleted(world, snapshot);
      assertMayOperate(context, 'snapshot', snapshot);
      if (zone !== undefined && zone.removedMs !== null) {
        throw invalidParameter('Unable to find a zone with the specified id');
      }
      const begun = beginDeletion(world, snapshot, zone?.id);
      return begun === 'removed' ? succeeded : wait('duration.snapshot.delete');
    },
    ({ world }, { id: snapshot, zoneid: zone }) => {
      finishDeletion(world, snapshot, zone?.id);
      return succeeded;
    },
  ],
});

/** One that ended as Destroyed CloudStack keeps in its database; others leave it. */
function assertNotDeleted(world: World, snapshot: SnapshotRow): void {
  if (snapshot.state === 'Destroyed') {
    throw invalidParameter(`Snapshot [${snapshotText(world, snapshot)}] is already destroyed`);
  }
  if (snapshot.removedMs !== null) {
    throw invalidParameter(`unable to find a snapshot with id ${snapshot.internalId}`);
  }
}
