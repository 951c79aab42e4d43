import { asyncCommand, everyRole, succeeded, success, wait } from '../../declare/command.js';
import { purgeRule, revokeRule } from '../../world/network/port-rules.js';
import { assertMayChange, deletionParameters } from './firewall-rules.js';

/** Afterwards CloudStack does not know the id any more, unlike that of other removed things. */
export const deleteFirewallRule = asyncCommand({
  name: 'deleteFirewallRule',
  summary: 'Closes a public address for traffic again.',
  roles: everyRole,
  javaClass: { user: 'user.firewall.DeleteFirewallRuleCmd' },
  parameters: deletionParameters,
  response: success,
  steps: [
    (context, { id: rule }) => {
      assertMayChange(context, rule, 'delete');
      revokeRule(context.world, context.world.firewallRules, rule);
      return wait('duration.address');
    },
    ({ world }, { id: rule }) => {
      purgeRule(world, world.firewallRules, rule);
      return succeeded;
    },
  ],
});
