import { objectOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { permissionDenied } from '../../world/cloud-exception.js';
import { roleResponse } from './role-response.js';
import {
  assertExists,
  assertMayEditRoles,
  assertNotDefault,
  isRoleInUse,
  roleTypeNamed,
} from './role-rules.js';

/** RoleManagerImpl.updateRole. */
export const updateRole = syncCommand({
  name: 'updateRole',
  summary: 'Changes what a role is called and, while no account has it, its type.',
  roles: rootOnlyRole,
  grantedByType: true,
  parameters: {
    type: text(),
    description: text(),
    id: entity('role', { required: true }),
    name: text(),
    ispublic: flag(),
  },
  response: objectOf(roleResponse),
  run: (context, { id: role, name, type, description, ispublic }) => {
    const { world } = context;
    assertExists(role);
    const newType = type === undefined || type === '' ? undefined : roleTypeNamed(type);
    assertMayEditRoles(context);
    assertNotDefault(role, 'Default roles cannot be updated');
    if (newType !== undefined && isRoleInUse(world, role)) {
      throw permissionDenied(
        "Found accounts that have role in use, won't allow to change role type",
      );
    }
    world.roles.change(role, {
      ...(name !== undefined && name !== '' && { name }),
      ...(newType !== undefined && { type: newType }),
      ...(description !== undefined && description !== '' && { description }),
      ...(ispublic !== undefined && { isPublic: ispublic }),
    });
    return role;
  },
});
