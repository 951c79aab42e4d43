// What there is in a zone that somebody has to pay for or clear away, whoever may see it.
import type { Simulator } from '../../simulator/simulator.js';
import type { BaseRow } from '../../simulator/world/base-row.js';

/** One line for each thing, in words that stay the same as long as it does. */
export function possessionsOf({ world }: Simulator): string[] {
  const rows = (kind: string, of: readonly BaseRow[], tell: (row: never) => string): string[] =>
    of.map((row) => `${kind} ${tell(row as never)}`);
  type Named = { id: string; name: string };
  const named = ({ id, name }: Named): string => `${name} (${id})`;
  const portsOf = ({ id, protocol }: { id: string; protocol: string }): string =>
    `${protocol} (${id})`;
  return [
    ...rows('VM', world.vms.all(), named),
    ...rows('volume', world.volumes.all(), named),
    ...rows('snapshot', world.snapshots.all(), named),
    ...rows('template', world.templates.all(), named),
    ...rows('network', world.networks.all(), named),
    ...rows('affinity group', world.affinityGroups.all(), named),
    ...rows('load balancer rule', world.loadBalancerRules.all(), named),
    ...rows('port forwarding rule', world.portForwardingRules.all(), portsOf),
    ...rows('firewall rule', world.firewallRules.all(), portsOf),
    ...rows('static NAT rule', world.ipForwardingRules.all(), portsOf),
    ...world.publicIps
      .all()
      .filter(({ state }) => state !== 'Free')
      .map(({ ipAddress, state, vmId }) => `address ${ipAddress}, ${state}, VM ${String(vmId)}`),
    ...world.loadBalancerMembers
      .all()
      .map(({ ruleId, vmId }) => `member ${vmId} of rule ${ruleId}`),
    ...world.templateZones
      .all()
      .map(({ templateId, zoneId }) => `image of template ${templateId} in ${zoneId}`),
    ...world.affinityMembers
      .all()
      .map(({ groupId, vmId }) => `place of VM ${vmId} in group ${groupId}`),
    ...world.nics.all().map(({ vmId, ipAddress }) => `NIC ${String(ipAddress)} of VM ${vmId}`),
    ...world.tags.all().map(({ resourceId, key, value }) => `tag ${key}=${value} of ${resourceId}`),
    ...rows('key pair', world.sshKeyPairs.all(), ({ name }: Named) => name),
  ].sort();
}

/** What is there and was not, and what is gone. */
export function differences(before: readonly string[], now: readonly string[]): string[] {
  return [
    ...now.filter((line) => !before.includes(line)).map((line) => `left over: ${line}`),
    ...before.filter((line) => !now.includes(line)).map((line) => `gone: ${line}`),
  ];
}
