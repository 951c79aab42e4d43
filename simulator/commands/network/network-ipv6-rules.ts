import { invalidParameter } from '../../world/cloud-exception.js';
import type { Ipv6Network, NetworkOfferingRow } from '../../world/entities.js';
import { isInIpv6Cidr, isIpv6, isIpv6Cidr } from '../../world/network/ipv6.js';

/** What createNetwork was told of a network's IPv6 addresses. */
export interface Ipv6Arguments {
  readonly ip6gateway?: string | undefined;
  readonly ip6cidr?: string | undefined;
  readonly startipv6?: string | undefined;
  readonly endipv6?: string | undefined;
  readonly ip6dns1?: string | undefined;
  readonly ip6dns2?: string | undefined;
}

/**
 * The IPv6 addresses of a new network, in the order of the checks of
 * NetworkServiceImpl.createGuestNetwork; null unless both gateway and CIDR were given. `hasIpv4` says
 * whether it has IPv4 addresses, too.
 */
export function askedIpv6(
  { guestIpType, services }: NetworkOfferingRow,
  args: Ipv6Arguments,
  hasIpv4: boolean,
): Ipv6Network | null {
  const { ip6gateway: gateway, ip6cidr: cidr, ip6dns1: dns1, ip6dns2: dns2 } = args;
  if (gateway === undefined || cidr === undefined) return null;
  assertWellFormed(gateway, cidr, args);
  if (guestIpType !== 'Shared') {
    if (Number(cidr.split('/')[1]) !== 64) {
      throw invalidParameter('The cidr size of IPv6 network must be 64 bits!');
    }
    throw invalidParameter('Can only support create IPv6 network with advance shared network!');
  }
  if (dns1 === undefined && dns2 === undefined) {
    throw invalidParameter(
      'Can only create IPv6 network if the zone has IPv6 DNS! Please configure the zone IPv6 DNS1 ' +
        'and/or IPv6 DNS2.',
    );
  }
  if (!hasIpv4 && services.length > 0) {
    throw invalidParameter(
      'Currently IPv6-only Shared network with Virtual Router provider is not supported.',
    );
  }
  const { startipv6, endipv6 = startipv6 } = args;
  return { cidr, gateway, startIp: startipv6 ?? null, endIp: endipv6 ?? null };
}

/** NetworkServiceImpl.checkNetworkDns, of IPv6, and NetworkModelImpl.verifyIp6DnsPair. */
export function assertIpv6Dns(
  hasIpv6: boolean,
  { ip6dns1: dns1, ip6dns2: dns2 }: Ipv6Arguments,
): void {
  if (!hasIpv6 && (dns1 ?? dns2) !== undefined) {
    throw invalidParameter('IPv6 DNS cannot be specified for IPv4 only network');
  }
  if (dns1 === undefined && dns2 !== undefined) {
    throw invalidParameter('Second IPv6 DNS can be specified only with the first IPv6 DNS');
  }
  for (const [index, dns] of [dns1, dns2].entries()) {
    if (dns !== undefined && !isIpv6(dns)) {
      throw invalidParameter(`Invalid IPv6 for IPv6 DNS${index + 1}`);
    }
  }
}

/** NetworkModelImpl.checkIp6Parameters. */
function assertWellFormed(
  gateway: string,
  cidr: string,
  { startipv6, endipv6 = startipv6 }: Ipv6Arguments,
): void {
  if (!isIpv6(gateway)) throw invalidParameter('Invalid ip6Gateway');
  if (!isIpv6Cidr(cidr)) throw invalidParameter('Invalid ip6cidr');
  if (!isInIpv6Cidr(gateway, cidr)) {
    throw invalidParameter('ip6Gateway is not in ip6cidr indicated network!');
  }
  for (const [name, address] of [
    ['startIPv6', startipv6],
    ['endIPv6', endipv6],
  ] as const) {
    if (address === undefined) continue;
    if (!isIpv6(address)) throw invalidParameter(`Invalid format for the ${name} parameter`);
    if (!isInIpv6Cidr(address, cidr)) {
      throw invalidParameter(`${name} is not in ip6cidr indicated network!`);
    }
  }
}
