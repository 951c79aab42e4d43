import { invalidParameter } from '../../world/cloud-exception.js';
import type { AccountRow, NetworkRow, ZoneRow } from '../../world/entities.js';
import { parseIpv4 } from '../../world/network/ipv4.js';
import { isInIpv6Range, isIpv6 } from '../../world/network/ipv6.js';
import { isMacAddressFree } from '../../world/network/mac-addresses.js';
import { assertMayUseNetwork } from '../../world/network/network-access.js';
import type { NicPlan } from '../../world/compute/vm-allocation.js';
import type { World } from '../../world/world.js';
import { assertHasNetworks, dhcpOptionsByNetwork } from '../nic/dhcp-options.js';
import { standardMacAddress } from '../nic/mac-address-rules.js';
import { defaultNetwork } from './default-network.js';

/** The parameters of deployVirtualMachine that say which NICs a VM gets. */
export interface NicArguments {
  readonly networkids?: readonly NetworkRow[] | undefined;
  readonly iptonetworklist?: readonly Readonly<Record<string, string>>[] | undefined;
  readonly ipaddress?: string | undefined;
  readonly macaddress?: string | undefined;
  readonly ip6address?: string | undefined;
  readonly nicnetworklist?: readonly Readonly<Record<string, string>>[] | undefined;
  readonly dhcpoptionsnetworklist?: readonly Readonly<Record<string, string>>[] | undefined;
}

/**
 * The networks that a deployment names, in their order; undefined if it names none. Throws for
 * MAC addresses in the list that are none (BaseDeployVMCmd.getIpToNetworkMap).
 */
export function namedNetworks(world: World, args: NicArguments): readonly NetworkRow[] | undefined {
  const { networkids = [], iptonetworklist = [], ipaddress, ip6address } = args;
  if (areOfImage(world, args)) return undefined;
  if (iptonetworklist.length === 0) return networkids.length === 0 ? undefined : networkids;
  if (networkids.length > 0 || (ipaddress ?? ip6address) !== undefined) {
    throw invalidParameter("ipToNetworkMap can't be specified along with networkIds or ipAddress");
  }
  return iptonetworklist.map(({ networkid = '', mac }) => {
    const network = world.networks.get(networkid.toLowerCase());
    if (network === undefined) {
      throw invalidParameter(`Unable to translate and find entity with networkId: ${networkid}`);
    }
    if (mac !== undefined) standardMacAddress(mac);
    return network;
  });
}

/**
 * The networks of a VM: those that were named, if its owner may use them, otherwise the default one
 * (UserVmManagerImpl.createAdvancedVirtualMachine).
 */
export function chosenNetworks(
  world: World,
  owner: AccountRow,
  zone: ZoneRow,
  named: readonly NetworkRow[] | undefined,
): readonly NetworkRow[] {
  if (named === undefined) return [defaultNetwork(world, owner, zone)];
  for (const network of named) assertMayUseNetwork(world, owner, network);
  return named;
}

/** What each NIC asks for; the first network's is the default one. */
export function nicPlans(
  world: World,
  zone: ZoneRow,
  networks: readonly NetworkRow[],
  args: NicArguments,
): readonly NicPlan[] {
  const options = dhcpOptionsByNetwork(args.dhcpoptionsnetworklist);
  assertHasNetworks(options, networks);
  return networks.map((network, index) => {
    if (network.zoneId !== zone.id) {
      throw invalidParameter(
        `Network id=${network.internalId} doesn't belong to zone ${zone.internalId}`,
      );
    }
    const { ipAddress, ip6Address, macAddress } = requestedAddresses(args, index);
    if (ipAddress !== undefined && parseIpv4(ipAddress) === undefined) {
      throw invalidParameter(`Invalid specified IPv4 address ${ipAddress}`);
    }
    if (ip6Address !== undefined) assertIpv6InRange(network, ip6Address);
    const dhcpOptions = options.get(network.id);
    if (macAddress === undefined) return { network, ipAddress, macAddress, dhcpOptions };
    return {
      network,
      ipAddress,
      macAddress: freeMacAddress(world, network, macAddress),
      dhcpOptions,
    };
  });
}

/**
 * The networks of an image's own NICs (BaseDeployVMCmd.getVmNetworkMap): only images that are deployed
 * as they are have such NICs, and there are none here.
 */
function areOfImage(
  world: World,
  { nicnetworklist = [], networkids = [], iptonetworklist = [], ipaddress }: NicArguments,
): boolean {
  if (nicnetworklist.length === 0) return false;
  if (networkids.length > 0 || ipaddress !== undefined || iptonetworklist.length > 0) {
    throw invalidParameter(
      "nicnetworklist can't be specified along with networkids, ipaddress, iptonetworklist",
    );
  }
  for (const { nic = '', network = '' } of nicnetworklist) {
    const number = /^[+-]?\d+$/.test(nic) ? String(Number(nic)) : 'null';
    if (number !== 'null' && world.networks.get(network.toLowerCase()) !== undefined) continue;
    throw invalidParameter(
      `Network ID: ${network === '' ? 'null' : network} for NIC ID: ${number} is invalid`,
    );
  }
  return true;
}

/**
 * NetworkModelImpl.checkRequestedIpAddresses. That is all that becomes of it: a NIC gets the address
 * that its MAC address makes (Ipv6AddressManagerImpl.setNicIp6Address).
 */
function assertIpv6InRange({ ipv6 }: NetworkRow, address: string): void {
  if (!isIpv6(address)) throw invalidParameter(`Invalid specified IPv6 address ${address}`);
  const { startIp = null, endIp = null } = ipv6 ?? {};
  if (startIp !== null && endIp !== null && isInIpv6Range(address, startIp, endIp)) return;
  throw invalidParameter('Requested IPv6 is not in the predefined range!');
}

interface RequestedAddresses {
  readonly ipAddress: string | undefined;
  readonly ip6Address: string | undefined;
  readonly macAddress: string | undefined;
}

/**
 * `ipaddress` and `macaddress` are for the first NIC. An address there drops the MAC address, and
 * a MAC address what the list says (UserVmManagerImpl.getUncheckedUserVmResource).
 */
function requestedAddresses(args: NicArguments, index: number): RequestedAddresses {
  const { ipaddress: ipAddress, ip6address: ip6Address, macaddress: macAddress } = args;
  if (index === 0 && (ipAddress ?? ip6Address) !== undefined) {
    return { ipAddress, ip6Address, macAddress: undefined };
  }
  if (index === 0 && macAddress !== undefined) {
    return { ipAddress: undefined, ip6Address: undefined, macAddress };
  }
  const { ip, ipv6, mac } = args.iptonetworklist?.[index] ?? {};
  return { ipAddress: ip, ip6Address: ipv6, macAddress: mac };
}

function freeMacAddress(world: World, network: NetworkRow, requested: string): string {
  const macAddress = standardMacAddress(requested);
  if (isMacAddressFree(world, network, macAddress)) return macAddress;
  throw invalidParameter(`The requested Mac address is already taken! ${macAddress}`);
}
