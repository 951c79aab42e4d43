import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { NetworkOfferingRow, NetworkRow } from '../../world/entities.js';
import { ipv4Text, parseIpv4 } from '../../world/network/ipv4.js';
import type { World } from '../../world/world.js';
import { overlaps, subnetOf } from './vlan-range-rules.js';

/** Throws unless a network may have these name servers of its own (NetworkServiceImpl.checkNetworkDns). */
export function assertDns(
  { guestIpType, services }: NetworkOfferingRow,
  isTier: boolean,
  dns1: string | null,
  dns2: string | null,
): void {
  if (dns1 !== null || dns2 !== null) {
    if (guestIpType === 'L2') throw invalidParameter('DNS can not be specified L2 networks');
    if (isTier) throw invalidParameter('DNS can not be specified for a VPC tier');
    if (!services.includes('Dns')) {
      throw invalidParameter(
        'DNS can not be specified for networks with network offering that do not support DNS service',
      );
    }
  }
  if (dns1 === null && dns2 !== null) {
    throw invalidParameter('Second IPv4 DNS can be specified only with the first IPv4 DNS');
  }
  for (const [number, dns] of [dns1, dns2].entries()) {
    if (dns !== null && parseIpv4(dns) === undefined) {
      throw invalidParameter(`Invalid IPv4 for DNS${number + 1}`);
    }
  }
}

/** The least that IPv4 needs. */
const LEAST_MTU = 68;

/** The largest packets as they are allowed: what is asked for counts only where users may choose. */
export function allowedMtus(
  world: World,
  asked: Partial<Pick<NetworkRow, 'publicMtu' | 'privateMtu'>>,
): Partial<Pick<NetworkRow, 'publicMtu' | 'privateMtu'>> {
  if (!world.settings.get('allow.end.users.to.specify.vr.mtu')) return {};
  const within = (mtu: number, most: number): number => Math.min(Math.max(mtu, LEAST_MTU), most);
  const { publicMtu, privateMtu } = asked;
  return {
    ...(publicMtu !== undefined && {
      publicMtu: within(publicMtu, world.settings.get('vr.public.interface.max.mtu')),
    }),
    ...(privateMtu !== undefined && {
      privateMtu: within(privateMtu, world.settings.get('vr.private.interface.max.mtu')),
    }),
  };
}

interface RouterAddress {
  readonly routerip?: string | undefined;
  readonly gateway?: string | undefined;
  readonly netmask?: string | undefined;
  readonly startip?: string | undefined;
  readonly endip?: string | undefined;
}

/** Throws if the router of a new network may not have an address that was chosen (NetworkServiceImpl). */
export function assertTakesRouterAddress(
  { guestIpType, services }: NetworkOfferingRow,
  routerip: string | undefined,
): void {
  if (routerip === undefined || routerip.trim() === '') return;
  if (guestIpType !== 'Shared') {
    throw invalidParameter('Router IP can be specified only for Shared networks');
  }
  if (services.length > 0) return;
  throw invalidParameter(
    'Virtual Router is not a supported provider for the Shared network, hence router ip should not ' +
      'be provided',
  );
}

/** Throws unless the address is one of the new network (validateSharedNetworkRouterIPv4). */
export function assertRouterAddress(args: RouterAddress): void {
  const { routerip: routerIp = '', startip, endip = startip, gateway = '', netmask = '' } = args;
  if (routerIp.trim() === '') return;
  if (parseIpv4(routerIp) === undefined) {
    throw cloudRuntime('Router IPv4 IP provided is of incorrect format');
  }
  const one = { startIp: routerIp, endIp: routerIp };
  if (startip !== undefined && endip !== undefined) {
    if (overlaps(one, { startIp: startip, endIp: endip })) return;
    throw cloudRuntime(
      `Router IPv4 IP provided is not within the specified range: ${startip} - ${endip}`,
    );
  }
  const subnet = subnetOf(gateway, netmask);
  if (subnet !== undefined) {
    const bounds = { startIp: ipv4Text(subnet.first), endIp: ipv4Text(subnet.last) };
    if (overlaps(one, bounds)) return;
  }
  throw cloudRuntime('Router IP provided in not within the network range');
}
