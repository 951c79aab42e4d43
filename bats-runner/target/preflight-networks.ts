import type { CloudClient } from '../cloud/client.js';
import { isObject, textOf, type JsonObject } from '../json.js';
import type { NetworkConfig } from './cloud-config.js';
import { isIn, netmaskOf } from '../ipv4.js';
import type { NamedRows } from './named-rows.js';
import type { GuestNetwork } from './target.js';

/** The networks of a zone, and who holds which address in them. */
export interface NetworkRows {
  readonly networks: readonly JsonObject[];
  /** By network and address, such as `8f6a…/10.0.0.20`: the VM that has it. */
  readonly holders: ReadonlyMap<string, string>;
}

export async function networkRows(client: CloudClient, zone: JsonObject): Promise<NetworkRows> {
  const filter = { zoneid: textOf(zone['id']) };
  const networks = await client.list('listNetworks', 'network', filter);
  const vms = await client.list('listVirtualMachines', 'virtualmachine', filter);
  const holders = new Map(
    vms.flatMap((vm) =>
      rowsIn(vm['nic']).map(({ networkid, ipaddress }): [string, string] => [
        `${textOf(networkid)}/${textOf(ipaddress)}`,
        `VM ${textOf(vm['name'])} (${textOf(vm['id'])})`,
      ]),
    ),
  );
  return { networks, holders };
}

/**
 * A network as the cases use it, with what the cloud tells of it. Complains if there is none, or if
 * its addresses cannot be had; then it answers nothing.
 */
export function guestNetwork(
  known: NamedRows,
  key: string,
  { name, addresses }: NetworkConfig,
  { networks, holders }: NetworkRows,
  type?: 'Shared',
): GuestNetwork | undefined {
  const row = known.find(`${key}.name`, name, 'network', networks);
  if (row === undefined) return undefined;
  const complain = (problem: string): void => known.complain(`${key}: ${problem}`);
  if (type !== undefined && row['type'] !== type) {
    complain(`${name} is of type ${textOf(row['type'])}, not ${type}`);
  }
  const [range, gateway] = [textOf(row['cidr']), textOf(row['gateway'])];
  if (range === '' || gateway === '') {
    complain(`the cloud gives out no addresses in ${name}: it has no CIDR, or no gateway`);
    return undefined;
  }
  const outside = addresses.filter((address) => !isIn(range, address) || address === gateway);
  if (outside.length > 0) {
    complain(
      `${told(outside)} cannot be had in ${name}, which has ${range} with the gateway ${gateway}`,
    );
  }
  for (const address of addresses) {
    const holder = holders.get(`${textOf(row['id'])}/${address}`);
    if (holder !== undefined) complain(`${address} is held by ${holder}`);
  }
  return { name: textOf(row['name']), range, gateway, netmask: netmaskOf(range), addresses };
}

function told(addresses: readonly string[]): string {
  const [first, ...others] = addresses;
  return others.length === 0 ? String(first) : `${first} and ${others.length} more`;
}

function rowsIn(value: JsonObject[string]): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
