import { ownerFields } from '../../declare/owner-fields.js';
import { responseObject, stringField } from '../../declare/response.js';
import { membersOf } from '../../world/compute/affinity-groups.js';
import type { AffinityGroupRow } from '../../world/entities.js';

/** AffinityGroupResponse; a group without VMs has no list of them (AffinityGroupJoinDaoImpl). */
export const affinityGroupResponse = responseObject<AffinityGroupRow>('affinitygroup', {
  id: stringField((group) => group.id),
  name: stringField((group) => group.name),
  description: stringField((group) => group.description),
  ...ownerFields<AffinityGroupRow>((group) => group.accountId),
  type: stringField((group) => group.type),
  virtualmachineIds: {
    type: 'list',
    value: (group, { world }) => {
      const members = membersOf(world, group.id);
      return members.length === 0 ? undefined : members.map(({ id }) => id);
    },
  },
});

/** What a VM shows of its groups (UserVmJoinDaoImpl). */
export const affinityGroupOfVmResponse = responseObject<AffinityGroupRow>('affinitygroup', {
  id: stringField((group) => group.id),
  name: stringField((group) => group.name),
  description: stringField((group) => group.description),
  account: stringField((group, { world }) => world.accounts.require(group.accountId).name),
});
