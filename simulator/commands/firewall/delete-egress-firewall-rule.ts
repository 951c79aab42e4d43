import { asyncCommand, everyRole, success } from '../../declare/command.js';
import { deletionSteps } from './firewall-rule-steps.js';
import { deletionParameters } from './firewall-rules.js';

export const deleteEgressFirewallRule = asyncCommand({
  name: 'deleteEgressFirewallRule',
  summary: 'Closes a network for traffic again that went out.',
  roles: everyRole,
  javaClass: { user: 'user.firewall.DeleteEgressFirewallRuleCmd' },
  parameters: deletionParameters,
  response: success,
  steps: deletionSteps,
});
