import { asyncCreateCommand, everyRole, objectOf } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import { assertNoConflict } from '../../world/network/port-conflicts.js';
import { firewallRuleResponse } from './firewall-rule-response.js';
import { creationSteps } from './firewall-rule-steps.js';
import { askedTraffic, assertFitsProtocol, firewallParameters } from './firewall-rules.js';
import { assertPorts, assertProtocol, isCidr, networkOfAddress } from './port-validation.js';

/** Checks in the order of CreateFirewallRuleCmd.create and FirewallManagerImpl.createFirewallRule. */
export const createFirewallRule = asyncCreateCommand({
  name: 'createFirewallRule',
  summary: 'Lets traffic in through a public address.',
  roles: everyRole,
  javaClass: { user: 'user.firewall.CreateFirewallRuleCmd' },
  parameters: {
    ipaddressid: entity('publicipaddress', { required: true }),
    ...firewallParameters,
  },
  response: objectOf(firewallRuleResponse),
  subjectType: 'FirewallRule',
  create: (context, args) => {
    const { world } = context;
    const { ipaddressid: publicIp } = args;
    const cidrList = cidrsOf(args.cidrlist);
    if (publicIp.networkId === null) {
      throw invalidParameter(
        `Unable to create firewall rule for the IP address ID=${publicIp.internalId} as IP is ` +
          'not associated with any network and no networkId is passed in',
      );
    }
    const asked = askedTraffic(args);
    assertPorts(asked);
    const network = networkOfAddress(context, publicIp);
    assertProtocol(context, network, 'Firewall', asked.protocol);
    assertFitsProtocol(asked);
    const rule = { ...asked, protocol: asked.protocol.toLowerCase(), cidrList, destCidrList: [] };
    if (!asked.isSystem) assertNoConflict(world, { ...rule, purpose: 'Firewall' }, publicIp);
    return world.firewallRules.insert({
      ...rule,
      trafficType: 'Ingress',
      publicIpId: publicIp.id,
      networkId: network.id,
      accountId: publicIp.accountId ?? network.accountId,
      relatedRuleId: null,
      state: 'Add',
    });
  },
  steps: creationSteps,
});

function cidrsOf(asked: readonly string[] = []): readonly string[] {
  const cidrs = asked.length === 0 ? ['0.0.0.0/0'] : asked;
  const wrong = cidrs.find((cidr) => !isCidr(cidr));
  if (wrong === undefined) return cidrs;
  throw serverApiError(431, `Source CIDRs formatting error ${wrong}`);
}
