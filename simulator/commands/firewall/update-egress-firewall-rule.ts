import { asyncCommand, done, everyRole, objectOf } from '../../declare/command.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { firewallRuleResponse } from './firewall-rule-response.js';
import { updateParameters, updateRule } from './firewall-rules.js';

export const updateEgressFirewallRule = asyncCommand({
  name: 'updateEgressFirewallRule',
  summary: 'Says whether users see a rule for what goes out of a network.',
  since: '4.4',
  roles: everyRole,
  javaClass: { user: 'user.firewall.UpdateEgressFirewallRuleCmd' },
  parameters: updateParameters,
  response: objectOf(firewallRuleResponse),
  check: (_, { id: rule }) => {
    if (rule.trafficType === 'Egress') return;
    throw invalidParameter('Unable to find egress firewall rule by ID');
  },
  steps: [
    (context, { id: rule, fordisplay }) => {
      updateRule(context, rule, fordisplay);
      return done(rule);
    },
  ],
});
