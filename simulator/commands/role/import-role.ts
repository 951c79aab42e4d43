import { objectOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { flag, records, text } from '../../declare/parameter.js';
import { sameName } from '../../declare/list-parameters.js';
import { cloudRuntime, serverApiError } from '../../world/cloud-exception.js';
import type { RolePermissionRow, RoleRow } from '../../world/entities.js';
import { rulesOf } from '../../world/identity/roles.js';
import type { World } from '../../world/world.js';
import { roleResponse } from './role-response.js';
import { assertMayEditRoles, assertRule, permissionNamed, roleTypeNamed } from './role-rules.js';

/** What a rule is before it belongs to a role. */
type ImportedRule = Pick<RolePermissionRow, 'rule' | 'permission' | 'description'>;

/**
 * Makes a role with its rules in one go, or by force in place of the one of that name and type
 * (ImportRoleCmd, RoleManagerImpl.importRole).
 */
export const importRole = syncCommand({
  name: 'importRole',
  summary: 'Creates a role with rules, or gives one that there is new rules.',
  since: '4.15.0',
  roles: rootOnlyRole,
  grantedByType: true,
  parameters: {
    name: text({ required: true }),
    type: text(),
    description: text(),
    rules: records({ required: true }),
    forced: flag(),
    ispublic: flag(),
  },
  response: objectOf(roleResponse),
  run: (context, { name, type, description, rules, forced, ispublic }) => {
    const { world } = context;
    if (type === undefined) throw serverApiError(431, 'Invalid role type provided');
    const meant = { type: roleTypeNamed(type), description: description ?? null };
    const imported = rules.map(importedRule);
    assertMayEditRoles(context);
    const known = world.roles.all().filter((role) => sameName(role.name, name));
    if (known.length > 0 && forced !== true) throw cloudRuntime('Role already exists');
    const isPublic = ispublic ?? true;
    const old = known.find((role) => role.type === meant.type);
    if (old === undefined) {
      const role = world.roles.insert({ name, ...meant, isPublic, isDefault: false });
      return withRules(world, role, imported);
    }
    if (old.isDefault) {
      throw cloudRuntime(`Failed to import the role: ${name}, default role cannot be overriden`);
    }
    for (const rule of rulesOf(world, old.id)) world.rolePermissions.remove(rule);
    world.roles.change(old, { name, description: meant.description, isPublic });
    return withRules(world, old, imported);
  },
});

function importedRule({ rule, permission, description }: Record<string, string>): ImportedRule {
  if (rule === undefined || rule === '') {
    throw serverApiError(431, 'Empty rule provided in rules param');
  }
  assertRule(rule);
  if (permission === undefined || permission === '') {
    throw serverApiError(
      431,
      `Invalid permission: ${permission ?? 'null'} provided in rules param`,
    );
  }
  return { rule, permission: permissionNamed(permission), description: description ?? null };
}

function withRules(world: World, role: RoleRow, rules: readonly ImportedRule[]): RoleRow {
  for (const [order, rule] of rules.entries()) {
    world.rolePermissions.insert({ roleId: role.id, ...rule, order });
  }
  return role;
}
