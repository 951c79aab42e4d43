import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import { finalizeOwner, ownerParameters } from '../../declare/ownership.js';
import { text } from '../../declare/parameter.js';
import { accountText } from '../../world/identity/accounts.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { instanceGroupNamed } from '../../world/compute/instance-groups.js';
import { instanceGroupResponse } from './instance-group-response.js';

/** UserVmManagerImpl.createVmGroup. */
export const createInstanceGroup = syncCommand({
  name: 'createInstanceGroup',
  summary: 'Creates a group for virtual machines.',
  roles: everyRole,
  parameters: { name: text({ required: true }), ...ownerParameters },
  response: objectOf(instanceGroupResponse),
  run: (context, args) => {
    const { world } = context;
    const { name } = args;
    const owner = finalizeOwner(context, args);
    if (instanceGroupNamed(world, owner.id, name) !== undefined) {
      throw invalidParameter(
        `Unable to create vm group, a group with name ${name} already exists for account ${accountText(owner)}`,
      );
    }
    return world.instanceGroups.insert({ name, accountId: owner.id });
  },
});
