import { asyncCommand, done, everyRole, objectOf } from '../../declare/command.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { firewallRuleResponse } from './firewall-rule-response.js';
import { updateParameters, updateRule } from './firewall-rules.js';

export const updateFirewallRule = asyncCommand({
  name: 'updateFirewallRule',
  summary: 'Says whether users see a rule for what comes in through a public address.',
  since: '4.4',
  roles: everyRole,
  javaClass: { user: 'user.firewall.UpdateFirewallRuleCmd' },
  parameters: updateParameters,
  response: objectOf(firewallRuleResponse),
  check: (_, { id: rule }) => {
    if (rule.trafficType === 'Ingress') return;
    throw invalidParameter('Unable to find firewall rule by ID');
  },
  steps: [
    (context, { id: rule, fordisplay }) => {
      updateRule(context, rule, fordisplay);
      return done(rule);
    },
  ],
});
