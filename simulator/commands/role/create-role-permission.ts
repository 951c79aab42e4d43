import { objectOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { entity, text } from '../../declare/parameter.js';
import { permissionDenied } from '../../world/cloud-exception.js';
import { rulesOf } from '../../world/identity/roles.js';
import { rolePermissionResponse } from './role-response.js';
import {
  assertExists,
  assertMayEditRoles,
  assertNotDefault,
  assertRule,
  permissionNamed,
} from './role-rules.js';

/** A new rule comes last, behind all that might match before it (RoleManagerImpl.createRolePermission). */
export const createRolePermission = syncCommand({
  name: 'createRolePermission',
  summary: 'Adds a rule to a role.',
  roles: rootOnlyRole,
  grantedByType: true,
  parameters: {
    rule: text({ required: true }),
    permission: text({ required: true }),
    description: text(),
    roleid: entity('role', { required: true }),
  },
  response: objectOf(rolePermissionResponse),
  run: (context, { rule, permission, description, roleid: role }) => {
    const { world } = context;
    assertExists(role);
    assertRule(rule);
    const meant = permissionNamed(permission);
    assertMayEditRoles(context);
    assertNotDefault(role, 'Role permission cannot be added for Default roles');
    const rules = rulesOf(world, role.id);
    if (rules.some((known) => known.rule.toLowerCase() === rule.toLowerCase())) {
      throw permissionDenied(`Rule already exists for the role: ${role.name}`);
    }
    return world.rolePermissions.insert({
      roleId: role.id,
      rule,
      permission: meant,
      description: description ?? null,
      order: (rules.at(-1)?.order ?? -1) + 1,
    });
  },
});
