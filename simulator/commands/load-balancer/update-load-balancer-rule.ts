import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, done, everyRole, objectOf } from '../../declare/command.js';
import { displayParameters } from '../../declare/display.js';
import { entity, text } from '../../declare/parameter.js';
import { loadBalancerResponse } from './load-balancer-response.js';

/** Unlike its creation, an algorithm is not checked (LoadBalancingRulesManagerImpl.updateLoadBalancerRule). */
export const updateLoadBalancerRule = asyncCommand({
  name: 'updateLoadBalancerRule',
  summary: 'Changes what a load balancer rule is called and how it chooses; its ports stay.',
  roles: everyRole,
  javaClass: { user: 'user.loadbalancer.UpdateLoadBalancerRuleCmd' },
  parameters: {
    algorithm: text(),
    description: text({ maxLength: 4_096 }),
    id: entity('loadbalancerrule', { required: true }),
    name: text(),
    protocol: text(),
    ...displayParameters,
  },
  response: objectOf(loadBalancerResponse),
  steps: [
    (context, { id: rule, algorithm, description, name, protocol, fordisplay }) => {
      assertMayOperate(context, 'loadbalancerrule', rule);
      context.world.loadBalancerRules.change(rule, {
        ...(algorithm !== undefined && { algorithm }),
        ...(description !== undefined && { description }),
        ...(name !== undefined && { name }),
        ...(protocol !== undefined && protocol.trim() !== '' && { protocol }),
        ...(fordisplay !== undefined && { isDisplayed: fordisplay }),
      });
      return done(rule);
    },
  ],
});
