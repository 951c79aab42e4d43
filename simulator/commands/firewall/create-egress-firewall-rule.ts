import { assertMayOperate } from '../../declare/access.js';
import { asyncCreateCommand, everyRole, objectOf } from '../../declare/command.js';
import { entity, textList } from '../../declare/parameter.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { NetworkRow } from '../../world/entities.js';
import { parseCidr } from '../../world/network/ipv4.js';
import { assertNoEgressConflict } from '../../world/network/port-conflicts.js';
import { firewallRuleResponse } from './firewall-rule-response.js';
import { creationSteps } from './firewall-rule-steps.js';
import { askedTraffic, assertFitsProtocol, firewallParameters } from './firewall-rules.js';
import { assertPorts, assertProtocol, isCidr } from './port-validation.js';

/** Checks in the order of CreateEgressFirewallRuleCmd.create and FirewallManagerImpl.createEgressFirewallRule. */
export const createEgressFirewallRule = asyncCreateCommand({
  name: 'createEgressFirewallRule',
  summary: 'Lets traffic out of a network.',
  roles: everyRole,
  javaClass: { user: 'user.firewall.CreateEgressFirewallRuleCmd' },
  parameters: {
    networkid: entity('network', { required: true }),
    ...firewallParameters,
    destcidrlist: textList(),
  },
  response: objectOf(firewallRuleResponse),
  subjectType: 'FirewallRule',
  create: (context, args) => {
    const { world } = context;
    const { networkid: network, cidrlist, destcidrlist = [] } = args;
    if (network.removedMs !== null) throw invalidParameter('Invalid networkId is given');
    const cidrList = sourcesOf(network, cidrlist);
    assertCidrs('Destination', destcidrlist);
    const asked = askedTraffic(args);
    assertPortsAreMeant(network, args.protocol, asked.startPort);
    if (network.type === 'Shared') {
      throw invalidParameter('Egress firewall rules are not supported for Shared  networks');
    }
    assertPorts(asked);
    if (!asked.isSystem) {
      assertMayOperate(context, 'network', network);
      assertProtocol(context, network, 'Egress', asked.protocol);
    }
    assertFitsProtocol(asked);
    const rule = {
      ...asked,
      protocol: asked.protocol.toLowerCase(),
      cidrList,
      destCidrList: destcidrlist,
    };
    if (!asked.isSystem)
      assertNoEgressConflict(world, { ...rule, purpose: 'Firewall' }, network.id);
    return world.firewallRules.insert({
      ...rule,
      trafficType: 'Egress',
      publicIpId: null,
      networkId: network.id,
      accountId: network.accountId,
      relatedRuleId: null,
      state: 'Add',
    });
  },
  steps: creationSteps,
});

/** From the whole network if nothing is said, or if it is everywhere. */
function sourcesOf(network: NetworkRow, asked: readonly string[] | undefined): readonly string[] {
  const cidrs = asked ?? [network.cidr ?? 'null'];
  assertCidrs('Source', cidrs);
  const whole = network.cidr ?? '';
  for (const cidr of cidrs) {
    if (cidr !== EVERYWHERE && !isWithin(cidr, whole)) {
      throw serverApiError(431, `[${cidr}] is not within the guest CIDR [${whole}]. `);
    }
  }
  return cidrs.map((cidr) => (cidr === EVERYWHERE ? whole : cidr));
}

const EVERYWHERE = '0.0.0.0/0';

function assertCidrs(what: 'Source' | 'Destination', cidrs: readonly string[]): void {
  const wrong = cidrs.find((cidr) => !isCidr(cidr.trim()));
  if (wrong === undefined) return;
  throw serverApiError(431, `${what} CIDRs formatting error [${wrong.trim()}].`);
}

function isWithin(cidr: string, whole: string): boolean {
  if (!isCidr(whole)) return false;
  const [inner, outer] = [parseCidr(cidr.trim()), parseCidr(whole)];
  return inner.first >= outer.first && inner.last <= outer.last;
}

function assertPortsAreMeant(
  { internalId }: NetworkRow,
  protocol: string,
  startPort: number | null,
): void {
  if (protocol.trim().toLowerCase() !== 'all' || startPort === null) return;
  throw invalidParameter(
    `Unable to create firewall rule for the network id=[${internalId}] due to: ports must not be ` +
      'informed to protocol ALL, as it does not require them.',
  );
}
