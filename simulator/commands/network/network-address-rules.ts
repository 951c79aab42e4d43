import { invalidParameter } from '../../world/cloud-exception.js';
import type { NetworkOfferingRow, ZoneRow } from '../../world/entities.js';
import {
  ipv4Text,
  netmaskOf,
  parseCidr,
  parseIpv4,
  prefixLengthOf,
  type Subnet,
} from '../../world/network/ipv4.js';

/** What createNetwork was told of a network's addresses. */
export interface AddressArguments {
  readonly gateway?: string | undefined;
  readonly netmask?: string | undefined;
  readonly startip?: string | undefined;
  readonly endip?: string | undefined;
  readonly startipv6?: string | undefined;
  readonly endipv6?: string | undefined;
}

/** The addresses of a new network; all null in an L2 network. */
export interface NetworkAddresses {
  readonly cidr: string | null;
  readonly gateway: string | null;
  readonly netmask: string | null;
  readonly startIp: string | null;
  readonly endIp: string | null;
}

/** The subnet that was asked for; undefined unless both gateway and netmask were given. */
export interface AskedSubnet {
  readonly cidr: string;
  readonly gateway: string;
  readonly prefixLength: number;
}

/**
 * Reads and checks gateway, netmask and range, in the order of
 * NetworkServiceImpl.createGuestNetwork. A gateway alone is taken, and has no effect.
 */
export function askedSubnet(
  offering: NetworkOfferingRow,
  { gateway, netmask, startip, endip, startipv6, endipv6 }: AddressArguments,
  isTier: boolean,
): AskedSubnet | undefined {
  if (gateway !== undefined && parseIpv4(gateway) === undefined) {
    throw invalidParameter('Gateway parameter is invalid');
  }
  if (
    offering.guestIpType === 'Shared' &&
    !isTier &&
    (startip ?? endip ?? startipv6 ?? endipv6) === undefined
  ) {
    throw invalidParameter('Either IPv4 or IPv6 start and end address are mandatory');
  }
  if (gateway === undefined) return undefined;
  if (startip !== undefined) {
    assertIpv4(startip, 'startIp');
    assertIpv4(endip ?? startip, 'endIp');
    if (netmask === undefined) {
      throw invalidParameter(
        'gateway and netmask should be defined when startIP/endIP are passed in',
      );
    }
  }
  return netmask === undefined ? undefined : subnetAround(gateway, netmask);
}

/** What the new network gets: what was asked for, or what its type and zone give. */
export function addressesOf(
  offering: NetworkOfferingRow,
  zone: ZoneRow,
  asked: AskedSubnet | undefined,
  { startip, endip }: AddressArguments,
): NetworkAddresses {
  if (offering.guestIpType === 'L2') return noAddresses;
  const cidr = asked?.cidr ?? zone.guestCidr;
  const subnet = parseCidr(cidr);
  const gateway = asked?.gateway ?? ipv4Text(subnet.first + 1);
  const netmask = netmaskOf(subnet);
  if (startip === undefined || !takesRange(offering)) {
    return { cidr, gateway, netmask, startIp: null, endIp: null };
  }
  const range = { startIp: startip, endIp: endip ?? startip };
  assertRange(range, subnet, gateway);
  return { cidr, gateway, netmask, ...range };
}

const noAddresses: NetworkAddresses = {
  cidr: null,
  gateway: null,
  netmask: null,
  startIp: null,
  endIp: null,
};

/** Networks with a source NAT address hand out their whole subnet. */
export function takesRange({ guestIpType, services }: NetworkOfferingRow): boolean {
  if (guestIpType === 'Shared') return true;
  return guestIpType === 'Isolated' && !services.includes('SourceNat');
}

/** RFC 1918 and RFC 6598 (NetUtils.validateGuestCidr). */
export function isPrivate(cidr: string): boolean {
  const { first, last } = parseCidr(cidr);
  return privateBlocks.map(parseCidr).some((block) => first >= block.first && last <= block.last);
}

const privateBlocks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

function assertIpv4(text: string, name: string): void {
  if (parseIpv4(text) !== undefined) return;
  throw invalidParameter(`Invalid format for the ${name} parameter`);
}

function subnetAround(gateway: string, netmask: string): AskedSubnet {
  const prefixLength = prefixLengthOf(netmask);
  if (prefixLength === undefined) throw invalidParameter('Invalid netmask');
  const { first, last } = parseCidr(`${gateway}/${prefixLength}`);
  const address = parseIpv4(gateway) ?? 0;
  if (address <= first || address >= last) {
    throw invalidParameter(
      'Invalid gateway IP provided. Either the IP is broadcast or network IP.',
    );
  }
  return { cidr: `${ipv4Text(first)}/${prefixLength}`, gateway, prefixLength };
}

/** ConfigurationManagerImpl.createVlanAndPublicIpRange, checkIpRange. */
function assertRange(
  { startIp, endIp }: { startIp: string; endIp: string },
  subnet: Subnet,
  gateway: string,
): void {
  const [start, end, router] = [startIp, endIp, gateway].map((text) => parseIpv4(text) ?? 0) as [
    number,
    number,
    number,
  ];
  if (start > end) throw invalidParameter('Please specify a valid IP range.');
  if (start < subnet.first || start > subnet.last) throw outside('start');
  if (end < subnet.first || end > subnet.last) throw outside('end');
  if (router < start || router > end) return;
  throw invalidParameter('The gateway ip should not be the part of the ip range being added.');
}

function outside(which: 'start' | 'end'): Error {
  return invalidParameter(
    `Please ensure that your ${which} IP is in the same subnet as your IP range's gateway, as per ` +
      "the IP range's netmask.",
  );
}
