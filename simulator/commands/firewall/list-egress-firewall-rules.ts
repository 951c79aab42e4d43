import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { displayParameters } from '../../declare/display.js';
import { entity } from '../../declare/parameter.js';
import { firewallRuleResponse } from './firewall-rule-response.js';
import { displayedRules, portRuleListParameters } from './port-rule-list.js';

/** An address finds none: what goes out passes through no particular one. */
export const listEgressFirewallRules = syncCommand({
  name: 'listEgressFirewallRules',
  summary: 'Lists what is let out of networks.',
  roles: everyRole,
  parameters: { id: entity('firewallrule'), ...displayParameters, ...portRuleListParameters },
  response: listOf(firewallRuleResponse),
  run: (context, args) =>
    displayedRules(context, context.world.firewallRules, args, 'firewall').filter(
      (rule) => rule.trafficType === 'Egress',
    ),
});
