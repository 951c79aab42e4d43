import type { NetworkRow } from '../entities.js';
import type { World } from '../world.js';

/** A MAC address of the form that CloudStack generates, which no NIC of the network has. */
export function generateMacAddress(world: World, network: NetworkRow): string {
  for (;;) {
    const serial = (world.kernel.ids.next('mac') % 0x10000).toString(16).padStart(4, '0');
    const digits = `0200${world.kernel.random.hex('macs', 2)}${serial}`;
    const macAddress = digits.match(/../g)?.join(':') ?? '';
    if (isMacAddressFree(world, network, macAddress)) return macAddress;
  }
}

/** Whether no NIC of the network has this MAC address (NicDao.findByNetworkIdAndMacAddress). */
export function isMacAddressFree(world: World, network: NetworkRow, macAddress: string): boolean {
  return world.nics.where('macAddress', macAddress).every((nic) => nic.networkId !== network.id);
}
