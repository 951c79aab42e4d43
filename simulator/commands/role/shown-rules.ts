import { createHash } from 'node:crypto';
import type { RoleRow } from '../../world/entities.js';
import { rulesOf, type Callable } from '../../world/identity/roles.js';
import type { World } from '../../world/world.js';
import type { ShownRule } from './role-response.js';

/**
 * The rules of a role in their order. Those of a default role follow from what the commands declare:
 * everything for root admins, for the others a rule per command.
 */
export function shownRules(
  world: World,
  role: RoleRow,
  commands: readonly Callable[],
): readonly ShownRule[] {
  if (!role.isDefault) return rulesOf(world, role.id);
  if (role.type === 'Admin') return [defaultRule(role, '*')];
  return commands
    .filter((command) => command.roles.includes(role.type))
    .map((command) => defaultRule(role, command.name));
}

function defaultRule(role: RoleRow, rule: string): ShownRule {
  const id = derivedUuid(`${role.id} ${rule}`);
  return { id, roleId: role.id, rule, permission: 'allow', description: null };
}

/** A uuid that is always the same for the same text: default rules are no rows that could have one. */
function derivedUuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
