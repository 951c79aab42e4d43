import { assertMayOperate } from '../../declare/access.js';
import { asyncCreateCommand, done, everyRole, objectOf, wait } from '../../declare/command.js';
import { displayParameters } from '../../declare/display.js';
import { entity, flag, integer, text, textList } from '../../declare/parameter.js';
import { cloudRuntime, serverApiError } from '../../world/cloud-exception.js';
import { openFirewall } from '../../world/network/open-firewall.js';
import { applyRelated } from '../../world/network/port-rules.js';
import { joinTier } from '../../world/network/vpc-addresses.js';
import { loadBalancerResponse } from './load-balancer-response.js';
import { checkedAddress, networkOfRule, openingFor, ownerOfRule } from './load-balancer-rules.js';

/** The router hears of a rule only when it gets its first member. */
export const createLoadBalancerRule = asyncCreateCommand({
  name: 'createLoadBalancerRule',
  summary: 'Shares the connections to a port of a public address out among virtual machines.',
  roles: everyRole,
  javaClass: { user: 'user.loadbalancer.CreateLoadBalancerRuleCmd' },
  parameters: {
    algorithm: text({ required: true }),
    description: text({ maxLength: 4_096 }),
    name: text({ required: true }),
    privateport: integer({ required: true }),
    publicipid: entity('publicipaddress'),
    zoneid: entity('zone'),
    publicport: integer({ required: true }),
    openfirewall: flag(),
    account: text(),
    domainid: entity('domain'),
    cidrlist: textList({ since: '4.18.0.0' }),
    networkid: entity('network'),
    protocol: text(),
    ...displayParameters,
  },
  response: objectOf(loadBalancerResponse),
  subjectType: 'FirewallRule',
  create: (context, args) => {
    const { world } = context;
    const owner = ownerOfRule(context, args);
    assertMayOperate(context, 'account', owner);
    const asked = networkOfRule(world, args, owner);
    if (asked.removedMs !== null) {
      throw cloudRuntime(`Failed to create load balancer rule: ${args.name}`);
    }
    const { publicIp, network, opens } = checkedAddress(world, args, asked);
    const rule = world.loadBalancerRules.insert({
      name: args.name,
      description: args.description ?? null,
      publicIpId: publicIp.id,
      networkId: network.id,
      accountId: owner.id,
      publicPort: args.publicport,
      privatePort: args.privateport,
      algorithm: args.algorithm,
      protocol: args.protocol ?? null,
      cidrList: args.cidrlist?.map((cidr) => cidr.trim()).join(' ') ?? null,
      isDisplayed: args.fordisplay ?? true,
      state: 'Add',
    });
    joinTier(world, publicIp, network.id);
    if (opens) openFirewall(world, publicIp, rule, openingFor(args.publicport));
    return rule;
  },
  steps: [
    () => wait('duration.address'),
    ({ world }, _, { createdId }) => {
      applyRelated(world, createdId);
      const rule = world.loadBalancerRules.get(createdId);
      if (rule !== undefined) return done(rule);
      throw serverApiError(530, 'Failed to create load balancer rule');
    },
  ],
});
