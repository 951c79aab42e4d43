import type { CommandContext } from '../../declare/context.js';
import {
  cloudRuntime,
  permissionDenied,
  serverApiError,
  invalidParameter,
} from '../../world/cloud-exception.js';
import type { RolePermissionRow, RoleRow, RoleType } from '../../world/entities.js';
import type { World } from '../../world/world.js';

const roleTypes: readonly RoleType[] = ['Admin', 'ResourceAdmin', 'DomainAdmin', 'User'];

/** The type as it is written; any other text fails in Java, as 530 (RoleType.fromString). */
export function roleTypeNamed(name: string): RoleType {
  const type = roleTypes.find((candidate) => candidate === name);
  if (type === undefined) throw cloudRuntime('Illegal RoleType name provided');
  return type;
}

/** Only accounts of root admins edit roles (RoleManagerImpl.checkCallerAccess). */
export function assertMayEditRoles({ caller }: CommandContext): void {
  if (caller.role === 'Admin') return;
  throw permissionDenied('Restricted API called by an user account of non-Admin role type');
}

/** Throws for the id of a role that is removed. */
export function assertExists(role: RoleRow, text = 'Invalid role id provided'): void {
  if (role.removedMs !== null) throw serverApiError(431, text);
}

/** Default roles are what they are. */
export function assertNotDefault(role: RoleRow, text: string): void {
  if (role.isDefault) throw permissionDenied(text);
}

/** A rule names a command, or with `*` several (Rule). */
export function assertRule(rule: string): void {
  if (/^[a-zA-Z0-9*]+$/.test(rule)) return;
  throw invalidParameter(
    `Only API names and wildcards are allowed, invalid rule provided: ${rule}`,
  );
}

export function permissionNamed(name: string): RolePermissionRow['permission'] {
  const permission = (['allow', 'deny'] as const).find((known) => known === name.toLowerCase());
  if (permission !== undefined) return permission;
  throw serverApiError(431, 'Values for permission parameter should be: allow or deny');
}

/** Whether an account has the role; such a role keeps its type and is not deleted. */
export function isRoleInUse(world: World, role: RoleRow): boolean {
  return world.accounts.where('roleId', role.id).length > 0;
}
