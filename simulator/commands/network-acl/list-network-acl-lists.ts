import { assertMayOperate } from '../../declare/access.js';
import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { displayParameters, isShown } from '../../declare/display.js';
import { contains, ownershipParameters, sameName } from '../../declare/list-parameters.js';
import { entity, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { NetworkAclListRow } from '../../world/entities.js';
import { networkAclListResponse } from './network-acl-list-response.js';
import { isPermittedList } from './permitted-lists.js';

/** The newest first, and always those that are for all VPCs (NetworkACLServiceImpl.listNetworkACLs). */
export const listNetworkAclLists = syncCommand({
  name: 'listNetworkACLLists',
  summary: 'Lists the lists of rules for the networks of VPCs.',
  roles: everyRole,
  parameters: {
    id: entity('networkacllist'),
    networkid: entity('network'),
    vpcid: entity('vpc'),
    name: text(),
    ...displayParameters,
    ...ownershipParameters,
  },
  response: listOf(networkAclListResponse),
  run: (context, args) => {
    const { id, networkid, vpcid: vpc, name, keyword } = args;
    if (vpc !== undefined) {
      if (vpc.removedMs !== null) throw invalidParameter('Unable to find VPC');
      assertMayOperate(context, 'vpc', vpc);
    }
    const isPermitted =
      vpc === undefined
        ? isPermittedList(context, args, id !== undefined)
        : ({ vpcId }: NetworkAclListRow) => vpcId === null || vpcId === vpc.id;
    return context.world.networkAclLists
      .all()
      .filter(isPermitted)
      .filter((list) => id === undefined || list.id === id.id)
      .filter((list) => networkid === undefined || list.id === networkid.aclListId)
      .filter((list) => name === undefined || sameName(list.name, name))
      .filter((list) => isShown(list, args))
      .filter((list) => keyword === undefined || matches(list, keyword))
      .reverse();
  },
});

function matches({ name, description }: NetworkAclListRow, keyword: string): boolean {
  return contains(name, keyword) || contains(description ?? '', keyword);
}
