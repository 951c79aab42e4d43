import type { NicRow } from '../entities.js';
import { staticNatAddressesOf } from './static-nat.js';
import type { World } from '../world.js';

/** One address of a VM in a network. */
export interface GuestAddress {
  readonly vmId: string;
  readonly networkId: string;
  readonly ipAddress: string;
}

/** Whether anything leads from outside to an address of a VM (NetworkServiceImpl.releaseSecondaryIpFromNic). */
export function hasRulesTo(world: World, { vmId, networkId, ipAddress }: GuestAddress): boolean {
  return addressesWithRules(world, { vmId, networkId }).includes(ipAddress);
}

/** Whether anything leads from outside to a NIC (RulesManagerImpl.listAssociatedRulesForGuestNic). */
export function hasRulesOnNic(world: World, { vmId, networkId }: NicRow): boolean {
  return addressesWithRules(world, { vmId, networkId }).length > 0;
}

function addressesWithRules(
  world: World,
  { vmId, networkId }: Pick<GuestAddress, 'vmId' | 'networkId'>,
): string[] {
  const translated = staticNatAddressesOf(world, vmId).filter((row) => row.networkId === networkId);
  const balanced = world.loadBalancerMembers
    .where('vmId', vmId)
    .filter(({ ruleId }) => world.loadBalancerRules.require(ruleId).networkId === networkId);
  const forwarded = world.portForwardingRules
    .where('vmId', vmId)
    .filter((rule) => rule.networkId === networkId);
  return [
    ...translated.map((row) => row.vmIpAddress ?? ''),
    ...balanced.map((row) => row.ipAddress),
    ...forwarded.map((row) => row.vmIpAddress),
  ];
}
