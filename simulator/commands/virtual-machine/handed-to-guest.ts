import { cloudRuntime } from '../../world/cloud-exception.js';
import type { VmRow } from '../../world/entities.js';
import { servicesOf } from '../../world/network/networks.js';
import { nicsOf } from '../../world/network/nics.js';
import type { World } from '../../world/world.js';

/** Throws unless something in the network of a VM's default NIC hands it its keys and its password. */
export function assertNetworkHandsOut(
  world: World,
  vm: VmRow,
  refusal: { readonly withoutNic: string; readonly withoutService: string },
): void {
  const nic = nicsOf(world, vm.id).find(({ isDefault }) => isDefault);
  if (nic === undefined) throw cloudRuntime(refusal.withoutNic);
  const services = servicesOf(world, world.networks.require(nic.networkId));
  if (!services.includes('UserData')) throw cloudRuntime(refusal.withoutService);
}
