import type { NetworkRow, PublicIpRow, VpcRow } from '../entities.js';
import { parseCidr } from '../network/ipv4.js';
import { sourceNatOfVpc, tiersOf } from '../network/vpcs.js';
import { repeated } from '../repeated.js';
import { isGone } from '../table.js';
import type { World } from '../world.js';

// What is true of VPCs, their tiers, addresses and lists of rules between two changes; each violation
// is a sentence.

/** A VPC that is up is seen from outside with one address, and one that is being deleted has no tiers. */
export function vpcs(world: World): string[] {
  return world.vpcs.all().flatMap((vpc) => [
    ...(vpc.isImplemented && sourceNatOfVpc(world, vpc.id) === undefined
      ? [`VPC ${vpc.id} is up without a source NAT address`]
      : []),
    ...(vpc.state === 'Inactive' && tiersOf(world, vpc.id).length > 0
      ? [`VPC ${vpc.id} is Inactive and has networks`]
      : []),
    ...repeated(
      world.publicIps.where('vpcId', vpc.id).filter(({ isSourceNat }) => isSourceNat),
      () => 'source NAT',
    ).map(
      ([row, other]) =>
        `public addresses ${row.id} and ${other.id} both translate for VPC ${vpc.id}`,
    ),
  ]);
}

/** A tier lies in its VPC, apart from the others, and has a list of rules that is there for it. */
export function tiers(world: World): string[] {
  return world.networks.all().flatMap((network) => {
    const vpc = network.vpcId === null ? undefined : world.vpcs.get(network.vpcId);
    if (network.vpcId === null) {
      return network.aclListId === null ? [] : [`network ${network.id} has a list and no VPC`];
    }
    if (vpc === undefined || isGone(vpc)) {
      return [`network ${network.id} is of VPC ${network.vpcId}, which is removed`];
    }
    return [...placeOfTier(world, network, vpc), ...listOfTier(world, network)];
  });
}

function placeOfTier(world: World, network: NetworkRow, vpc: VpcRow): string[] {
  const isInside = network.cidr !== null && isWithin(network.cidr, vpc.cidr);
  const crossed = tiersOf(world, vpc.id).filter(
    (other) => other.internalId < network.internalId && cross(network, other),
  );
  return [
    ...(isInside ? [] : [`network ${network.id} is not within VPC ${vpc.id}`]),
    ...(network.zoneId === vpc.zoneId
      ? []
      : [`network ${network.id} is not in the zone of its VPC`]),
    ...crossed.map((other) => `networks ${other.id} and ${network.id} of VPC ${vpc.id} overlap`),
  ];
}

function listOfTier(world: World, { id, vpcId, aclListId }: NetworkRow): string[] {
  if (aclListId === null) return [];
  const list = world.networkAclLists.get(aclListId);
  if (list === undefined) return [`network ${id} has the list ${aclListId}, which is not there`];
  return list.vpcId === null || list.vpcId === vpcId
    ? []
    : [`network ${id} has the list ${aclListId} of another VPC`];
}

/** An address of a VPC leads to one of its tiers, and to none unless a rule or static NAT says so. */
export function vpcAddresses(world: World): string[] {
  return world.publicIps.all().flatMap((publicIp) => {
    const { id, vpcId, networkId } = publicIp;
    if (vpcId === null) return [];
    if (isGone(world.vpcs.get(vpcId))) {
      return [`public address ${id} is of VPC ${vpcId}, which is removed`];
    }
    if (networkId === null) {
      return isUsed(world, publicIp) ? [`public address ${id} has rules and leads to no tier`] : [];
    }
    return [
      ...(world.networks.require(networkId).vpcId === vpcId
        ? []
        : [`public address ${id} of VPC ${vpcId} leads to network ${networkId} outside of it`]),
      ...(isUsed(world, publicIp)
        ? []
        : [`public address ${id} leads to tier ${networkId} without a rule`]),
    ];
  });
}

function isUsed(world: World, { id, vmId }: PublicIpRow): boolean {
  return (
    vmId !== null ||
    world.portForwardingRules.count('publicIpId', id) > 0 ||
    world.loadBalancerRules.count('publicIpId', id) > 0 ||
    world.ipForwardingRules.count('publicIpId', id) > 0 ||
    world.firewallRules.count('publicIpId', id) > 0
  );
}

/** Lists go with their VPC, rules with their list, and each rule has a place of its own. */
export function networkAcls({ vpcs: table, networkAclLists, networkAcls: rules }: World): string[] {
  return [
    ...networkAclLists
      .all()
      .filter(({ vpcId }) => vpcId !== null && isGone(table.get(vpcId)))
      .map((list) => `list ${list.id} is of VPC ${list.vpcId ?? ''}, which is removed`),
    ...rules
      .all()
      .filter(({ listId }) => networkAclLists.get(listId) === undefined)
      .map((rule) => `rule ${rule.id} is of list ${rule.listId}, which is not there`),
    ...repeated(rules.all(), ({ listId, number }) => `${listId} ${number}`).map(
      ([rule, other]) => `rules ${rule.id} and ${other.id} both have number ${rule.number}`,
    ),
  ];
}

function cross({ cidr: one }: NetworkRow, { cidr: two }: NetworkRow): boolean {
  return one !== null && two !== null && (isWithin(one, two) || isWithin(two, one));
}

function isWithin(inner: string, outer: string): boolean {
  const [a, b] = [parseCidr(inner), parseCidr(outer)];
  return a.first >= b.first && a.last <= b.last;
}
