import { listOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { listedRolePermissionResponse } from './role-response.js';
import { shownRules } from './shown-rules.js';

/** In the order in which they decide; without a role, those of all. It has no pages. */
export const listRolePermissions = syncCommand({
  name: 'listRolePermissions',
  summary: 'Lists what the rules of a role allow and deny.',
  roles: rootOnlyRole,
  grantedByType: true,
  parameters: { roleid: entity('role') },
  response: listOf(listedRolePermissionResponse),
  run: ({ world, commands }, { roleid: role }) =>
    (role === undefined ? world.roles.all() : [role])
      .filter((row) => row.removedMs === null)
      .flatMap((row) => shownRules(world, row, commands)),
});
