import { isGone } from '../table.js';
import { repeated } from '../repeated.js';
import type { RouterRow } from '../entities.js';
import type { World } from '../world.js';

/**
 * A network or VPC has one virtual router at most, which goes with it; that of a VPC is in all tiers
 * that are up, and in no other network; a router is on a host while it is up.
 */
export function routers(world: World): string[] {
  const rows = world.routers.all();
  return [
    ...repeated(rows, servedBy).map(
      ([router, other]) => `routers ${router.id} and ${other.id} both serve ${servedBy(router)}`,
    ),
    ...rows
      .filter(({ networkId }) => networkId !== null && isGone(world.networks.get(networkId)))
      .map((router) => `router ${router.id} serves ${servedBy(router)}, which is removed`),
    ...rows.flatMap((router) => placeInVpc(world, router)),
    ...rows
      .filter((router) => (router.state === 'Stopped') !== (router.hostId === null))
      .map((router) => `router ${router.id} is ${router.state} on host ${router.hostId ?? 'none'}`),
  ];
}

function servedBy({ networkId, vpcId }: RouterRow): string {
  return vpcId === null ? `network ${networkId ?? 'none'}` : `VPC ${vpcId}`;
}

function placeInVpc(world: World, { id, vpcId, guestNics }: RouterRow): string[] {
  if (vpcId === null) return [];
  if (isGone(world.vpcs.get(vpcId))) {
    return [`router ${id} serves VPC ${vpcId}, which is removed`];
  }
  const tiers = world.networks.where('vpcId', vpcId);
  const isIn = (tierId: string): boolean => guestNics.some((nic) => nic.networkId === tierId);
  return [
    ...tiers
      .filter((tier) => tier.state === 'Implemented' && !isIn(tier.id))
      .map((tier) => `router ${id} of VPC ${vpcId} is not in its tier ${tier.id}`),
    ...guestNics
      .filter(({ networkId }) => tiers.every((tier) => tier.id !== networkId))
      .map((nic) => `router ${id} of VPC ${vpcId} is in network ${nic.networkId} outside of it`),
  ];
}
