import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import { entity, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { instanceGroupNamed } from '../../world/compute/instance-groups.js';
import { instanceGroupResponse } from './instance-group-response.js';

/** ManagementServerImpl.updateVmGroup. */
export const updateInstanceGroup = syncCommand({
  name: 'updateInstanceGroup',
  summary: 'Gives a group of virtual machines another name.',
  roles: everyRole,
  parameters: {
    id: entity('instancegroup', { required: true, access: 'operate' }),
    name: text(),
  },
  response: objectOf(instanceGroupResponse),
  run: ({ world }, { id: group, name }) => {
    if (group.removedMs !== null) {
      throw invalidParameter('unable to find a vm group with specified groupId', [
        { uuid: String(group.internalId), description: 'groupId' },
      ]);
    }
    if (name === undefined) return group;
    if (instanceGroupNamed(world, group.accountId, name) !== undefined && name !== group.name) {
      throw invalidParameter(
        `Unable to update vm group, a group with name ${name} already exists for account`,
      );
    }
    world.instanceGroups.change(group, { name });
    return group;
  },
});
