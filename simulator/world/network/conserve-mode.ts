import type { NetworkRow, NetworkService, PublicIpRow } from '../entities.js';
import { offeringOf } from './networks.js';
import type { World } from '../world.js';

/**
 * Why a public address cannot serve a network in one more way, undefined if it can: without conserve
 * mode it does one thing only (NetworkModelImpl.canIpUsedForNonConserveService). The source NAT address
 * of a VPC does nothing else in any case.
 */
export function otherUseOf(
  world: World,
  publicIp: PublicIpRow,
  network: NetworkRow,
  service: NetworkService,
): string | undefined {
  const isOfVpcForAll = publicIp.isSourceNat && publicIp.vpcId !== null;
  if (offeringOf(world, network).conserveMode && !isOfVpcForAll) return undefined;
  const [use, ...others] = usesOf(world, publicIp);
  if (others.length > 0) return `There are multiple services used ip ${publicIp.ipAddress}.`;
  if (use === undefined || use === service) return undefined;
  return `The IP ${publicIp.ipAddress} is already used as ${use} rather than ${service}.`;
}

function usesOf(world: World, { id, isSourceNat, vmId }: PublicIpRow): NetworkService[] {
  const uses: readonly (readonly [NetworkService, boolean])[] = [
    ['SourceNat', isSourceNat],
    ['StaticNat', vmId !== null || world.ipForwardingRules.count('publicIpId', id) > 0],
    ['PortForwarding', world.portForwardingRules.count('publicIpId', id) > 0],
    ['Lb', world.loadBalancerRules.count('publicIpId', id) > 0],
  ];
  return uses.filter(([, isUse]) => isUse).map(([service]) => service);
}
