import { isRootAdmin } from '../../declare/caller.js';
import { everyAdmin, listOf, syncCommand } from '../../declare/command.js';
import { contains, pagingParameters, sameName } from '../../declare/list-parameters.js';
import { entity, text } from '../../declare/parameter.js';
import type { RoleRow } from '../../world/entities.js';
import { roleResponse } from './role-response.js';
import { roleTypeNamed } from './role-rules.js';

/**
 * Of an id, a name or keyword and a type only the first counts. Others than root admins see no role
 * of root admins and no private one (ListRolesCmd, RoleManagerImpl.listRoles).
 */
export const listRoles = syncCommand({
  name: 'listRoles',
  summary: 'Lists the roles that accounts can have.',
  roles: everyAdmin,
  grantedByType: true,
  parameters: {
    id: entity('role'),
    name: text(),
    type: text(),
    ...pagingParameters,
  },
  response: listOf(roleResponse),
  run: ({ world, caller }, { id, name, type, keyword }) => {
    const isMeant = (role: RoleRow): boolean => {
      if (id !== undefined) return role.id === id.id;
      if (name !== undefined || keyword !== undefined) {
        return (
          (name === undefined || sameName(role.name, name)) &&
          (keyword === undefined || contains(role.name, keyword))
        );
      }
      return type === undefined || type === '' || role.type === roleTypeNamed(type);
    };
    return world.roles
      .all()
      .filter(isMeant)
      .filter((role) => isRootAdmin(caller) || (role.type !== 'Admin' && role.isPublic));
  },
});
