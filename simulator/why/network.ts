import type { NetworkRow, PublicIpRow } from '../world/entities.js';
import { addressRanges, countFreeAddresses, sizeOf } from '../world/network/addresses.js';
import { hasVirtualRouter, offeringOf } from '../world/network/networks.js';
import { routerServing } from '../world/network/vpc-routers.js';
import type { World } from '../world/world.js';
import { rowsMeant, timeText, type Explanation } from './explanation.js';
import { jobsAbout } from './jobs.js';
import { routerStateText } from './router.js';
import { vmsText } from './vm.js';

/** Why networks are in their state, what is in them, and what keeps them. @throws NothingToExplain */
export function explainNetwork(world: World, idOrName: string): readonly Explanation[] {
  return rowsMeant(world.networks, idOrName).map((network) => {
    const router = routerServing(world, network);
    return {
      about: `network ${network.name} (${network.id})`,
      because:
        network.removedMs === null
          ? whyAsItIs(world, network)
          : [`It was deleted at ${timeText(network.removedMs)}.`],
      rowIds: router === undefined ? [network.id] : [network.id, router.id],
    };
  });
}

function whyAsItIs(world: World, network: NetworkRow): string[] {
  return [
    whatItIs(world, network),
    stateText(network),
    ...jobsAbout(world, network.id),
    ...addressesOf(world, network),
    ...routerOf(world, network),
    ...tierOf(world, network),
    ...publicAddresses(world, network),
    ...rulesOf(world, network),
    ...usersOf(world, network),
  ];
}

function whatItIs(world: World, network: NetworkRow): string {
  const { type, cidr, gateway } = network;
  const zone = world.zones.require(network.zoneId).name;
  const account = world.accounts.require(network.accountId).name;
  const subnet = cidr === null ? 'without addresses' : `${cidr}, gateway ${gateway ?? 'none'}`;
  return (
    `It is of the type ${type}, ${subnet}, in zone ${zone}; it belongs to account ${account}. ` +
    `Its offering is ${offeringOf(world, network).name}.`
  );
}

function stateText({ state, type }: NetworkRow): string {
  switch (state) {
    case 'Setup':
      return 'It is Setup, as a shared network is from its creation to its end.';
    case 'Allocated':
      return type === 'L2'
        ? 'It is Allocated until the first VM starts in it.'
        : 'It is Allocated: it has neither router nor source NAT address until the first VM starts in it.';
    case 'Implementing':
      return 'It is Implementing: it is about to get what its VMs need.';
    case 'Implemented':
      return 'It is Implemented: a VM has started in it, and it stays so until it is deleted.';
    case 'Shutdown':
      return 'It is Shutdown: it is being deleted, or its deletion failed; deleteNetwork tries again.';
    case 'Destroy':
      return 'It is about to be gone.';
  }
}

function addressesOf(world: World, network: NetworkRow): string[] {
  const ranges = addressRanges(world, network);
  if (ranges.length === 0) return [];
  const all = ranges.reduce((sum, range) => sum + sizeOf(range), 0);
  const free = countFreeAddresses(world, network);
  const full =
    free > 0 ? '' : ' No VM can be deployed into it until one is: why address tells who holds it.';
  return [`Of its ${all} addresses ${free} are free.${full}`];
}

function routerOf(world: World, network: NetworkRow): string[] {
  const router = routerServing(world, network);
  if (router !== undefined)
    return [`Its router is ${router.name} (${router.id}). ${routerStateText(world, router)}`];
  if (network.vpcId !== null) return ['The VPC has no router yet.'];
  return hasVirtualRouter(world, network) && network.state !== 'Allocated'
    ? ['It has no router now: the next VM that starts in it gets one.']
    : [];
}

function tierOf(world: World, { vpcId, aclListId }: NetworkRow): string[] {
  if (vpcId === null) return [];
  const { name, id } = world.vpcs.require(vpcId);
  const passes =
    aclListId === null
      ? 'it has no list of rules, so nothing passes in or out'
      : `what passes in and out is said by the list ${world.networkAclLists.require(aclListId).name}`;
  return [`It is a tier of VPC ${name} (${id}): ${passes}.`];
}

function publicAddresses(world: World, network: NetworkRow): string[] {
  const held = world.publicIps.where('networkId', network.id);
  if (held.length === 0) return [];
  return [`Public addresses that it holds: ${held.map(publicText).join('; ')}.`];
}

function publicText({ ipAddress, isSourceNat, vmId }: PublicIpRow): string {
  const uses = [...(isSourceNat ? ['source NAT'] : []), ...(vmId === null ? [] : ['static NAT'])];
  return uses.length === 0 ? ipAddress : `${ipAddress} (${uses.join(', ')})`;
}

function rulesOf(world: World, { id }: NetworkRow): string[] {
  const firewall = world.firewallRules.where('networkId', id);
  const counts = [
    [firewall.filter(({ trafficType }) => trafficType === 'Ingress').length, 'of the firewall'],
    [firewall.filter(({ trafficType }) => trafficType === 'Egress').length, 'for egress'],
    [world.portForwardingRules.count('networkId', id), 'for port forwarding'],
    [world.loadBalancerRules.count('networkId', id), 'of load balancers'],
    [world.ipForwardingRules.count('networkId', id), 'for static NAT'],
  ] as const;
  const there = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return there.length === 0 ? [] : [`Its rules: ${there.join(', ')}; they go with it.`];
}

/** What deleteNetwork refuses for (NetworkOrchestrator.destroyNetwork). */
function usersOf(world: World, network: NetworkRow): string[] {
  const ids = new Set(world.nics.where('networkId', network.id).map(({ vmId }) => vmId));
  if (ids.size === 0) return ['No VM has a NIC in it: deleteNetwork would succeed.'];
  const vms = [...ids].map((vmId) => world.vms.require(vmId));
  return [
    'Until they are expunged, or removeNicFromVirtualMachine takes them out, these VMs keep it from ' +
      `being deleted: ${vmsText(vms)}.`,
  ];
}
