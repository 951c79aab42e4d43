import { asyncCommand, everyRole, succeeded, success, wait } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { applyList } from '../../world/network/network-acls.js';
import { assertMayChangeList } from './network-acl-access.js';

/** Afterwards CloudStack does not know the id any more (NetworkACLManagerImpl.revokeNetworkACLItem). */
export const deleteNetworkAcl = asyncCommand({
  name: 'deleteNetworkACL',
  summary: 'Takes a rule out of its list.',
  roles: everyRole,
  javaClass: { user: 'user.network.DeleteNetworkACLCmd' },
  parameters: { id: entity('networkacl', { required: true }) },
  response: success,
  subject: ({ id }) => ({ type: 'NetworkAclItem', id: id.id }),
  steps: [
    (context, { id: rule }) => {
      const { world } = context;
      const list = world.networkAclLists.require(rule.listId);
      if (list.isDefault) {
        throw invalidParameter('ACL Items in default ACL cannot be deleted');
      }
      assertMayChangeList(context, list, 'Only Root Admin can delete global ACL rules.');
      if (rule.state !== 'Revoke') world.networkAcls.move(rule, 'Revoked');
      return wait('duration.address');
    },
    ({ world }, { id: rule }) => {
      applyList(world, rule.listId);
      return succeeded;
    },
  ],
});
