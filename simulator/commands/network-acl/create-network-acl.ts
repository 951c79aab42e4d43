import { assertMayOperate } from '../../declare/access.js';
import {
  asyncCreateCommand,
  done,
  everyRole,
  objectOf,
  wait,
  type Arguments,
} from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { displayParameters } from '../../declare/display.js';
import { entity, integer, text, textList } from '../../declare/parameter.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { NetworkAclListRow, NetworkAclRow, NetworkRow } from '../../world/entities.js';
import { applyList, rulesOfList } from '../../world/network/network-acls.js';
import { servicesOf } from '../../world/network/networks.js';
import type { World } from '../../world/world.js';
import { assertMayChangeRules } from './network-acl-access.js';
import { networkAclResponse } from './network-acl-response.js';
import { actionNamed, assertTraffic, isIcmp, trafficTypeNamed } from './network-acl-rules.js';

const parameters = {
  protocol: text({ required: true }),
  startport: integer(),
  endport: integer(),
  cidrlist: textList(),
  icmptype: integer(),
  icmpcode: integer(),
  networkid: entity('network'),
  aclid: entity('networkacllist'),
  traffictype: text(),
  number: integer(),
  action: text(),
  reason: text(),
  ...displayParameters,
} as const;

type CreateArguments = Arguments<typeof parameters>;

/**
 * A tier without a list gets one, which stays even if the rule is refused
 * (NetworkACLServiceImpl.createNetworkACLItem).
 */
export const createNetworkAcl = asyncCreateCommand({
  name: 'createNetworkACL',
  summary: 'Adds a rule to a list, or to that of a network.',
  roles: everyRole,
  javaClass: { user: 'user.network.CreateNetworkACLCmd' },
  parameters,
  response: objectOf(networkAclResponse),
  subjectType: 'NetworkAclItem',
  create: (context, args) => {
    const { world } = context;
    const list = args.aclid ?? listOfNetwork(context, args.networkid);
    const trafficType = trafficTypeNamed(args.traffictype ?? 'Ingress');
    if (trafficType === undefined) {
      throw invalidParameter(`Invalid traffic type ${args.traffictype}`);
    }
    assertMayChangeRules(context, list, 'Only Root Admins can create rules for a global ACL.');
    assertNumberFree(world, list, args.number);
    const action = actionNamed(args.action);
    const traffic = askedTraffic(args);
    assertTraffic(traffic);
    return world.networkAcls.insert({
      ...traffic,
      listId: list.id,
      number: args.number ?? nextNumber(world, list),
      trafficType,
      action,
      reason: args.reason ?? null,
      isDisplayed: args.fordisplay ?? true,
      state: 'Add',
    });
  },
  steps: [
    () => wait('duration.address'),
    ({ world }, _, { createdId }) => {
      const rule = world.networkAcls.get(createdId);
      if (rule === undefined || rule.state === 'Revoke') {
        throw serverApiError(530, 'Failed to create network ACL Item');
      }
      applyList(world, rule.listId);
      return done(rule);
    },
  ],
});

function listOfNetwork(
  context: CommandContext,
  network: NetworkRow | undefined,
): NetworkAclListRow {
  const { world } = context;
  if (network === undefined) {
    throw invalidParameter('Cannot create Network ACL Item. ACL Id or network Id is required');
  }
  assertMayOperate(context, 'network', network);
  if (network.removedMs !== null || network.vpcId === null) {
    throw invalidParameter(`Network: ${network.id} does not belong to VPC`);
  }
  if (network.aclListId !== null) return world.networkAclLists.require(network.aclListId);
  return newListOf(world, network, network.vpcId);
}

/** NetworkACLServiceImpl.createAclListForNetworkAndReturnAclListId. */
function newListOf(world: World, network: NetworkRow, vpcId: string): NetworkAclListRow {
  if (!servicesOf(world, network).includes('NetworkACL')) {
    throw invalidParameter('Network Offering does not support NetworkACL service');
  }
  const name = `VPC_${world.vpcs.require(vpcId).name}_Tier_${network.name}_ACL_${network.id}`;
  const list = world.networkAclLists.insert({
    name,
    description: `ACL for ${name}`,
    vpcId,
    isDefault: false,
    isDisplayed: true,
  });
  world.networks.change(network, { aclListId: list.id });
  return list;
}

function assertNumberFree(world: World, list: NetworkAclListRow, number: number | undefined): void {
  if (number === undefined) return;
  if (number < 1) throw invalidParameter(`Invalid number [${number}]. Number cannot be < 1`);
  if (!rulesOfList(world, list.id).some((rule) => rule.number === number)) return;
  throw invalidParameter(`ACL item with number ${number} already exists in ACL: ${list.id}`);
}

function nextNumber(world: World, list: NetworkAclListRow): number {
  return (rulesOfList(world, list.id).at(-1)?.number ?? 0) + 1;
}

const EVERYWHERE = ['0.0.0.0/0', '::/0'];

/** One port if no last one is given, all of ICMP if nothing is said, from everywhere. */
function askedTraffic(
  args: CreateArguments,
): Pick<
  NetworkAclRow,
  'protocol' | 'startPort' | 'endPort' | 'icmpType' | 'icmpCode' | 'cidrList'
> {
  const trimmed = args.protocol.trim();
  const protocol = isIcmp(trimmed) && /^\d+$/.test(trimmed) ? 'icmp' : trimmed;
  const ofIcmp = isIcmp(protocol) ? -1 : null;
  return {
    protocol,
    startPort: args.startport ?? null,
    endPort: args.endport ?? args.startport ?? null,
    icmpType: args.icmptype ?? ofIcmp,
    icmpCode: args.icmpcode ?? ofIcmp,
    cidrList: args.cidrlist ?? EVERYWHERE,
  };
}
