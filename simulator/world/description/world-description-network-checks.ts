import type { Problem } from '../../input/problems.js';
import { UNREADABLE } from '../../input/readable.js';
import { ipv4Text, parseCidr, parseIpv4, prefixLengthOf, type Subnet } from '../network/ipv4.js';
import { defaultNetworkOfferings } from '../network/network-offerings.js';
import { accountProblems } from './world-description-identity-checks.js';
import { missing } from './world-description-problem.js';
import type { WorldDescription } from './world-description.js';

type Zone = WorldDescription['zones'][number];
type Network = Zone['networks'][number];
type PublicRange = Zone['publicRanges'][number];

/** More addresses than anybody needs; a mistyped range must not fill the memory. */
const MAX_RANGE = 65_536;

/** What the networks of a zone, and its ranges of public addresses, get wrong. */
export function networkProblems(zone: Zone, path: string, world: WorldDescription): Problem[] {
  return [
    ...zone.publicRanges.flatMap((range, index) => [
      ...publicRangeProblems(range, `${path}.publicRanges.${index}`),
      ...overlapProblems(zone.publicRanges.slice(0, index), range, `${path}.publicRanges`, index),
    ]),
    ...zone.networks.flatMap((network, index) => [
      ...accountProblems(network.account, `${path}.networks.${index}.account`, world),
      ...addressProblems(network, `${path}.networks.${index}`, zone.guestCidr),
      ...offeringProblems(network, `${path}.networks.${index}.offering`, world),
    ]),
  ];
}

function offeringProblems(
  { type, offering: name }: Network,
  path: string,
  { networkOfferings }: WorldDescription,
): Problem[] {
  if (name === undefined) return [];
  const known = [...defaultNetworkOfferings, ...networkOfferings];
  const offering = known.find((candidate) => candidate.name === name);
  if (offering === undefined) {
    const names = known.map((candidate) => candidate.name);
    return missing(path, 'network offering', name, names);
  }
  if (offering.forVpc) {
    return [[path, `${name} is for the tiers of a VPC, which createNetwork makes: choose another`]];
  }
  const types: readonly string[] = [type, offering.guestIpType];
  if (offering.guestIpType === type || types.includes(UNREADABLE)) return [];
  return [[path, `${name} is an offering for networks of the type ${offering.guestIpType}`]];
}

function addressProblems(network: Network, path: string, guestCidr: string): Problem[] {
  const { type, cidr, gateway, startIp, endIp } = network;
  const hasRange = startIp !== undefined || endIp !== undefined;
  if (type === 'L2') {
    const hasAddresses = hasRange || cidr !== undefined || gateway !== undefined;
    return hasAddresses ? [[path, 'an L2 network has no addresses']] : [];
  }
  const subnet = readSubnet(cidr ?? guestCidr);
  const problems = gateway === undefined ? [] : hostProblems(gateway, subnet, `${path}.gateway`);
  if (type === 'Isolated' && hasRange) {
    return [...problems, [path, 'only a shared network has startIp and endIp']];
  }
  if (type !== 'Shared') return problems;
  if (startIp === undefined || endIp === undefined) {
    return [...problems, [path, 'a shared network needs startIp and endIp']];
  }
  const range = { startIp, endIp };
  const router = gateway ?? (subnet && ipv4Text(subnet.first + 1)) ?? UNREADABLE;
  return [
    ...problems,
    ...rangeProblems(range, subnet, path),
    ...gatewayProblems(
      router,
      range,
      gateway === undefined ? `${path}.startIp` : `${path}.gateway`,
    ),
  ];
}

function publicRangeProblems(range: PublicRange, path: string): Problem[] {
  const { gateway, netmask } = range;
  const prefixLength = netmask === UNREADABLE ? undefined : prefixLengthOf(netmask);
  if (netmask !== UNREADABLE && prefixLength === undefined) {
    return [[`${path}.netmask`, 'must be a netmask such as 255.255.255.0']];
  }
  const isKnown = gateway !== UNREADABLE && prefixLength !== undefined;
  const subnet = isKnown ? parseCidr(`${gateway}/${prefixLength}`) : undefined;
  return [
    ...hostProblems(gateway, subnet, `${path}.gateway`),
    ...rangeProblems(range, subnet, path),
    ...gatewayProblems(gateway, range, `${path}.gateway`),
  ];
}

interface Range {
  readonly startIp: string;
  readonly endIp: string;
}

/** Of a range in no known subnet only that it is one can be said. */
function rangeProblems(range: Range, subnet: Subnet | undefined, path: string): Problem[] {
  const bounds = boundsOf(range);
  if (bounds === undefined) return [];
  const { first, last } = bounds;
  if (first > last) return [[path, 'startIp must not be above endIp']];
  if (last - first >= MAX_RANGE) return [[path, `must not hold more than ${MAX_RANGE} addresses`]];
  return [
    ...hostProblems(range.startIp, subnet, `${path}.startIp`),
    ...hostProblems(range.endIp, subnet, `${path}.endIp`),
  ];
}

/** ConfigurationManagerImpl.checkOverlap: what is given away cannot be the gateway's. */
function gatewayProblems(gateway: string, range: Range, path: string): Problem[] {
  const [bounds, address] = [boundsOf(range), parseIpv4(gateway)];
  if (bounds === undefined || address === undefined) return [];
  if (address < bounds.first || address > bounds.last) return [];
  const text = `the gateway ${gateway} must not lie within startIp to endIp, whose addresses are given away`;
  return [[path, text]];
}

/** A zone does not have a public address twice (ConfigurationManagerImpl.checkOverlapPublicIpRange). */
function overlapProblems(
  earlier: readonly PublicRange[],
  range: PublicRange,
  path: string,
  index: number,
): Problem[] {
  const bounds = boundsOf(range);
  if (bounds === undefined) return [];
  return earlier.flatMap((other, otherIndex): Problem[] => {
    const others = boundsOf(other);
    if (others === undefined || others.first > bounds.last || others.last < bounds.first) return [];
    return [
      [
        `${path}.${index}`,
        `must not have addresses of ${path}.${otherIndex} (${other.startIp} to ${other.endIp})`,
      ],
    ];
  });
}

function boundsOf({ startIp, endIp }: Range): { first: number; last: number } | undefined {
  const [first, last] = [parseIpv4(startIp), parseIpv4(endIp)];
  return first === undefined || last === undefined ? undefined : { first, last };
}

/** What could not be read is no host's address either, but that has been said. */
function hostProblems(text: string, subnet: Subnet | undefined, path: string): Problem[] {
  const address = parseIpv4(text);
  if (address === undefined || subnet === undefined) return [];
  if (address > subnet.first && address < subnet.last) return [];
  return [
    [
      path,
      `must be a host address of ${ipv4Text(subnet.first)}/${subnet.prefixLength}, got ${text}`,
    ],
  ];
}

function readSubnet(cidr: string): Subnet | undefined {
  return cidr === UNREADABLE ? undefined : parseCidr(cidr);
}
