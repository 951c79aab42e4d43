import { everyRole, success, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { deleteInstanceGroup as deleteGroup } from '../../world/compute/instance-groups.js';

/** UserVmManagerImpl.deleteVmGroup. */
export const deleteInstanceGroup = syncCommand({
  name: 'deleteInstanceGroup',
  summary: 'Deletes a group of virtual machines; these stay.',
  roles: everyRole,
  parameters: { id: entity('instancegroup', { required: true, access: 'operate' }) },
  response: success,
  run: ({ world }, { id: group }) => {
    if (group.removedMs !== null) {
      throw invalidParameter(`unable to find a vm group with id ${group.internalId}`);
    }
    deleteGroup(world, group);
    return undefined;
  },
});
