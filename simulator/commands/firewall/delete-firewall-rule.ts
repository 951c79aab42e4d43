import { asyncCommand, everyRole, success } from '../../declare/command.js';
import { deletionSteps } from './firewall-rule-steps.js';
import { deletionParameters } from './firewall-rules.js';

export const deleteFirewallRule = asyncCommand({
  name: 'deleteFirewallRule',
  summary: 'Closes a public address for traffic again.',
  roles: everyRole,
  javaClass: { user: 'user.firewall.DeleteFirewallRuleCmd' },
  parameters: deletionParameters,
  response: success,
  steps: deletionSteps,
});
