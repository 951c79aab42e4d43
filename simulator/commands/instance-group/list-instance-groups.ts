import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { contains, ownershipParameters, sameName } from '../../declare/list-parameters.js';
import { entity, text } from '../../declare/parameter.js';
import { ownerFilter } from '../../declare/visibility.js';
import { rowsAskedFor } from '../../world/rows-asked-for.js';
import { instanceGroupResponse } from './instance-group-response.js';

/** QueryManagerImpl.searchForVmGroups. */
export const listInstanceGroups = syncCommand({
  name: 'listInstanceGroups',
  summary: 'Lists groups of virtual machines.',
  roles: everyRole,
  parameters: { id: entity('instancegroup'), name: text(), ...ownershipParameters },
  response: listOf(instanceGroupResponse),
  run: (context, args) => {
    const { id, name, keyword } = args;
    const isOwned = ownerFilter(context, args, id !== undefined);
    return rowsAskedFor(context.world.instanceGroups, { id })
      .filter((group) => isOwned(group.accountId))
      .filter((group) => name === undefined || sameName(group.name, name))
      .filter((group) => keyword === undefined || contains(group.name, keyword));
  },
});
