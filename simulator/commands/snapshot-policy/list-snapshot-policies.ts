import { assertMayOperate } from '../../declare/access.js';
import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { pagingParameters } from '../../declare/list-parameters.js';
import { entity, flag } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { policiesOf } from '../../world/storage/snapshot-policies.js';
import { snapshotPolicyResponse } from './snapshot-policy-response.js';

/** Lists the policies of one volume, or one of them (SnapshotManagerImpl.listPoliciesforVolume). */
export const listSnapshotPolicies = syncCommand({
  name: 'listSnapshotPolicies',
  summary: 'Lists the snapshot policies of a volume.',
  roles: everyRole,
  parameters: {
    volumeid: entity('volume'),
    id: entity('snapshotpolicy'),
    fordisplay: flag({ since: '4.4', rootOnly: true }),
    ...pagingParameters,
  },
  response: listOf(snapshotPolicyResponse),
  run: (context, { id, volumeid, fordisplay: isDisplayed = true }) => {
    const { world } = context;
    const found = id?.removedMs === null && id.isDisplayed === isDisplayed ? id : undefined;
    const volume = found === undefined ? volumeid : world.volumes.require(found.volumeId);
    if (volume?.removedMs !== null) {
      throw invalidParameter(`Unable to find a volume with id ${volume?.internalId ?? 'null'}`);
    }
    assertMayOperate(context, 'volume', volume);
    if (id !== undefined) return found === undefined ? [] : [found];
    return policiesOf(world, volume.id).filter((policy) => policy.isDisplayed === isDisplayed);
  },
});
