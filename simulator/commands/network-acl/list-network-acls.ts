import { assertMayOperate } from '../../declare/access.js';
import { everyRole, listOf, syncCommand, type Arguments } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import {
  contains,
  hasAnyTag,
  ownershipParameters,
  sameName,
  tagFilterParameters,
} from '../../declare/list-parameters.js';
import { entity, text } from '../../declare/parameter.js';
import type { NetworkAclRow } from '../../world/entities.js';
import { networkAclResponse } from './network-acl-response.js';
import { isPermittedList } from './permitted-lists.js';

const parameters = {
  id: entity('networkacl'),
  networkid: entity('network'),
  traffictype: text(),
  aclid: entity('networkacllist'),
  protocol: text(),
  action: text(),
  ...tagFilterParameters,
  ...ownershipParameters,
} as const;

/** The newest first (NetworkACLServiceImpl.listNetworkACLItems). */
export const listNetworkAcls = syncCommand({
  name: 'listNetworkACLs',
  summary: 'Lists the rules for the networks of VPCs.',
  roles: everyRole,
  parameters,
  response: listOf(networkAclResponse),
  // CloudStack does not look at it: rules that are not displayed are listed, too.
  ignores: ['fordisplay'],
  run: (context, args) => {
    const { id, traffictype, protocol, action, keyword, tags } = args;
    return rulesAskedFor(context, args)
      .filter((rule) => id === undefined || rule.id === id.id)
      .filter((rule) => traffictype === undefined || sameName(rule.trafficType, traffictype))
      .filter((rule) => protocol === undefined || sameName(rule.protocol, protocol))
      .filter((rule) => action === undefined || sameName(rule.action, action))
      .filter((rule) => hasAnyTag(context.world, rule.id, tags))
      .filter((rule) => keyword === undefined || matches(rule, keyword))
      .reverse();
  },
});

/** Of one list, that of a network first of all, or of all that the caller finds. */
function rulesAskedFor(
  context: CommandContext,
  args: Arguments<typeof parameters>,
): NetworkAclRow[] {
  const { world } = context;
  const { networkid: network, aclid } = args;
  if (network !== undefined) {
    assertMayOperate(context, 'network', network);
    // A tier that is gone is found, but its list may be gone, too (NetworkACLServiceImpl looks only for
    // networks that are there).
    if (network.removedMs !== null || network.aclListId === null) return [];
  }
  const listId = network?.aclListId ?? aclid?.id;
  if (listId === undefined) {
    const isPermitted = isPermittedList(context, args, args.id !== undefined);
    return world.networkAcls
      .all()
      .filter((rule) => isPermitted(world.networkAclLists.require(rule.listId)));
  }
  const { vpcId } = world.networkAclLists.require(listId);
  if (vpcId !== null) assertMayOperate(context, 'vpc', world.vpcs.require(vpcId));
  return world.networkAcls.where('listId', listId);
}

function matches({ protocol, reason }: NetworkAclRow, keyword: string): boolean {
  return contains(protocol, keyword) || contains(reason ?? '', keyword);
}
