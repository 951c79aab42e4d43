import { rootOnlyRole, success, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { serverApiError } from '../../world/cloud-exception.js';
import { assertMayEditRoles, assertNotDefault } from './role-rules.js';

/** RoleManagerImpl.deleteRolePermission. */
export const deleteRolePermission = syncCommand({
  name: 'deleteRolePermission',
  summary: 'Takes a rule from a role.',
  roles: rootOnlyRole,
  grantedByType: true,
  parameters: { id: entity('rolepermission', { required: true }) },
  response: success,
  run: (context, { id: rule }) => {
    const { world } = context;
    if (rule.removedMs !== null) throw serverApiError(431, 'Invalid role permission id provided');
    assertMayEditRoles(context);
    assertNotDefault(
      world.roles.require(rule.roleId),
      'Role permission cannot be deleted for Default roles',
    );
    world.rolePermissions.remove(rule);
    return undefined;
  },
});
