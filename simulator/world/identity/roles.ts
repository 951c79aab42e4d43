import type { AccountRow, RolePermissionRow, RoleRow, RoleType } from '../entities.js';
import type { World } from '../world.js';

/** The roles that every world begins with, by their types (AccountManagerImpl, RoleType). */
export const defaultRoles: readonly {
  readonly type: RoleType;
  readonly name: string;
  readonly description: string;
}[] = [
  { type: 'Admin', name: 'Root Admin', description: 'Default root admin role' },
  {
    type: 'ResourceAdmin',
    name: 'Resource Admin',
    description: 'Default resource admin role',
  },
  { type: 'DomainAdmin', name: 'Domain Admin', description: 'Default domain admin role' },
  { type: 'User', name: 'User', description: 'Default user role' },
];

/** What decides whether a role may call a command. */
export interface Callable {
  readonly name: string;
  /** The default roles that may call it. */
  readonly roles: readonly RoleType[];
  /** Whether other roles of these types may, too, as long as no rule of theirs denies it. */
  readonly grantedByType?: boolean;
}

/**
 * Whether an account may call a command (DynamicRoleBasedAPIAccessChecker.checkAccess): default
 * roles by what the command declares, others by the first of their rules that matches, then by type.
 */
export function mayCall(world: World, account: AccountRow, command: Callable): boolean {
  const role = account.roleId === null ? undefined : world.roles.get(account.roleId);
  return role !== undefined && role.removedMs === null && roleMayCall(world, role, command);
}

/** The same for a role. */
export function roleMayCall(world: World, role: RoleRow, command: Callable): boolean {
  if (role.isDefault) return command.roles.includes(role.type);
  const rule = rulesOf(world, role.id).find((candidate) =>
    ruleMatches(candidate.rule, command.name),
  );
  if (rule !== undefined) return rule.permission === 'allow';
  return command.grantedByType === true && command.roles.includes(role.type);
}

/** The rules of a role in the order in which they decide. */
export function rulesOf(world: World, roleId: string): RolePermissionRow[] {
  return world.rolePermissions.where('roleId', roleId).sort((a, b) => a.order - b.order);
}

/** Whether a rule is about a command: case does not count, `*` is any part of the name (Rule.matches). */
export function ruleMatches(rule: string, commandName: string): boolean {
  const [first = '', ...rest] = rule.toLowerCase().split('*');
  const name = commandName.toLowerCase();
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  // Each part is looked for behind the one before it: no rule takes longer than the name is.
  let end = first.length;
  for (const part of rest) {
    const start = name.indexOf(part, end);
    if (start < 0) return false;
    end = start + part.length;
  }
  return name.endsWith(last) && name.length - last.length >= end;
}

/** The default role of a type. */
export function defaultRole(world: World, type: RoleType): RoleRow {
  const role = world.roles.all().find((row) => row.isDefault && row.type === type);
  if (role === undefined) throw new Error(`the world has no default role of the type ${type}`);
  return role;
}
