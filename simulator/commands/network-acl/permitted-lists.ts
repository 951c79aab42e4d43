import type { CommandContext } from '../../declare/context.js';
import { ownerFilter, type OwnershipArguments } from '../../declare/visibility.js';
import type { NetworkAclListRow } from '../../world/entities.js';

/**
 * Whether a caller finds a list, and its rules: those of the VPCs that it may see, and those that are
 * for all VPCs (NetworkACLServiceImpl.listNetworkACLs).
 */
export function isPermittedList(
  context: CommandContext,
  args: OwnershipArguments,
  byId: boolean,
): (list: NetworkAclListRow) => boolean {
  const isOwned = ownerFilter(context, args, byId);
  return ({ vpcId }) => vpcId === null || isOwned(context.world.vpcs.require(vpcId).accountId);
}
