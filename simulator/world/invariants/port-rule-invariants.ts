import { hasAddress } from '../network/nics.js';
import type { PortForwardingRuleRow } from '../entities.js';
import type { PortRuleRow } from '../network/port-rules.js';
import { repeated } from '../repeated.js';
import { isGone } from '../table.js';
import type { World } from '../world.js';

// What is true of firewall, port forwarding and static NAT rules between two changes; each violation
// is a sentence.

/** A rule belongs to an address of its account and network, and does not outlive either. */
export function portRules(world: World): string[] {
  const { firewallRules, portForwardingRules, ipForwardingRules } = world;
  return [
    ...firewallRules.all().flatMap((rule) => placeOf(world, rule)),
    ...portForwardingRules
      .all()
      .flatMap((rule) => [
        ...placeOf(world, rule),
        ...natOf(world, rule, false),
        ...targetOf(world, rule),
      ]),
    ...ipForwardingRules
      .all()
      .flatMap((rule) => [...placeOf(world, rule), ...natOf(world, rule, true)]),
    ...samePorts(portForwardingRules.all()),
    ...opened(world),
  ];
}

function placeOf(world: World, rule: PortRuleRow): string[] {
  const publicIp = rule.publicIpId === null ? undefined : world.publicIps.get(rule.publicIpId);
  const isIts =
    publicIp === undefined ||
    (publicIp.accountId === rule.accountId && publicIp.networkId === rule.networkId);
  return [
    ...(isIts ? [] : [`rule ${rule.id} has the foreign address ${publicIp.id}`]),
    ...(isGone(world.networks.get(rule.networkId))
      ? [`rule ${rule.id} is in network ${rule.networkId}, which is removed`]
      : []),
  ];
}

/** Either all of an address leads to one VM, or its ports lead to several. */
function natOf(
  world: World,
  { id, publicIpId }: { readonly id: string; readonly publicIpId: string },
  isNeeded: boolean,
): string[] {
  const hasNat = world.publicIps.require(publicIpId).vmId !== null;
  if (hasNat === isNeeded) return [];
  return [`rule ${id} has address ${publicIpId}, which has ${hasNat ? '' : 'no '}static NAT`];
}

function targetOf(world: World, rule: PortForwardingRuleRow): string[] {
  const hasIt = world.nics
    .where('vmId', rule.vmId)
    .some((nic) => nic.networkId === rule.networkId && hasAddress(world, nic, rule.vmIpAddress));
  if (hasIt) return [];
  return [
    `rule ${rule.id} leads to ${rule.vmIpAddress}, which VM ${rule.vmId} does not have in network ${rule.networkId}`,
  ];
}

function samePorts(rules: readonly PortForwardingRuleRow[]): string[] {
  const standing = rules.filter((rule) => rule.state !== 'Revoke');
  const first = (rule: PortForwardingRuleRow): string =>
    `${rule.publicIpId} ${rule.protocol} ${rule.publicPort} ${[...rule.cidrList].sort().join()}`;
  return repeated(standing, first).map(
    ([rule, other]) => `rules ${rule.id} and ${other.id} both have port ${rule.publicPort}`,
  );
}

/** What was opened for a rule goes with it. */
function opened(world: World): string[] {
  const { firewallRules, portForwardingRules, ipForwardingRules, loadBalancerRules } = world;
  const isThere = (id: string): boolean =>
    [portForwardingRules, ipForwardingRules, loadBalancerRules].some(
      (table) => table.get(id) !== undefined,
    );
  return firewallRules
    .all()
    .filter(({ relatedRuleId }) => relatedRuleId !== null && !isThere(relatedRuleId))
    .map(
      (rule) =>
        `firewall rule ${rule.id} was opened for ${rule.relatedRuleId ?? ''}, which is gone`,
    );
}
