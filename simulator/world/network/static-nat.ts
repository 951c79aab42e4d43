import type { PublicIpRow } from '../entities.js';
import { purgeRulesOfAddress } from './port-rules.js';
import { leaveTierIfUnused } from './vpc-addresses.js';
import type { World } from '../world.js';

/** The public addresses whose traffic static NAT leads to a VM. */
export function staticNatAddressesOf(world: World, vmId: string): PublicIpRow[] {
  return world.publicIps.where('vmId', vmId);
}

/** Leads all traffic to a public address on to one address of a VM. */
export function enableStaticNatFor(
  world: World,
  publicIp: PublicIpRow,
  to: { readonly vmId: string; readonly vmIpAddress: string },
): void {
  world.publicIps.change(publicIp, { vmId: to.vmId, vmIpAddress: to.vmIpAddress });
}

/**
 * Ends static NAT of one public address and deletes its rules, those of the firewall, too; the
 * account keeps the address (RulesManagerImpl.disableStaticNat).
 */
export function disableStaticNatOf(world: World, publicIp: PublicIpRow): void {
  purgeRulesOfAddress(world, publicIp.id);
  world.publicIps.change(publicIp, { vmId: null, vmIpAddress: null });
  leaveTierIfUnused(world, publicIp.id);
}

/**
 * Ends static NAT to a VM that is expunged; its account keeps the public addresses
 * (UserVmManagerImpl.cleanupVmResources).
 */
export function releaseStaticNat(world: World, vmId: string): void {
  for (const publicIp of staticNatAddressesOf(world, vmId)) disableStaticNatOf(world, publicIp);
}

/** Has static NAT follow a VM whose address changes (UserVmManagerImpl.updatePublicIpDnatVmIp). */
export function moveStaticNat(
  world: World,
  { vmId, networkId }: { readonly vmId: string; readonly networkId: string },
  from: string,
  to: string,
): void {
  for (const publicIp of staticNatAddressesOf(world, vmId)) {
    if (publicIp.networkId === networkId && publicIp.vmIpAddress === from) {
      world.publicIps.change(publicIp, { vmIpAddress: to });
    }
  }
}
