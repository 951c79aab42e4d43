import { asyncCommand, everyRole, succeeded, success } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import { purgeList } from '../../world/network/network-acls.js';
import { assertMayChangeList } from './network-acl-access.js';

/** Refused as long as a tier has the list (NetworkACLManagerImpl.deleteNetworkACL). */
export const deleteNetworkAclList = asyncCommand({
  name: 'deleteNetworkACLList',
  summary: 'Deletes a list of rules.',
  roles: everyRole,
  javaClass: { user: 'user.network.DeleteNetworkACLListCmd' },
  parameters: { id: entity('networkacllist', { required: true }) },
  response: success,
  subject: ({ id }) => ({ type: 'NetworkAcl', id: id.id }),
  steps: [
    (context, { id: list }) => {
      const { world } = context;
      if (list.isDefault) throw invalidParameter('Default ACL cannot be removed');
      assertMayChangeList(context, list, 'Only Root Admin can delete global ACLs.');
      const tiers = world.networks.count('aclListId', list.id);
      if (tiers > 0) {
        throw cloudRuntime(
          `ACL is still associated with ${tiers} tier(s). Cannot delete network ACL: ${list.id}`,
        );
      }
      purgeList(world, list);
      return succeeded;
    },
  ],
});
