import { asyncCreateCommand, done, everyRole, objectOf, wait } from '../../declare/command.js';
import { entity, flag, integer, text, textList } from '../../declare/parameter.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { PublicIpRow } from '../../world/entities.js';
import { assertCanOpen, openFirewall } from '../../world/network/open-firewall.js';
import { assertNoConflict } from '../../world/network/port-conflicts.js';
import { applyRule } from '../../world/network/port-rules.js';
import { assertPorts, assertProtocol, networkOfAddress } from '../firewall/port-validation.js';
import { ipForwardingRuleResponse } from './ip-forwarding-rule-response.js';

/** All of the address leads to its VM anyway; what counts is the firewall (RulesManagerImpl.createStaticNatRule). */
export const createIpForwardingRule = asyncCreateCommand({
  name: 'createIpForwardingRule',
  summary: 'Opens ports of a public address that has static NAT.',
  roles: everyRole,
  javaClass: { user: 'user.nat.CreateIpForwardingRuleCmd' },
  parameters: {
    ipaddressid: entity('publicipaddress', { required: true }),
    startport: integer({ required: true }),
    endport: integer(),
    protocol: text({ required: true }),
    openfirewall: flag(),
    cidrlist: textList(),
  },
  response: objectOf(ipForwardingRuleResponse),
  subjectType: 'FirewallRule',
  create: (context, args) => {
    const { world } = context;
    const { ipaddressid: publicIp, startport: startPort, endport: endPort = startPort } = args;
    if (args.cidrlist !== undefined) {
      throw invalidParameter(
        'Parameter cidrList is deprecated; if you need to open firewall rule for the specific ' +
          'CIDR, please refer to createFirewallRule command',
      );
    }
    assertHasStaticNat(publicIp);
    assertPorts({ protocol: args.protocol, startPort, endPort });
    const network = networkOfAddress(context, publicIp);
    const opening = { protocol: args.protocol.toLowerCase(), startPort, endPort };
    if (args.openfirewall !== false) {
      assertProtocol(context, network, 'Firewall', args.protocol);
      assertCanOpen(world, publicIp, opening);
    }
    const ports = { ...opening, icmpType: null, icmpCode: null, cidrList: [], destCidrList: [] };
    assertNoConflict(world, { ...ports, purpose: 'StaticNat' }, publicIp);
    const rule = world.ipForwardingRules.insert({
      publicIpId: publicIp.id,
      networkId: network.id,
      accountId: publicIp.accountId ?? network.accountId,
      ...opening,
      state: 'Add',
    });
    if (args.openfirewall !== false) openFirewall(world, publicIp, rule, opening);
    return rule;
  },
  steps: [
    () => wait('duration.address'),
    ({ world }, _, { createdId }) => {
      const rule = world.ipForwardingRules.get(createdId);
      if (rule === undefined || rule.state === 'Revoke') {
        throw serverApiError(530, 'Error in creating IP forwarding rule on the domr');
      }
      applyRule(world, world.ipForwardingRules, rule);
      return done(rule);
    },
  ],
});

function assertHasStaticNat({ isSourceNat, vmId, ipAddress }: PublicIpRow): void {
  if (!isSourceNat && vmId !== null) return;
  throw serverApiError(537, `Can't do static nat on ip address: ${ipAddress}`);
}
