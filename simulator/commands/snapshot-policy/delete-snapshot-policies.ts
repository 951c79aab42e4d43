import { assertMayOperate } from '../../declare/access.js';
import { everyRole, success, syncCommand } from '../../declare/command.js';
import { entity, entityList } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { removePolicy } from '../../world/storage/snapshot-policies.js';

/** Deletes policies; the snapshots that they took stay (SnapshotManagerImpl.deleteSnapshotPolicies). */
export const deleteSnapshotPolicies = syncCommand({
  name: 'deleteSnapshotPolicies',
  summary: 'Deletes snapshot policies.',
  roles: everyRole,
  parameters: { id: entity('snapshotpolicy'), ids: entityList('snapshotpolicy') },
  response: success,
  run: (context, { id, ids }) => {
    const { world } = context;
    if (id === undefined && ids === undefined) {
      throw invalidParameter('No policy id (or list of ids) specified.');
    }
    const policies = ids ?? (id === undefined ? [] : [id]);
    if (policies.length === 0) throw invalidParameter('There are no policy ids');
    for (const policy of policies) {
      if (policy.removedMs !== null) {
        throw invalidParameter(`Policy id given: ${policy.internalId} does not exist`);
      }
      assertMayOperate(context, 'volume', world.volumes.require(policy.volumeId));
    }
    for (const policy of new Set(policies)) removePolicy(world, policy);
    return undefined;
  },
});
