import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { displayParameters } from '../../declare/display.js';
import { entity } from '../../declare/parameter.js';
import { displayedRules, portRuleListParameters } from '../firewall/port-rule-list.js';
import { portForwardingRuleResponse } from './port-forwarding-rule-response.js';

/** RulesManagerImpl.listPortForwardingRules. */
export const listPortForwardingRules = syncCommand({
  name: 'listPortForwardingRules',
  summary: 'Lists which ports of public addresses lead to which virtual machines.',
  roles: everyRole,
  parameters: {
    id: entity('portforwardingrule'),
    ...displayParameters,
    ...portRuleListParameters,
  },
  response: listOf(portForwardingRuleResponse),
  run: (context, args) =>
    displayedRules(context, context.world.portForwardingRules, args, 'port forwarding'),
});
