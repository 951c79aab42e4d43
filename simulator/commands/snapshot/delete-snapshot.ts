import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, everyRole, succeeded, success, wait } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { SnapshotRow } from '../../world/entities.js';
import { removeSnapshot, snapshotText } from '../../world/storage/snapshots.js';
import type { World } from '../../world/world.js';

/** Deletes a snapshot (SnapshotManagerImpl.deleteSnapshot, DefaultSnapshotStrategy.deleteSnapshot). */
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
      const begun = beginDeletion(world, snapshot, zone?.id);
      return begun === 'removed' ? succeeded : wait('duration.snapshot.delete');
    },
    ({ world }, { id: snapshot }) => {
      // A second deletion that came meanwhile may have ended first.
      if (snapshot.state === 'Destroying') {
        world.snapshots.move(snapshot, 'OperationSucceeded');
        removeSnapshot(world, snapshot);
      }
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

function beginDeletion(
  world: World,
  snapshot: SnapshotRow,
  zoneId: string | undefined,
): 'removed' | 'begun' {
  const { state } = snapshot;
  const onlyOnPrimary = state === 'Allocated' || state === 'CreatedOnPrimary';
  if (zoneId !== undefined && onlyOnPrimary) {
    throw undeletable(`Snapshot in ${state} can not be deleted for a zone`);
  }
  if (onlyOnPrimary || state === 'Error') {
    if (state === 'CreatedOnPrimary') world.snapshots.move(snapshot, 'DestroyRequested');
    removeSnapshot(world, snapshot);
    return 'removed';
  }
  if (state !== 'BackedUp' && state !== 'Destroying') {
    throw undeletable(
      `Can't delete snapshot ${snapshotText(world, snapshot)} due to it is in ${state} Status`,
    );
  }
  if (zoneId !== undefined && zoneId !== snapshot.zoneId) {
    throw serverApiError(530, 'Failed to delete snapshot');
  }
  world.snapshots.move(snapshot, 'DestroyRequested');
  return 'begun';
}

/** The strategy's refusals reach callers as the text of a Java exception, class name included. */
function undeletable(text: string): ReturnType<typeof cloudRuntime> {
  return cloudRuntime(
    `Failed to delete snapshot:com.cloud.exception.InvalidParameterValueException: ${text}`,
  );
}
