import type { LoadBalancerMemberRow, LoadBalancerRuleRow, PublicIpRow } from '../entities.js';
import { purgeRelated } from './port-rules.js';
import { removeTags } from '../tags.js';
import { leaveTierIfUnused } from './vpc-addresses.js';
import type { World } from '../world.js';

/** The rules of a public address, but those that are being deleted. */
export function rulesOfAddress(world: World, publicIpId: string): LoadBalancerRuleRow[] {
  return world.loadBalancerRules
    .where('publicIpId', publicIpId)
    .filter((rule) => rule.state !== 'Revoke');
}

/** Whether a public address is used by rules, and so cannot have static NAT. */
export function hasRules(world: World, { id }: PublicIpRow): boolean {
  return rulesOfAddress(world, id).length > 0;
}

/** The members of a rule in the order in which they came. */
export function membersOf(world: World, ruleId: string): LoadBalancerMemberRow[] {
  return world.loadBalancerMembers.where('ruleId', ruleId);
}

/** Whether an address of a VM is behind a rule. */
export function isMember(
  world: World,
  ruleId: string,
  { vmId, ipAddress }: { readonly vmId: string; readonly ipAddress: string },
): boolean {
  return membersOf(world, ruleId).some(
    (member) => member.vmId === vmId && member.ipAddress === ipAddress,
  );
}

/** Tells the router of the members that a rule has now, or of the rule's end when it has none. */
export function applyMembers(world: World, rule: LoadBalancerRuleRow): void {
  if (rule.state === 'Revoke') return;
  const hasMembers = membersOf(world, rule.id).length > 0;
  world.loadBalancerRules.move(rule, hasMembers ? 'MembersApplied' : 'LastMemberRemoved');
}

/** Takes a member out of its rule. */
export function removeMember(world: World, member: LoadBalancerMemberRow): void {
  world.loadBalancerMembers.purge(member);
  applyMembers(world, world.loadBalancerRules.require(member.ruleId));
}

/** Deletes a rule for good, with its members and tags: CloudStack does not remember rules. */
export function deleteRule(world: World, rule: LoadBalancerRuleRow): void {
  if (rule.state !== 'Revoke') world.loadBalancerRules.move(rule, 'Revoked');
  for (const member of membersOf(world, rule.id)) world.loadBalancerMembers.purge(member);
  purgeRelated(world, rule.id);
  removeTags(world, rule.id);
  world.loadBalancerRules.purge(rule);
  leaveTierIfUnused(world, rule.publicIpId);
}

/** Deletes all rules of a public address that its account gives back. */
export function deleteRulesOfAddress(world: World, publicIpId: string): void {
  for (const rule of world.loadBalancerRules.where('publicIpId', publicIpId)) {
    deleteRule(world, rule);
  }
}

/** Takes a VM that is expunged out of all rules, which stay (UserVmManagerImpl.cleanupVmResources). */
export function leaveLoadBalancers(world: World, vmId: string): void {
  for (const member of world.loadBalancerMembers.where('vmId', vmId)) removeMember(world, member);
}

/** Has rules follow a VM whose address in a network changes. */
export function moveMembers(
  world: World,
  vm: { readonly vmId: string; readonly networkId: string },
  from: string,
  to: string,
): void {
  for (const member of world.loadBalancerMembers.where('vmId', vm.vmId)) {
    const { networkId } = world.loadBalancerRules.require(member.ruleId);
    if (networkId === vm.networkId && member.ipAddress === from) {
      world.loadBalancerMembers.change(member, { ipAddress: to });
    }
  }
}
