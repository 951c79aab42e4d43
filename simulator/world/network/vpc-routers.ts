import type { NetworkRow, RouterRow, VpcRow } from '../entities.js';
import type { World } from '../world.js';
import { bringUp, guestNicIn, replace, routerOf, type RouterPlan } from './routers.js';

/** The virtual router of a VPC, if it has one now; a redundant VPC has no second one here. */
export function routerOfVpc(world: World, vpcId: string): RouterRow | undefined {
  return world.routers.where('vpcId', vpcId)[0];
}

/** The router from which the guests of a network have its services: of a tier that of its VPC. */
export function routerServing(world: World, { id, vpcId }: NetworkRow): RouterRow | undefined {
  return vpcId === null ? routerOf(world, id) : routerOfVpc(world, vpcId);
}

/**
 * Sees to it that the router of a VPC runs, as `bringUpRouter` does for a network
 * (VpcRouterDeploymentDefinition). False if no host is there to take it.
 */
export function bringUpVpcRouter(world: World, vpc: VpcRow): boolean {
  return bringUp(world, routerOfVpc(world, vpc.id), planForVpc(world, vpc));
}

/** A router in the place of the one that the VPC had, if any (VpcManagerImpl.rollingRestartVpc). */
export function replaceVpcRouter(world: World, vpc: VpcRow): boolean {
  return replace(world, routerOfVpc(world, vpc.id), planForVpc(world, vpc));
}

/** Brings up the router of a VPC with a NIC in a tier of it that has come to life (VpcVirtualRouterElement.implement). */
export function bringUpForTier(world: World, vpc: VpcRow, tier: NetworkRow): boolean {
  if (!bringUpVpcRouter(world, vpc)) return false;
  const router = routerOfVpc(world, vpc.id);
  if (router === undefined || isIn(router, tier)) return true;
  world.routers.change(router, { guestNics: [...router.guestNics, guestNicIn(world, tier)] });
  return true;
}

/** Takes the NIC in a tier from the router of its VPC (removeVpcRouterFromGuestNetwork). */
export function leaveTier(world: World, vpcId: string, tier: NetworkRow): void {
  const router = routerOfVpc(world, vpcId);
  if (router === undefined || !isIn(router, tier)) return;
  const guestNics = router.guestNics.filter(({ networkId }) => networkId !== tier.id);
  world.routers.change(router, { guestNics });
}

function isIn({ guestNics }: RouterRow, { id }: NetworkRow): boolean {
  return guestNics.some(({ networkId }) => networkId === id);
}

/** VpcNetworkHelperImpl.createRouterNetworks. */
function planForVpc(world: World, { id, accountId, zoneId }: VpcRow): RouterPlan {
  const tiers = world.networks.where('vpcId', id);
  return {
    networkId: null,
    vpcId: id,
    accountId,
    zoneId,
    guestNetworks: tiers.filter(({ state }) => state === 'Implemented'),
    translates: true,
  };
}
