import { asyncCommand, done, everyRole, objectOf } from '../../declare/command.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { firewallRuleResponse } from './firewall-rule-response.js';
import { assertMayChange, updateParameters } from './firewall-rules.js';

/** What the rule lets through stays (FirewallManagerImpl.updateFirewallRule). */
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
      assertMayChange(context, rule, 'update');
      if (fordisplay !== undefined) {
        context.world.firewallRules.change(rule, { isDisplayed: fordisplay });
      }
      return done(rule);
    },
  ],
});
