import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, everyRole, succeeded, success, wait } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { deleteRule } from '../../world/network/load-balancers.js';
import { revokeRelated } from '../../world/network/port-rules.js';

/** Afterwards CloudStack does not know the id any more, unlike that of other removed things. */
export const deleteLoadBalancerRule = asyncCommand({
  name: 'deleteLoadBalancerRule',
  summary: 'Deletes a load balancer rule; its members run on.',
  roles: everyRole,
  javaClass: { user: 'user.loadbalancer.DeleteLoadBalancerRuleCmd' },
  parameters: { id: entity('loadbalancerrule', { required: true }) },
  response: success,
  steps: [
    (context, { id: rule }) => {
      assertMayOperate(context, 'loadbalancerrule', rule);
      revokeRelated(context.world, rule.id);
      if (rule.state !== 'Revoke') context.world.loadBalancerRules.move(rule, 'Revoked');
      return wait('duration.address');
    },
    ({ world }, { id: rule }) => {
      deleteRule(world, rule);
      return succeeded;
    },
  ],
});
