import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { displayParameters } from '../../declare/display.js';
import { entity } from '../../declare/parameter.js';
import { firewallRuleResponse } from './firewall-rule-response.js';
import { displayedRules, portRuleListParameters } from './port-rule-list.js';

/** Also the rules that were opened for others. */
export const listFirewallRules = syncCommand({
  name: 'listFirewallRules',
  summary: 'Lists what is let in through public addresses.',
  roles: everyRole,
  parameters: { id: entity('firewallrule'), ...displayParameters, ...portRuleListParameters },
  response: listOf(firewallRuleResponse),
  run: (context, args) =>
    displayedRules(context, context.world.firewallRules, args, 'firewall').filter(
      (rule) => rule.trafficType === 'Ingress',
    ),
});
