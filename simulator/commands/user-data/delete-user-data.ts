import { everyRole, success, syncCommand } from '../../declare/command.js';
import { finalizeOwner, ownerParameters } from '../../declare/ownership.js';
import { entity } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';

/** ManagementServerImpl.deleteUserData. */
export const deleteUserData = syncCommand({
  name: 'deleteUserData',
  summary: 'Deletes registered user data that no virtual machine was given.',
  since: '4.18',
  roles: everyRole,
  grantedByType: true,
  parameters: {
    id: entity('userdata', { required: true, access: 'operate' }),
    ...ownerParameters,
  },
  response: success,
  run: (context, args) => {
    const { world } = context;
    const { id: userData } = args;
    const owner = finalizeOwner(context, args);
    if (userData.removedMs !== null) {
      throw invalidParameter(
        `A UserData with id '${userData.internalId}' does not exist for account ${owner.name} in specified domain id`,
        [{ uuid: owner.domainId, description: 'domainId' }],
      );
    }
    if (world.vms.count('userDataId', userData.id) > 0) {
      throw cloudRuntime(
        `Userdata ${userData.name} cannot be removed as it is being used by some VMs`,
      );
    }
    world.userData.remove(userData);
    return undefined;
  },
});
