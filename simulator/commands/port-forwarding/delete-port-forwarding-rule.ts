import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, everyRole, succeeded, success, wait } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { purgeRule, revokeRule } from '../../world/network/port-rules.js';

/** The firewall rule that was opened for it goes, too (DeletePortForwardingRuleCmd). */
export const deletePortForwardingRule = asyncCommand({
  name: 'deletePortForwardingRule',
  summary: 'Ends the forwarding of ports to a virtual machine.',
  roles: everyRole,
  javaClass: { user: 'user.firewall.DeletePortForwardingRuleCmd' },
  parameters: { id: entity('portforwardingrule', { required: true }) },
  response: success,
  steps: [
    (context, { id: rule }) => {
      assertMayOperate(context, 'portforwardingrule', rule);
      revokeRule(context.world, context.world.portForwardingRules, rule);
      return wait('duration.address');
    },
    ({ world }, { id: rule }) => {
      purgeRule(world, world.portForwardingRules, rule);
      return succeeded;
    },
  ],
});
