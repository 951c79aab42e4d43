import type { NetworkRow, PublicIpRow } from '../entities.js';
import type { World } from '../world.js';

/**
 * The network for which a public address can have rules: the one that it is associated with; of an
 * address of a VPC that has none yet, the tier that is asked for (NetworkVO.getVpcId).
 */
export function networkServedBy(
  world: World,
  publicIp: PublicIpRow,
  asked: NetworkRow | undefined,
): NetworkRow | undefined {
  if (publicIp.networkId !== null) return world.networks.require(publicIp.networkId);
  const isOfVpc = asked !== undefined && asked.vpcId !== null && asked.vpcId === publicIp.vpcId;
  return isOfVpc ? asked : undefined;
}

/** Has an address of a VPC lead to a tier from now on; others belong to their network anyway. */
export function joinTier(world: World, publicIp: PublicIpRow, networkId: string): void {
  world.publicIps.change(publicIp, { networkId });
}

/**
 * Takes an address of a VPC back from the tier when nothing leads there any more
 * (VpcManagerImpl.unassignIPFromVpcNetwork): call it whenever a rule or static NAT has ended.
 */
export function leaveTierIfUnused(world: World, publicIpId: string): void {
  const publicIp = world.publicIps.require(publicIpId);
  if (publicIp.vpcId === null || publicIp.networkId === null || publicIp.vmId !== null) return;
  const rules =
    world.loadBalancerRules.count('publicIpId', publicIpId) +
    world.portForwardingRules.count('publicIpId', publicIpId) +
    world.ipForwardingRules.count('publicIpId', publicIpId) +
    world.firewallRules.count('publicIpId', publicIpId);
  if (rules > 0) return;
  world.publicIps.change(publicIp, { networkId: null });
}
