import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, done, everyRole, objectOf } from '../../declare/command.js';
import { entity, flag } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { SnapshotPolicyRow } from '../../world/entities.js';
import { setDisplayed } from '../../world/storage/snapshot-policies.js';
import type { World } from '../../world/world.js';
import { snapshotPolicyResponse } from './snapshot-policy-response.js';

/** Hides a policy, which rests then, or shows it again (SnapshotManagerImpl.updateSnapshotPolicy). */
export const updateSnapshotPolicy = asyncCommand({
  name: 'updateSnapshotPolicy',
  summary: 'Hides a snapshot policy, or shows it again.',
  roles: everyRole,
  javaClass: { user: 'user.snapshot.UpdateSnapshotPolicyCmd' },
  parameters: {
    id: entity('snapshotpolicy'),
    fordisplay: flag({ since: '4.4', rootOnly: true }),
  },
  response: objectOf(snapshotPolicyResponse),
  check: ({ world }, { id: policy }) => {
    existing(world, policy);
  },
  steps: [
    (context, { id, fordisplay }) => {
      const { world } = context;
      const policy = existing(world, id);
      assertMayOperate(context, 'volume', world.volumes.require(policy.volumeId));
      if (fordisplay !== undefined) setDisplayed(world, policy, fordisplay);
      return done(policy);
    },
  ],
});

function existing(world: World, policy: SnapshotPolicyRow | undefined): SnapshotPolicyRow {
  if (policy?.removedMs !== null) {
    throw invalidParameter('Invalid snapshot policy id was provided');
  }
  if (world.volumes.require(policy.volumeId).removedMs === null) return policy;
  throw invalidParameter("Snapshot policy's volume id doesn't exist");
}
