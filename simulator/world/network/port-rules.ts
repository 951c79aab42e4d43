import type {
  FirewallRuleRow,
  IpForwardingRuleRow,
  PortForwardingRuleRow,
  PublicIpRow,
} from '../entities.js';
import type { PortRuleEvent } from '../states/port-rule.js';
import type { Table } from '../table.js';
import { removeTags } from '../tags.js';
import { leaveTierIfUnused } from './vpc-addresses.js';
import type { World } from '../world.js';

/** A rule for ports that is not a load balancer's. */
export type PortRuleRow = FirewallRuleRow | PortForwardingRuleRow | IpForwardingRuleRow;

/** The table of rules of one kind. */
export type PortRuleTable<Row extends PortRuleRow> = Table<Row, PortRuleEvent>;

/** Begins to delete a rule and the firewall rule that was opened for it; both are still there. */
export function revokeRule<Row extends PortRuleRow>(
  world: World,
  table: PortRuleTable<Row>,
  rule: Row,
): void {
  revokeRelated(world, rule.id);
  if (rule.state !== 'Revoke') table.move(rule, 'Revoked');
}

/** Deletes a rule for good, with its firewall rule and tags: CloudStack does not remember rules. */
export function purgeRule<Row extends PortRuleRow>(
  world: World,
  table: PortRuleTable<Row>,
  rule: Row,
): void {
  purgeRelated(world, rule.id);
  if (rule.state !== 'Revoke') table.move(rule, 'Revoked');
  removeTags(world, rule.id);
  table.purge(rule);
  if (rule.publicIpId !== null) leaveTierIfUnused(world, rule.publicIpId);
}

/** The router knows a rule, and the firewall rule that was opened for it. */
export function applyRule<Row extends PortRuleRow>(
  world: World,
  table: PortRuleTable<Row>,
  rule: Row,
): void {
  applyRelated(world, rule.id);
  applyOne(table, rule);
}

/** The router knows the firewall rule that was opened for a rule. */
export function applyRelated(world: World, ruleId: string): void {
  for (const opened of relatedTo(world, ruleId)) applyOne(world.firewallRules, opened);
}

/** Begins to delete the firewall rule that was opened for a rule. */
export function revokeRelated(world: World, ruleId: string): void {
  for (const opened of relatedTo(world, ruleId)) {
    if (opened.state !== 'Revoke') world.firewallRules.move(opened, 'Revoked');
  }
}

/** Deletes the firewall rule that was opened for a rule. */
export function purgeRelated(world: World, ruleId: string): void {
  for (const opened of relatedTo(world, ruleId)) purgeRule(world, world.firewallRules, opened);
}

/** Deletes all rules of an address but those of load balancers (IpAddressManagerImpl.cleanupIpResources). */
export function purgeRulesOfAddress(world: World, publicIpId: string): void {
  for (const rule of world.portForwardingRules.where('publicIpId', publicIpId)) {
    purgeRule(world, world.portForwardingRules, rule);
  }
  for (const rule of world.ipForwardingRules.where('publicIpId', publicIpId)) {
    purgeRule(world, world.ipForwardingRules, rule);
  }
  for (const rule of world.firewallRules.where('publicIpId', publicIpId)) {
    purgeRule(world, world.firewallRules, rule);
  }
}

/** Deletes what lets out of a network; what lets in goes with its addresses. */
export function purgeEgressRules(world: World, networkId: string): void {
  for (const rule of world.firewallRules.where('networkId', networkId)) {
    if (rule.trafficType === 'Egress') purgeRule(world, world.firewallRules, rule);
  }
}

/** Deletes the port forwarding to a VM that is expunged (UserVmManagerImpl.cleanupVmResources). */
export function purgeForwardingTo(world: World, vmId: string): void {
  for (const rule of world.portForwardingRules.where('vmId', vmId)) {
    purgeRule(world, world.portForwardingRules, rule);
  }
}

/** Has port forwarding follow a VM whose address in a network changes. */
export function moveForwarding(
  world: World,
  { vmId, networkId }: { readonly vmId: string; readonly networkId: string },
  from: string,
  to: string,
): void {
  for (const rule of world.portForwardingRules.where('vmId', vmId)) {
    if (rule.networkId === networkId && rule.vmIpAddress === from) {
      world.portForwardingRules.change(rule, { vmIpAddress: to });
    }
  }
}

/** Tells a router that comes back of all rules of its network: what was left half done is done. */
export function applyRulesOfNetwork(world: World, networkId: string): void {
  const { portForwardingRules, ipForwardingRules, firewallRules } = world;
  for (const rule of portForwardingRules.where('networkId', networkId)) {
    finish(world, portForwardingRules, rule);
  }
  for (const rule of ipForwardingRules.where('networkId', networkId)) {
    finish(world, ipForwardingRules, rule);
  }
  for (const rule of firewallRules.where('networkId', networkId)) {
    finish(world, firewallRules, rule);
  }
}

/** Whether any rule is about an address, also one of a load balancer (FirewallRulesDao.countRulesByIpId). */
export function hasAnyRule(world: World, { id }: PublicIpRow): boolean {
  const { loadBalancerRules, portForwardingRules, ipForwardingRules, firewallRules } = world;
  return (
    loadBalancerRules.count('publicIpId', id) > 0 ||
    portForwardingRules.count('publicIpId', id) > 0 ||
    ipForwardingRules.count('publicIpId', id) > 0 ||
    firewallRules.count('publicIpId', id) > 0
  );
}

/** Whether ports of an address are forwarded, so that it cannot have static NAT. */
export function hasForwarding(world: World, { id }: PublicIpRow): boolean {
  return world.portForwardingRules.where('publicIpId', id).some((rule) => rule.state !== 'Revoke');
}

function relatedTo(world: World, ruleId: string): FirewallRuleRow[] {
  return world.firewallRules.where('relatedRuleId', ruleId);
}

function applyOne<Row extends PortRuleRow>(table: PortRuleTable<Row>, rule: Row): void {
  if (rule.state !== 'Revoke') table.move(rule, 'Applied');
}

function finish<Row extends PortRuleRow>(world: World, table: PortRuleTable<Row>, rule: Row): void {
  if (rule.state === 'Revoke') purgeRule(world, table, rule);
  else if (rule.state === 'Add') applyOne(table, rule);
}
