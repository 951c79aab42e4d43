import { rootOnlyRole, success, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { permissionDenied } from '../../world/cloud-exception.js';
import { rulesOf } from '../../world/identity/roles.js';
import { assertExists, assertMayEditRoles, assertNotDefault, isRoleInUse } from './role-rules.js';

/** RoleManagerImpl.deleteRole. */
export const deleteRole = syncCommand({
  name: 'deleteRole',
  summary: 'Deletes a role that no account has, with its rules.',
  roles: rootOnlyRole,
  grantedByType: true,
  parameters: { id: entity('role', { required: true }) },
  response: success,
  run: (context, { id: role }) => {
    const { world } = context;
    assertExists(role, 'Cannot find the role with provided id');
    assertMayEditRoles(context);
    assertNotDefault(role, 'Default roles cannot be deleted');
    if (isRoleInUse(world, role)) {
      throw permissionDenied("Found accounts that have role in use, won't allow to delete role");
    }
    for (const rule of rulesOf(world, role.id)) world.rolePermissions.remove(rule);
    world.roles.remove(role);
    return undefined;
  },
});
