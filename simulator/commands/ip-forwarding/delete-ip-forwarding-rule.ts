import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, everyRole, succeeded, success, wait } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { purgeRule, revokeRule } from '../../world/network/port-rules.js';

/** Static NAT goes on; the firewall rule that was opened for this rule goes (DeleteIpForwardingRuleCmd). */
export const deleteIpForwardingRule = asyncCommand({
  name: 'deleteIpForwardingRule',
  summary: 'Closes ports of a public address that has static NAT.',
  roles: everyRole,
  javaClass: { user: 'user.nat.DeleteIpForwardingRuleCmd' },
  parameters: { id: entity('ipforwardingrule', { required: true }) },
  response: success,
  steps: [
    (context, { id: rule }) => {
      assertMayOperate(context, 'ipforwardingrule', rule);
      revokeRule(context.world, context.world.ipForwardingRules, rule);
      return wait('duration.address');
    },
    ({ world }, { id: rule }) => {
      purgeRule(world, world.ipForwardingRules, rule);
      return succeeded;
    },
  ],
});
