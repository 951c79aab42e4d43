import { isAdmin, isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import { invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import type { NetworkOfferingRow, NetworkRow } from '../../world/entities.js';

/** Whether an account alone or a whole domain uses a new network (NetworkServiceImpl.getAclType). */
export function aclTypeOfNew(
  context: CommandContext,
  offering: NetworkOfferingRow,
  asked: string | undefined,
): NetworkRow['aclType'] {
  const isShared = offering.guestIpType === 'Shared';
  const aclType = asked === undefined ? usualAclType(context, isShared) : aclTypeNamed(asked);
  if (asked !== undefined && offering.guestIpType === 'Isolated' && aclType !== 'Account') {
    throw invalidParameter('AclType should be Account for network of type Isolated');
  }
  if (aclType === 'Account') return aclType;
  if (!isAdmin(context.caller)) {
    throw permissionDenied('Only admin can create networks with aclType=Domain');
  }
  if (isShared) return aclType;
  throw invalidParameter('Only Shared networks can have aclType=Domain');
}

function usualAclType({ caller }: CommandContext, isShared: boolean): NetworkRow['aclType'] {
  if (!isShared || caller.role === 'User') return 'Account';
  if (isRootAdmin(caller)) return 'Domain';
  throw invalidParameter('AclType must be specified for shared network created by domain admin');
}

function aclTypeNamed(asked: string): NetworkRow['aclType'] {
  const aclType = (['Account', 'Domain'] as const).find(
    (known) => known.toLowerCase() === asked.toLowerCase(),
  );
  if (aclType !== undefined) return aclType;
  throw invalidParameter(
    'Incorrect aclType specified. Check the API documentation for supported types',
  );
}
