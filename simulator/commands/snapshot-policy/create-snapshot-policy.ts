import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import { entity, entityList, flag, integer, records, text } from '../../declare/parameter.js';
import { putPolicy } from '../../world/storage/snapshot-policies.js';
import { putTags } from '../tag/put-tags.js';
import { checkedPolicy } from './snapshot-policy-rules.js';
import { snapshotPolicyResponse } from './snapshot-policy-response.js';

/**
 * Has snapshots of a volume be taken by themselves; of each interval a volume has one policy, which a
 * second request changes (SnapshotManagerImpl.createPolicy).
 */
export const createSnapshotPolicy = syncCommand({
  name: 'createSnapshotPolicy',
  summary: 'Has snapshots of a volume be taken regularly.',
  roles: everyRole,
  parameters: {
    volumeid: entity('volume', { required: true }),
    intervaltype: text({ required: true }),
    schedule: text({ required: true }),
    timezone: text({ required: true }),
    maxsnaps: integer({ required: true }),
    fordisplay: flag({ since: '4.4', rootOnly: true }),
    tags: records(),
    zoneids: entityList('zone'),
  },
  response: objectOf(snapshotPolicyResponse),
  run: (context, args) => {
    const { volumeid: volume, tags = [] } = args;
    const policy = putPolicy(context.world, volume, checkedPolicy(context, args));
    putTags(context, { tags, resourceType: 'SnapshotPolicy', resourceIds: [policy.id] });
    return policy;
  },
});
