import { assertMayOperate } from '../../declare/access.js';
import {
  asyncCommand,
  everyRole,
  succeeded,
  success,
  type Arguments,
} from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { finalizeOwner, ownerParameters, type OwnerArguments } from '../../declare/ownership.js';
import { entity, text } from '../../declare/parameter.js';
import { deleteAffinityGroup as deleteGroup } from '../../world/compute/affinity-groups.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { AffinityGroupRow } from '../../world/entities.js';
import { affinityGroupNamed } from './affinity-group-rules.js';

const parameters = {
  ...ownerParameters,
  id: entity('affinitygroup', { access: 'operate' }),
  name: text(),
} as const;

/** VMs of the group do not prevent it: they just leave (AffinityGroupServiceImpl.deleteAffinityGroup). */
export const deleteAffinityGroup = asyncCommand({
  name: 'deleteAffinityGroup',
  summary: 'Deletes an affinity group; its virtual machines stay where they are.',
  roles: everyRole,
  javaClass: { user: 'user.affinitygroup.DeleteAffinityGroupCmd' },
  parameters,
  response: success,
  subject: ({ id: group }) => group && { type: 'AffinityGroup', id: group.id },
  steps: [
    (context, args) => {
      const group = groupToDelete(context, args);
      assertMayOperate(context, 'affinitygroup', group);
      deleteGroup(context.world, group);
      return succeeded;
    },
  ],
});

/** By its id, or else by its name. */
function groupToDelete(
  context: CommandContext,
  args: Arguments<typeof parameters>,
): AffinityGroupRow {
  const { id: group, name } = args;
  if (group !== undefined) return group;
  if (name === undefined) {
    throw invalidParameter(
      'Either the affinity group Id or group name must be specified to delete the group',
    );
  }
  const named = groupOfOwner(context, args, name);
  if (named === undefined) throw invalidParameter(`Unable to find affinity group ${name}`);
  return named;
}

/** A domain alone means its common groups, of which this world has none. */
function groupOfOwner(
  context: CommandContext,
  args: OwnerArguments,
  name: string,
): AffinityGroupRow | undefined {
  if (args.account === undefined && args.domainid !== undefined) return undefined;
  return affinityGroupNamed(context.world, finalizeOwner(context, args).id, name);
}
