import { stateTable } from '../state-table.js';

export type PortRuleState = 'Add' | 'Active' | 'Revoke';

export type PortRuleEvent = 'Applied' | 'Changed' | 'Revoked';

/**
 * The states of firewall, port forwarding and static NAT rules (FirewallRule.State). CloudStack has
 * no table for them; the transitions are those of FirewallManagerImpl.applyRules and revokeRule, and
 * of RulesManagerImpl.updatePortForwardingRule and NetworkACLManagerImpl.updateNetworkACLItem.
 */
export const portRuleStates = stateTable<PortRuleState, PortRuleEvent>({
  entity: 'portrule',
  initial: ['Add'],
  transitions: [
    ['Add', 'Applied', 'Active'],
    ['Active', 'Applied', 'Active'],
    ['Active', 'Changed', 'Add'],
    ['Add', 'Changed', 'Add'],
    // Of rules of lists alone: whoever changes one that is being removed keeps it.
    ['Revoke', 'Changed', 'Add'],
    ['Add', 'Revoked', 'Revoke'],
    ['Active', 'Revoked', 'Revoke'],
  ],
});
