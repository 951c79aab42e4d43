import { BlockList, isIP } from 'node:net';
import type { CloudStackClient } from '../cloudstack/client.js';
import { findById } from '../cloudstack/find-by-id.js';
import type { Network, Nic, VirtualMachine } from '../cloudstack/types.js';
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
 *
 * Nor does an address of a NIC that another network of the VM's owner could give as well: isolated
 * networks may have the same range, and a request does not tell which of them it comes from.
 */
export function askCloudStack(client: CloudStackClient): MayRead {
  return async (instanceId, from) => {
    const address = plainAddress(from);
    for (const vm of await vmsOf(client, instanceId)) {
      if (vm.publicip === address) return true;
      const nic = vm.nic?.find((one) => addressesOf(one).includes(address));
      if (nic !== undefined && !(await isElsewhere(client, vm, nic, address))) return true;
    }
    return false;
  };
}

async function vmsOf(client: CloudStackClient, instanceId: string): Promise<VirtualMachine[]> {
  const found = await (isUuid(instanceId)
    ? findById(client, 'listVirtualMachines', instanceId)
    : client.list('listVirtualMachines', { name: instanceId }));
  return [found ?? []].flat().filter(({ id, name, state }) => {
    return (id === instanceId || name === instanceId) && !goneStates.has(state);
  });
}

const goneStates: ReadonlySet<string> = new Set(['Destroyed', 'Expunging', 'Error']);

function addressesOf({ ipaddress, ip6address, secondaryip = [] }: Nic): (string | undefined)[] {
  return [ipaddress, ip6address, ...secondaryip.map(({ ipaddress: secondary }) => secondary)];
}

/** Whether a network that the NIC is not in has the address, too. */
async function isElsewhere(
  client: CloudStackClient,
  { name, account, domainid }: VirtualMachine,
  { networkid }: Nic,
  address: string,
): Promise<boolean> {
  const owner = account === undefined ? {} : { account, domainid };
  const networks = await client.list('listNetworks', owner);
  const other = networks.find(({ id, ...network }) => id !== networkid && has(network, address));
  if (other === undefined) return false;
  client.log(
    `${address}, an address of VM ${name}, is in the range of the network ${other.name}, too ` +
      `(${other.id}), so it does not tell who asks: give agents credentials in their endpoint`,
  );
  return true;
}

function has({ cidr, networkcidr, ip6cidr }: Omit<Network, 'id'>, address: string): boolean {
  return [cidr, networkcidr, ip6cidr].some((range) => isWithin(range, address));
}

function isWithin(range = '', address: string): boolean {
  const [first = '', length] = range.split('/');
  if (isIP(first) === 0 || isIP(first) !== isIP(address)) return false;
  const family = isIP(first) === 6 ? 'ipv6' : 'ipv4';
  const block = new BlockList();
  block.addSubnet(first, Number(length), family);
  return block.check(address, family);
}

/** IPv4 as it is written everywhere but on sockets that take both: `::ffff:10.0.0.5`. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}
