import {
  asyncCommand,
  done,
  everyRole,
  objectOf,
  wait,
  type Arguments,
} from '../../declare/command.js';
import { displayParameters } from '../../declare/display.js';
import { entity, flag, integer, text, textList } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { NetworkAclRow } from '../../world/entities.js';
import { applyList, rulesOfList } from '../../world/network/network-acls.js';
import type { World } from '../../world/world.js';
import { assertMayChangeRules } from './network-acl-access.js';
import { networkAclResponse } from './network-acl-response.js';
import {
  actionNamed,
  assertTraffic,
  trafficTypeNamed,
  type AclTraffic,
} from './network-acl-rules.js';

const parameters = {
  id: entity('networkacl', { required: true }),
  protocol: text(),
  startport: integer(),
  endport: integer(),
  cidrlist: textList(),
  icmptype: integer(),
  icmpcode: integer(),
  traffictype: text(),
  number: integer(),
  action: text(),
  reason: text(),
  partialupgrade: flag(),
  ...displayParameters,
} as const;

type UpdateArguments = Arguments<typeof parameters>;
type Changes = AclTraffic &
  Pick<NetworkAclRow, 'trafficType' | 'action' | 'number' | 'reason' | 'isDisplayed'>;

/**
 * What is not named stays, or, without `partialupgrade`, becomes what a new rule would have
 * (NetworkACLServiceImpl.updateNetworkACLItem).
 */
export const updateNetworkAclItem = asyncCommand({
  name: 'updateNetworkACLItem',
  summary: 'Changes a rule of a list.',
  roles: everyRole,
  javaClass: { user: 'user.network.UpdateNetworkACLItemCmd' },
  wrapper: 'createnetworkaclresponse',
  parameters,
  response: objectOf(networkAclResponse),
  subject: ({ id }) => ({ type: 'NetworkAclItem', id: id.id }),
  steps: [
    (context, args) => {
      const { world } = context;
      const { id: rule } = args;
      const list = world.networkAclLists.require(rule.listId);
      assertMayChangeRules(context, list, 'Only Root Admins can update global ACLs.');
      assertNumberFree(world, rule, args.number);
      const changes = changesOf(rule, args);
      assertTraffic(changes);
      world.networkAcls.move(rule, 'Changed', changes);
      return wait('duration.address');
    },
    ({ world }, { id: rule }) => {
      applyList(world, rule.listId);
      return done(rule);
    },
  ],
});

function assertNumberFree(world: World, rule: NetworkAclRow, number: number | undefined): void {
  const other = rulesOfList(world, rule.listId).find((row) => row.number === number);
  if (other === undefined || other.id === rule.id) return;
  throw invalidParameter(
    `ACL item with number ${other.number} already exists in ACL: ${rule.listId}`,
  );
}

function changesOf(rule: NetworkAclRow, args: UpdateArguments): Changes {
  const isWhole = args.partialupgrade === false;
  return {
    ...(isWhole ? wholeTraffic(rule, args) : changedTraffic(rule, args)),
    trafficType:
      trafficTypeNamed(args.traffictype ?? '') ?? (isWhole ? 'Ingress' : rule.trafficType),
    action: isWhole || !isBlank(args.action) ? actionNamed(args.action) : rule.action,
    reason: isWhole || !isBlank(args.reason) ? (args.reason ?? null) : rule.reason,
    number: args.number ?? rule.number,
    isDisplayed: args.fordisplay ?? true,
  };
}

function changedTraffic(rule: NetworkAclRow, args: UpdateArguments): AclTraffic {
  const { protocol = '', cidrlist = [] } = args;
  return {
    protocol: isBlank(protocol) ? rule.protocol : protocol.trim(),
    startPort: args.startport ?? rule.startPort,
    endPort: args.endport ?? rule.endPort,
    icmpType: args.icmptype ?? rule.icmpType,
    icmpCode: args.icmpcode ?? rule.icmpCode,
    cidrList: cidrlist.length === 0 ? rule.cidrList : cidrlist,
  };
}

/** Without a protocol CloudStack trips; where from and to stays if nothing is said of it. */
function wholeTraffic(rule: NetworkAclRow, args: UpdateArguments): AclTraffic {
  const protocol = args.protocol?.trim();
  if (protocol === undefined) {
    throw cloudRuntime(
      'Cannot invoke "String.equalsIgnoreCase(String)" because the return value of ' +
        '"com.cloud.network.vpc.NetworkACLItemVO.getProtocol()" is null',
    );
  }
  const isOfIcmp = protocol.toLowerCase() === 'icmp';
  return {
    protocol,
    startPort: args.startport ?? null,
    endPort: args.endport ?? null,
    icmpType: isOfIcmp ? (args.icmptype ?? -1) : null,
    icmpCode: isOfIcmp ? (args.icmpcode ?? -1) : null,
    cidrList: args.cidrlist ?? rule.cidrList,
  };
}

function isBlank(value: string | undefined): boolean {
  return value === undefined || value.trim() === '';
}
