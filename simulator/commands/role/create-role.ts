import { objectOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { serverApiError } from '../../world/cloud-exception.js';
import { roleResponse } from './role-response.js';
import { shownRules } from './shown-rules.js';
import { assertExists, assertMayEditRoles, roleTypeNamed } from './role-rules.js';

/**
 * Makes a role without rules, or with those of another one, which it does not share afterwards
 * (RoleManagerImpl.createRole).
 */
export const createRole = syncCommand({
  name: 'createRole',
  summary: 'Creates a role, by its type or as a copy of another role.',
  roles: rootOnlyRole,
  grantedByType: true,
  parameters: {
    type: text(),
    description: text(),
    name: text({ required: true }),
    roleid: entity('role', { since: '4.15.0' }),
    ispublic: flag(),
  },
  response: objectOf(roleResponse),
  run: (context, { type, description, name, roleid: original, ispublic }) => {
    const { world, commands } = context;
    if (type === undefined && original === undefined) {
      throw serverApiError(431, 'Neither role type nor role ID is provided');
    }
    if (type !== undefined && original !== undefined) {
      throw serverApiError(431, 'Both role type and role ID should not be specified');
    }
    if (original !== undefined) assertExists(original);
    assertMayEditRoles(context);
    const role = world.roles.insert({
      name,
      type: original?.type ?? roleTypeNamed(type ?? ''),
      description: description ?? null,
      isDefault: false,
      isPublic: ispublic ?? true,
    });
    const copied = original === undefined ? [] : shownRules(world, original, commands);
    for (const [order, { rule, permission, description: text }] of copied.entries()) {
      world.rolePermissions.insert({ roleId: role.id, rule, permission, description: text, order });
    }
    return role;
  },
});
