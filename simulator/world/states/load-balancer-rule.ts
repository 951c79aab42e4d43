import { stateTable } from '../state-table.js';

export type LoadBalancerRuleState = 'Add' | 'Active' | 'Revoke';

export type LoadBalancerRuleEvent = 'MembersApplied' | 'LastMemberRemoved' | 'Revoked';

/**
 * The states of a load balancer rule (FirewallRule.State). CloudStack has no table for them; the
 * transitions are those of LoadBalancingRulesManagerImpl.applyLoadBalancerRules: the router knows a
 * rule only while it has members.
 */
export const loadBalancerRuleStates = stateTable<LoadBalancerRuleState, LoadBalancerRuleEvent>({
  entity: 'loadbalancerrule',
  initial: ['Add'],
  transitions: [
    ['Add', 'MembersApplied', 'Active'],
    ['Active', 'MembersApplied', 'Active'],
    ['Active', 'LastMemberRemoved', 'Add'],
    ['Add', 'LastMemberRemoved', 'Add'],
    ['Add', 'Revoked', 'Revoke'],
    ['Active', 'Revoked', 'Revoke'],
  ],
});
