import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { firewallRuleResponse } from './firewall-rule-response.js';
import { listedRules, portRuleListParameters } from './port-rule-list.js';

/** An address finds none: what goes out passes through no particular one. */
export const listEgressFirewallRules = syncCommand({
  name: 'listEgressFirewallRules',
  summary: 'Lists what is let out of networks.',
  roles: everyRole,
  parameters: { id: entity('firewallrule'), ...portRuleListParameters },
  response: listOf(firewallRuleResponse),
  run: (context, args) =>
    listedRules(context, context.world.firewallRules, args, 'firewall').filter(
      (rule) => rule.trafficType === 'Egress',
    ),
});
