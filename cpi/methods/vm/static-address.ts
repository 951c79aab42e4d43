import { BlockList, isIPv6 } from 'node:net';
import type { NetworkSpec } from '../../agent/network-spec.js';
import type { Network } from '../../cloudstack/types.js';
import { BoshError } from '../../protocol/bosh-error.js';
import { hostsOf, parseCidr } from '../network/subnet.js';
import { parseAddressRange, type AddressRange } from './address-range.js';
import { formatIpv4, parseIpv4 } from './ipv4.js';

/**
 * Checks that a static address, of either family, can be had in a network: CloudStack would create
 * a VM in state Error first and tell ordinary users no reason.
 *
 * @throws BoshError of type CpiError for a text that is no address; CloudError that names the
 *   network and its range.
 */
export function checkStaticAddress(network: Network, spec: NetworkSpec, ip: string): void {
  if (ip.includes(':')) checkIpv6(network, spec, ip);
  else checkIpv4(network, spec, ip);
}

/**
 * Whether an address, if a network has it, is in a subnet that CloudStack does not tell: of several
 * ones that a shared network has it tells the first (ApiResponseHelper.createNetworkResponse).
 */
export function isInUntoldSubnet(network: Network, ip: string): boolean {
  const [hosts, address] = [hostsIn(network), parseIpv4(ip)];
  if (network.type !== 'Shared' || hosts === undefined || address === undefined) return false;
  return address < hosts.first - 1 || address > hosts.last + 1;
}

/**
 * Checks a range that VMs may be parked in.
 *
 * @throws BoshError of type CpiError that says what it must be.
 */
export function checkParking(network: Network, { name }: NetworkSpec, parking: string): void {
  const range = parseAddressRange(parking);
  const hosts = hostsIn(network);
  const mayHave = (address: number): boolean =>
    hosts === undefined ||
    (address >= hosts.first && address <= hosts.last) ||
    isInUntoldSubnet(network, formatIpv4(address));
  if (range !== undefined && mayHave(range.first) && mayHave(range.last)) return;
  throw new BoshError(
    'CpiError',
    `create_vm: network ${name}: parking must be a range of addresses of the network ` +
      `${network.name}, ${network.cidr ?? 'whose range is unknown'}, as in ` +
      `10.0.1.200-10.0.1.250, got ${JSON.stringify(parking)}`,
  );
}

function checkIpv4(network: Network, spec: NetworkSpec, ip: string): void {
  const address = parseIpv4(ip);
  if (address === undefined) throw noAddress(spec, ip);
  const hosts = hostsIn(network);
  if (hosts === undefined || isInUntoldSubnet(network, ip)) return;
  if (address >= hosts.first && address <= hosts.last && ip !== network.gateway) return;
  throw outside(spec, network, { ip, cidr: network.cidr, gateway: network.gateway });
}

function checkIpv6(network: Network, spec: NetworkSpec, ip: string): void {
  if (!isIPv6(ip)) throw noAddress(spec, ip);
  const { ip6cidr, ip6gateway: gateway } = network;
  if (ip6cidr === undefined) {
    throw new BoshError(
      'CloudError',
      `create_vm: network ${spec.name}: ${ip} cannot be had in the CloudStack network ` +
        `${network.name}, which has no IPv6 addresses; use a network with an IPv6 range, or an ` +
        'IPv4 address',
    );
  }
  const [base = '', prefixLength] = ip6cidr.split('/');
  const range = new BlockList();
  range.addSubnet(base, Number(prefixLength), 'ipv6');
  if (range.check(ip, 'ipv6') && !isSameIpv6(ip, gateway)) return;
  throw outside(spec, network, { ip, cidr: ip6cidr, gateway });
}

/**
 * What BOSH tells the agent of a network with IPv4 addresses that is otherwise in CloudStack, and
 * what to do: a gateway may be another router on purpose, a wrong one cuts the VM off.
 */
export function differencesOf(network: Network, { ip, given }: NetworkSpec): string[] {
  if (ip === undefined || ip.includes(':')) return [];
  const { name, cidr = '' } = network;
  if (isInUntoldSubnet(network, ip)) {
    const told = `${ip} is outside of ${cidr}, which is all that CloudStack tells of the subnets of`;
    return [`${told} its network ${name}; unless it has another one, ${remedy}`];
  }
  return (['netmask', 'gateway'] as const).flatMap((key) => {
    const [told, real] = [given[key], network[key]];
    if (typeof told !== 'string' || told === '' || real === undefined || told === real) return [];
    return [
      `its ${key} is ${told} in BOSH, and ${real} in the CloudStack network ${name}; ${remedy}`,
    ];
  });
}

const remedy = 'correct the subnet in the cloud config';

/** One address has several spellings. */
export function isSameIpv6(address: string, other: string | undefined): boolean {
  if (other === undefined || !isIPv6(other)) return false;
  const only = new BlockList();
  only.addAddress(other, 'ipv6');
  return only.check(address, 'ipv6');
}

/** The host addresses of a network; undefined where CloudStack tells no range of it. */
function hostsIn({ cidr = '' }: Network): AddressRange | undefined {
  const subnet = parseCidr(cidr);
  return subnet && hostsOf(subnet);
}

function noAddress({ name }: NetworkSpec, ip: string): BoshError {
  return new BoshError('CpiError', `create_vm: network ${name}: ${ip} is no address`);
}

function outside(
  { name }: NetworkSpec,
  network: Network,
  {
    ip,
    cidr = '',
    gateway = 'unknown',
  }: { ip: string; cidr: string | undefined; gateway: string | undefined },
): BoshError {
  return new BoshError(
    'CloudError',
    `create_vm: network ${name}: ${ip} cannot be had in the CloudStack network ${network.name}, ` +
      `which is ${cidr} with gateway ${gateway}; correct the static address or the name of the ` +
      'network in its cloud_properties',
  );
}
