import { assertMayOperate } from '../../declare/access.js';
import { isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import { invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import type { NetworkAclListRow } from '../../world/entities.js';

/**
 * Throws unless the caller may change a list: its owner that of a VPC, root admins one for all VPCs
 * (NetworkACLServiceImpl.validateGlobalAclPermissionAndAclAssociatedToVpc). `refusal` is what others
 * are told of one for all.
 */
export function assertMayChangeList(
  context: CommandContext,
  list: NetworkAclListRow,
  refusal: string,
): void {
  if (list.vpcId !== null) assertMayOperate(context, 'vpc', context.world.vpcs.require(list.vpcId));
  else if (!isRootAdmin(context.caller)) throw permissionDenied(refusal);
}

/** The same for its rules, which those of the shipped lists are not (NetworkACLServiceImpl.validateNetworkAcl). */
export function assertMayChangeRules(
  context: CommandContext,
  list: NetworkAclListRow,
  refusal: string,
): void {
  if (list.isDefault) throw invalidParameter('Default ACL cannot be modified');
  assertMayChangeList(context, list, refusal);
}
