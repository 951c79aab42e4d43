import { assertMayOperate } from '../../declare/access.js';
import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { contains, ownershipParameters, sameName } from '../../declare/list-parameters.js';
import { entity, text } from '../../declare/parameter.js';
import { ownerFilter } from '../../declare/visibility.js';
import { affinityGroupsOf } from '../../world/compute/affinity-groups.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { rowsAskedFor } from '../../world/rows-asked-for.js';
import { affinityGroupResponse } from './affinity-group-response.js';

/** Of one VM it lists the groups whatever else was asked for (QueryManagerImpl.searchForAffinityGroups). */
export const listAffinityGroups = syncCommand({
  name: 'listAffinityGroups',
  summary: 'Lists affinity groups.',
  roles: everyRole,
  parameters: {
    name: text(),
    virtualmachineid: entity('virtualmachine'),
    id: entity('affinitygroup'),
    type: text(),
    ...ownershipParameters,
  },
  response: listOf(affinityGroupResponse),
  run: (context, args) => {
    const { world } = context;
    const { id, name, type, keyword, virtualmachineid: vm } = args;
    if (vm !== undefined) {
      if (vm.removedMs !== null) {
        throw invalidParameter(
          `Unable to list affinity groups for virtual machine instance ${vm.internalId}; instance not found.`,
        );
      }
      assertMayOperate(context, 'virtualmachine', vm);
      return affinityGroupsOf(world, vm.id);
    }
    const isOwned = ownerFilter(context, args, id !== undefined);
    return rowsAskedFor(world.affinityGroups, { id })
      .filter((group) => isOwned(group.accountId))
      .filter((group) => name === undefined || sameName(group.name, name))
      .filter((group) => type === undefined || sameName(group.type, type))
      .filter(
        (group) =>
          keyword === undefined || contains(group.name, keyword) || contains(group.type, keyword),
      );
  },
});
