import type { NetworkRow } from '../entities.js';
import { deleteRulesOfAddress } from './load-balancers.js';
import { purgeEgressRules, purgeRulesOfAddress } from './port-rules.js';
import { releasePublicIp } from './public-ips.js';
import { expungeRouter, routerOf } from './routers.js';
import { leaveTier } from './vpc-routers.js';
import { removeTags } from '../tags.js';
import { removeRangesOf } from './vlan-ranges.js';
import type { World } from '../world.js';

/**
 * Whether VMs keep a network from being deleted: any that has a NIC there, so also one in state
 * Error, or destroyed and not expunged yet (NetworkOrchestrator.destroyNetwork). CloudStack
 * overlooks NICs without an address and deletes L2 networks below their VMs; here they count.
 */
export function isInUse(world: World, network: NetworkRow): boolean {
  return world.nics.where('networkId', network.id).length > 0;
}

/** Begins to take down the router of a network that has one. */
export function beginShutdown(world: World, network: NetworkRow): void {
  if (network.state === 'Implemented') world.networks.move(network, 'DestroyNetwork');
}

/** The router is gone, or that of the VPC has left the tier; the network's addresses and rules are still there. */
export function finishShutdown(world: World, network: NetworkRow): void {
  const router = routerOf(world, network.id);
  if (router !== undefined) expungeRouter(world, router);
  if (network.vpcId !== null) leaveTier(world, network.vpcId, network);
  if (network.state === 'Shutdown') world.networks.move(network, 'OperationSucceeded');
}

/**
 * Removes a network that is shut down: its rules end and its public addresses are given back, those
 * of a tier to its VPC.
 */
export function removeNetwork(world: World, network: NetworkRow): void {
  for (const publicIp of world.publicIps.where('networkId', network.id)) {
    if (publicIp.vpcId !== null) {
      deleteRulesOfAddress(world, publicIp.id);
      purgeRulesOfAddress(world, publicIp.id);
      continue;
    }
    if (publicIp.state === 'Allocated') world.publicIps.move(publicIp, 'Release');
    releasePublicIp(world, publicIp);
  }
  purgeEgressRules(world, network.id);
  removeRangesOf(world, network.id);
  world.networks.move(network, 'DestroyNetwork');
  removeTags(world, network.id);
  world.networks.remove(network);
}
