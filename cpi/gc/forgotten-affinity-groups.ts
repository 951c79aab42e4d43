import { listUnlessGone } from '../cloudstack/find-by-id.js';
import { directorOfGroup, removeUnusedGroup } from '../methods/vm/remove-affinity-group.js';
import { isLiveVm } from '../methods/shared/live-resources.js';
import type { Finder, Forgotten } from './forgotten.js';

/**
 * Affinity groups that create_vm made and that no VM is in any more. Their mark is the description,
 * which no parameter of the list looks at (QueryManagerImpl.buildAffinityGroupSearchCriteria: id,
 * name, type, and `keyword` in the latter two). All types that create_vm takes have this word; the
 * groups of dedicated hosts have not. A long list comes in pages.
 */
export const forgottenAffinityGroups: Finder = async ({ client }) => {
  const forgotten: Forgotten[] = [];
  for (const group of await client.list('listAffinityGroups', { keyword: 'affinity' })) {
    const directorUuid = directorOfGroup(group);
    if (directorUuid === undefined) continue;
    const inGroup = { affinitygroupid: group.id };
    const members = await listUnlessGone(client, 'listVirtualMachines', inGroup);
    if (members === undefined || members.some(isLiveVm)) continue;
    forgotten.push({
      kind: 'affinity group',
      id: group.id,
      name: group.name,
      directorUuid,
      createdMs: undefined,
      why: 'no VM is in it',
      remove: () => removeUnusedGroup(client, directorUuid, group),
    });
  }
  return forgotten;
};
