import { asyncCreateCommand, done, everyRole, objectOf, wait } from '../../declare/command.js';
import { displayParameters } from '../../declare/display.js';
import { entity, flag, integer, text, textList } from '../../declare/parameter.js';
import { serverApiError } from '../../world/cloud-exception.js';
import { assertCanOpen, openFirewall } from '../../world/network/open-firewall.js';
import { assertNoConflict } from '../../world/network/port-conflicts.js';
import { joinTier } from '../../world/network/vpc-addresses.js';
import { applyRule } from '../../world/network/port-rules.js';
import { opensFirewall } from '../firewall/port-validation.js';
import { portForwardingRuleResponse } from './port-forwarding-rule-response.js';
import { askedRanges, checkedTarget } from './port-forwarding-rules.js';

/** Everything is checked inside the request; the job tells the router (CreatePortForwardingRuleCmd). */
export const createPortForwardingRule = asyncCreateCommand({
  name: 'createPortForwardingRule',
  summary: 'Leads ports of a public address on to ports of a virtual machine.',
  roles: everyRole,
  javaClass: { user: 'user.firewall.CreatePortForwardingRuleCmd' },
  parameters: {
    ipaddressid: entity('publicipaddress', { required: true }),
    privateport: integer({ required: true }),
    protocol: text({ required: true }),
    privateendport: integer(),
    publicport: integer({ required: true }),
    publicendport: integer(),
    virtualmachineid: entity('virtualmachine', { required: true }),
    cidrlist: textList(),
    openfirewall: flag(),
    networkid: entity('network'),
    vmguestip: text(),
    ...displayParameters,
  },
  response: objectOf(portForwardingRuleResponse),
  subjectType: 'FirewallRule',
  create: (context, args) => {
    const { world } = context;
    const { ipaddressid: publicIp, virtualmachineid: vm, cidrlist: cidrList = [] } = args;
    const { network, vmIpAddress } = checkedTarget(context, args);
    const ranges = askedRanges(args);
    const protocol = args.protocol.trim().toLowerCase();
    const opening = { protocol, startPort: ranges.publicPort, endPort: ranges.publicEndPort };
    const opens = opensFirewall(publicIp, args.openfirewall);
    if (opens) assertCanOpen(world, publicIp, opening);
    const ports = { ...opening, icmpType: null, icmpCode: null, cidrList, destCidrList: [] };
    assertNoConflict(world, { ...ports, purpose: 'PortForwarding' }, publicIp);
    const rule = world.portForwardingRules.insert({
      publicIpId: publicIp.id,
      networkId: network.id,
      accountId: publicIp.accountId ?? network.accountId,
      vmId: vm.id,
      vmIpAddress,
      protocol,
      ...ranges,
      cidrList,
      isDisplayed: args.fordisplay ?? true,
      state: 'Add',
    });
    joinTier(world, publicIp, network.id);
    if (opens) openFirewall(world, publicIp, rule, opening);
    return rule;
  },
  steps: [
    () => wait('duration.address'),
    ({ world }, _, { createdId }) => {
      const rule = world.portForwardingRules.get(createdId);
      if (rule === undefined || rule.state === 'Revoke') {
        throw serverApiError(530, 'Failed to apply port forwarding rule');
      }
      applyRule(world, world.portForwardingRules, rule);
      return done(rule);
    },
  ],
});
