import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { firewallRuleResponse } from './firewall-rule-response.js';
import { listedRules, portRuleListParameters } from './port-rule-list.js';

/** Also the rules that were opened for others. */
export const listFirewallRules = syncCommand({
  name: 'listFirewallRules',
  summary: 'Lists what is let in through public addresses.',
  roles: everyRole,
  parameters: { id: entity('firewallrule'), ...portRuleListParameters },
  response: listOf(firewallRuleResponse),
  run: (context, args) =>
    listedRules(context, context.world.firewallRules, args, 'firewall').filter(
      (rule) => rule.trafficType === 'Ingress',
    ),
});
