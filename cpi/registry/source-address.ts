import type { CloudStackClient } from '../cloudstack/client.js';
import { findById } from '../cloudstack/find-by-id.js';
import type { VirtualMachine } from '../cloudstack/types.js';
import { isUuid } from '../cloudstack/uuid.js';

/**
 * Whether a request that comes from an address may read the settings of an instance: whether that
 * is the instance's own address. Rejects where that cannot be found out now.
 */
export type MayRead = (instanceId: string, address: string) => Promise<boolean>;

/**
 * Asks CloudStack which addresses the VM of that id (or name, as earlier CPIs name entries) has:
 * those of its NICs and the public one that is its own (static NAT). The address that a whole
 * network shares behind a router does not tell its VMs apart, so it does not count.
 */
export function askCloudStack(client: CloudStackClient): MayRead {
  return async (instanceId, address) => {
    const own = (await vmsOf(client, instanceId))
      .filter(({ state }) => !goneStates.has(state))
      .flatMap(({ nic = [], publicip }) => [
        publicip,
        ...nic.flatMap(({ ipaddress, ip6address, secondaryip = [] }) => [
          ipaddress,
          ip6address,
          ...secondaryip.map(({ ipaddress: secondary }) => secondary),
        ]),
      ]);
    return own.includes(plainAddress(address));
  };
}

async function vmsOf(client: CloudStackClient, instanceId: string): Promise<VirtualMachine[]> {
  if (isUuid(instanceId)) {
    const vm = await findById(client, 'listVirtualMachines', instanceId);
    return vm === undefined ? [] : [vm];
  }
  const vms = await client.list('listVirtualMachines', { name: instanceId });
  return vms.filter(({ name }) => name === instanceId);
}

const goneStates: ReadonlySet<string> = new Set(['Destroyed', 'Expunging', 'Error']);

/** IPv4 as it is written everywhere but on sockets that take both: `::ffff:10.0.0.5`. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}
