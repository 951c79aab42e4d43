import type { LoadBalancerMemberRow, LoadBalancerRuleRow } from '../entities.js';
import { parseIpv4 } from '../network/ipv4.js';
import { isInIpv6Cidr } from '../network/ipv6.js';
import { membersOf } from '../network/load-balancers.js';
import { hasAddress as isAddressOf } from '../network/nics.js';
import { repeated } from '../repeated.js';
import { isGone } from '../table.js';
import type { World } from '../world.js';

// What is true of public addresses and load balancers between two changes; each violation is a
// sentence.

/** An address serves one account, one network and one VM, and none of them outlives it. */
export function publicIps(world: World): string[] {
  const rows = world.publicIps.all();
  return [
    ...repeated(rows, (row) => `${row.zoneId} ${row.ipAddress}`).map(
      ([row, other]) => `public addresses ${row.id} and ${other.id} are both ${row.ipAddress}`,
    ),
    ...rows
      .filter((row) => row.state === 'Free' && (row.accountId ?? row.vmId) !== null)
      .map((row) => `public address ${row.id} is Free and in use`),
    ...rows
      .filter((row) => row.state === 'Reserved' && row.accountId === null)
      .map((row) => `public address ${row.id} is Reserved for nobody`),
    ...rows
      .filter((row) => isGone(world.vlanRanges.get(row.vlanRangeId)))
      .map((row) => `public address ${row.id} is of range ${row.vlanRangeId}, which is removed`),
    ...rows
      .filter((row) => row.networkId !== null && isGone(world.networks.get(row.networkId)))
      .map(
        (row) => `public address ${row.id} is in network ${row.networkId ?? ''}, which is removed`,
      ),
    ...repeated(
      rows.filter((row) => row.isSourceNat && row.networkId !== null),
      (row) => row.networkId ?? '',
    ).map(
      ([row, other]) =>
        `public addresses ${row.id} and ${other.id} both translate for network ${row.networkId ?? ''}`,
    ),
    ...rows.flatMap((row) => {
      if (row.vmId === null) return [];
      if (isGone(world.vms.get(row.vmId))) {
        return [`public address ${row.id} leads to VM ${row.vmId}, which is removed`];
      }
      const leadsToNic = world.nics
        .where('vmId', row.vmId)
        .some(
          (nic) =>
            nic.networkId === row.networkId && isAddressOf(world, nic, row.vmIpAddress ?? ''),
        );
      return leadsToNic
        ? []
        : [
            `public address ${row.id} leads to ${row.vmIpAddress ?? 'no address'}, which VM ${row.vmId} does not have in network ${row.networkId ?? 'none'}`,
          ];
    }),
  ];
}

/** A range of a shared network is there as long as the network, and leaves out its gateway. */
export function vlanRanges(world: World): string[] {
  return world.vlanRanges.all().flatMap((range) => {
    const { id, networkId, gateway, startIp, endIp } = range;
    const [router = 0, first = 0, last = 0] = [gateway, startIp, endIp].map(parseIpv4);
    return [
      ...(networkId !== null && isGone(world.networks.get(networkId))
        ? [`range ${id} is of network ${networkId}, which is removed`]
        : []),
      ...(router >= first && router <= last ? [`range ${id} holds its gateway ${gateway}`] : []),
    ];
  });
}

/** Only shared networks have IPv6, and what they hand out is in their subnet, as is its gateway. */
export function ipv6Networks(world: World): string[] {
  return world.networks.all().flatMap(({ id, type, ipv6 }) => {
    if (ipv6 === null) return [];
    const { cidr, gateway, startIp, endIp } = ipv6;
    const outside = [gateway, startIp, endIp]
      .filter((address) => address !== null)
      .filter((address) => !isInIpv6Cidr(address, cidr));
    return [
      ...(type === 'Shared' ? [] : [`network ${id} is ${type} and has IPv6`]),
      ...outside.map((address) => `network ${id} has ${address}, which is not in ${cidr}`),
    ];
  });
}

/** A port of an address has one rule, and what has static NAT has none. */
export function loadBalancerRules(world: World): string[] {
  const rules = world.loadBalancerRules.all();
  const standing = rules.filter((rule) => rule.state !== 'Revoke');
  return [
    ...repeated(standing, (rule) => `${rule.publicIpId} ${rule.publicPort}`).map(
      ([rule, other]) =>
        `load balancer rules ${rule.id} and ${other.id} both have port ${rule.publicPort} of ${rule.publicIpId}`,
    ),
    ...rules.flatMap((rule) => [...addressOfRule(world, rule), ...stateOfRule(world, rule)]),
  ];
}

function addressOfRule(world: World, rule: LoadBalancerRuleRow): string[] {
  const publicIp = world.publicIps.require(rule.publicIpId);
  const isIts = publicIp.accountId === rule.accountId && publicIp.networkId === rule.networkId;
  return [
    ...(isIts ? [] : [`load balancer rule ${rule.id} has the foreign address ${publicIp.id}`]),
    ...(publicIp.vmId === null
      ? []
      : [`load balancer rule ${rule.id} has address ${publicIp.id}, which has static NAT`]),
    ...(isGone(world.networks.get(rule.networkId))
      ? [`load balancer rule ${rule.id} is in network ${rule.networkId}, which is removed`]
      : []),
  ];
}

function stateOfRule(world: World, rule: LoadBalancerRuleRow): string[] {
  if (rule.state !== 'Active' || membersOf(world, rule.id).length > 0) return [];
  return [`load balancer rule ${rule.id} is Active without a member`];
}

/** A member is an address that its VM has in the network of the rule. */
export function loadBalancerMembers(world: World): string[] {
  const members = world.loadBalancerMembers.all();
  return [
    ...repeated(members, (member) => `${member.ruleId} ${member.vmId} ${member.ipAddress}`).map(
      ([member, other]) => `load balancer members ${member.id} and ${other.id} are the same`,
    ),
    ...members.flatMap((member) => memberOfRule(world, member)),
  ];
}

function memberOfRule(
  world: World,
  { id, ruleId, vmId, ipAddress }: LoadBalancerMemberRow,
): string[] {
  const rule = world.loadBalancerRules.get(ruleId);
  if (rule === undefined) return [`load balancer member ${id} has no rule`];
  const hasAddress = world.nics
    .where('vmId', vmId)
    .some((nic) => nic.networkId === rule.networkId && isAddressOf(world, nic, ipAddress));
  return hasAddress
    ? []
    : [
        `load balancer member ${id} is ${ipAddress}, which VM ${vmId} does not have in network ${rule.networkId}`,
      ];
}
