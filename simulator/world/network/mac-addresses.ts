import type { NetworkRow } from '../entities.js';
import type { World } from '../world.js';

/** A MAC address of the form that CloudStack generates, which no NIC of the network has. */
export function generateMacAddress(world: World, network: NetworkRow): string {
  for (;;) {
    const serial = (world.kernel.ids.next('mac') % 0x10000).toString(16).padStart(4, '0');
    const digits = `0200${world.kernel.random.hex('macs', 2)}${serial}`;
    const macAddress = pairsOf(digits);
    if (isMacAddressFree(world, network, macAddress)) return macAddress;
  }
}

/** A MAC address of the public NIC of a router. */
export function publicMacAddress(world: World): string {
  const serial = world.kernel.ids.next('publicmac').toString(16).padStart(6, '0');
  return pairsOf(`1e00${world.kernel.random.hex('macs', 1)}${serial.slice(-6)}`);
}

/** The MAC address of the control NIC of the router with this number. */
export function controlMacAddress(number: number): string {
  return `0e:00:a9:fe:${pairsOf((number % 0x10000).toString(16).padStart(4, '0'))}`;
}

function pairsOf(digits: string): string {
  return digits.match(/../g)?.join(':') ?? '';
}

/** Whether no NIC of the network has this MAC address (NicDao.findByNetworkIdAndMacAddress). */
export function isMacAddressFree(world: World, network: NetworkRow, macAddress: string): boolean {
  return world.nics.where('macAddress', macAddress).every((nic) => nic.networkId !== network.id);
}
