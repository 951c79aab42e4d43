import { flat, rootOnlyRole, syncCommand, type Arguments } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, entityList, text } from '../../declare/parameter.js';
import { booleanField } from '../../declare/response.js';
import { serverApiError } from '../../world/cloud-exception.js';
import type { RolePermissionRow, RoleRow } from '../../world/entities.js';
import { rulesOf } from '../../world/identity/roles.js';
import type { World } from '../../world/world.js';
import {
  assertExists,
  assertMayEditRoles,
  assertNotDefault,
  permissionNamed,
} from './role-rules.js';

const parameters = {
  roleid: entity('role', { required: true }),
  ruleorder: entityList('rolepermission'),
  ruleid: entity('rolepermission', { since: '4.11' }),
  permission: text({ since: '4.11' }),
} as const;

/**
 * Changes the order of all rules, or what one of them says. A list that is not exactly the rules of
 * the role changes nothing and is no error: success is false then (RolePermissionsDaoImpl.update).
 */
export const updateRolePermission = syncCommand({
  name: 'updateRolePermission',
  summary: 'Changes the order of the rules of a role, or one of them.',
  roles: rootOnlyRole,
  grantedByType: true,
  parameters,
  response: flat<boolean>({ success: booleanField((changed) => changed) }),
  run: (context, args) => {
    assertExists(args.roleid);
    return args.ruleorder === undefined
      ? changePermission(context, args)
      : changeOrder(context, args, args.ruleorder);
  },
});

type UpdateArguments = Arguments<typeof parameters>;

function changeOrder(
  context: CommandContext,
  { roleid: role, ruleid, permission }: UpdateArguments,
  order: readonly RolePermissionRow[],
): boolean {
  if (ruleid !== undefined || permission !== undefined) {
    throw serverApiError(
      431,
      'Parameters permission and ruleid must be mutually exclusive with ruleorder',
    );
  }
  if (order.some((rule) => rule.removedMs !== null)) {
    throw serverApiError(431, 'Provided role permission(s) do not exist');
  }
  assertMayChange(context, role);
  return reorder(context.world, role, order);
}

function reorder(world: World, role: RoleRow, order: readonly RolePermissionRow[]): boolean {
  const wanted = new Set(order);
  const rules = rulesOf(world, role.id);
  if (wanted.size !== rules.length || !rules.every((rule) => wanted.has(rule))) return false;
  for (const [index, rule] of [...wanted].entries()) {
    world.rolePermissions.change(rule, { order: index });
  }
  return true;
}

function changePermission(
  context: CommandContext,
  { roleid: role, ruleid: rule, permission }: UpdateArguments,
): boolean {
  const meant = permission === undefined ? undefined : permissionNamed(permission);
  if (rule === undefined || meant === undefined) return false;
  if (rule.removedMs !== null) throw serverApiError(431, 'Invalid rule id provided');
  assertMayChange(context, role);
  if (rule.roleId !== role.id) return false;
  context.world.rolePermissions.change(rule, { permission: meant });
  return true;
}

function assertMayChange(context: CommandContext, role: RoleRow): void {
  assertMayEditRoles(context);
  assertNotDefault(role, 'Role permission cannot be updated for Default roles');
}
