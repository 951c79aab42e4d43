import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { listedRules, portRuleListParameters } from '../firewall/port-rule-list.js';
import { portForwardingRuleResponse } from './port-forwarding-rule-response.js';

/** RulesManagerImpl.listPortForwardingRules. */
export const listPortForwardingRules = syncCommand({
  name: 'listPortForwardingRules',
  summary: 'Lists which ports of public addresses lead to which virtual machines.',
  roles: everyRole,
  parameters: { id: entity('portforwardingrule'), ...portRuleListParameters },
  response: listOf(portForwardingRuleResponse),
  run: (context, args) =>
    listedRules(context, context.world.portForwardingRules, args, 'port forwarding'),
});
