import {
  asyncCommand,
  done,
  everyRole,
  objectOf,
  proceed,
  type Arguments,
} from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, entityList, textList } from '../../declare/parameter.js';
import { joinAffinityGroups, leaveAffinityGroups } from '../../world/compute/affinity-groups.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { AccountRow, AffinityGroupRow } from '../../world/entities.js';
import { vmQueue, vmText } from '../../world/compute/virtual-machines.js';
import {
  affinityGroupsAskedFor,
  assertOfSameOwner,
} from '../affinity-group/affinity-group-rules.js';
import { virtualMachineResponse } from './virtual-machine-response.js';

const parameters = {
  id: entity('virtualmachine', { required: true, access: 'operate' }),
  affinitygroupids: entityList('affinitygroup', { access: 'operate' }),
  affinitygroupnames: textList(),
} as const;

/** The new groups replace the old ones (UpdateVMAffinityGroupCmd, AffinityGroupServiceImpl.updateVMAffinityGroups). */
export const updateVmAffinityGroup = asyncCommand({
  name: 'updateVMAffinityGroup',
  summary: 'Gives a stopped virtual machine other affinity groups.',
  roles: everyRole,
  wrapper: 'updatevirtualmachineresponse',
  javaClass: {
    user: 'user.affinitygroup.UpdateVMAffinityGroupCmd',
    rootAdmin: 'admin.affinitygroup.UpdateVMAffinityGroupCmdByAdmin',
  },
  parameters,
  response: objectOf(virtualMachineResponse),
  queue: (_, { id: vm }) => vmQueue(vm.id),
  steps: [
    () => proceed,
    (context, args) => {
      const { id: vm } = args;
      const owner = context.world.accounts.require(vm.accountId);
      const groups = groupsAskedFor(context, args, owner);
      if (vm.removedMs !== null) {
        throw invalidParameter(`Unable to find a virtual machine with id ${vm.internalId}`);
      }
      if (vm.state !== 'Stopped') {
        throw invalidParameter(
          `Unable update affinity groups of the virtual machine ${vmText(vm)} in state ${vm.state}; ` +
            'make sure the virtual machine is stopped and not in an error state before updating.',
        );
      }
      assertOfSameOwner(context, groups, owner);
      leaveAffinityGroups(context.world, vm.id);
      joinAffinityGroups(context.world, vm.id, groups);
      return done(vm);
    },
  ],
});

/** UpdateVMAffinityGroupCmd.execute. */
function groupsAskedFor(
  { world }: CommandContext,
  args: Arguments<typeof parameters>,
  owner: AccountRow,
): readonly AffinityGroupRow[] {
  const unknownText = (name: string): string =>
    `Unable to find group by name ${name} for account ${owner.internalId}`;
  const groups = affinityGroupsAskedFor(world, owner, args, unknownText);
  if (groups !== undefined) return groups;
  throw invalidParameter(
    'affinitygroupids parameter or affinitygroupnames parameter must be given',
  );
}
