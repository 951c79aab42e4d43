import type { Problem } from '../../input/problems.js';
import { UNREADABLE } from '../../input/readable.js';
import { netmaskOf, parseCidr, parseIpv4, type Subnet } from '../network/ipv4.js';
import { defaultNetworkOfferings } from '../network/network-offerings.js';
import { rangeProblem } from '../settings/setting-range.js';
import { settingDeclarations, type SettingName } from '../settings/settings.js';
import { accountProblems, identityProblems } from './world-description-identity-checks.js';
import { missing, repeated } from './world-description-problem.js';
import { vmProblems } from './world-description-vm-checks.js';
import type { WorldDescription } from './world-description.js';

type ZoneDescription = WorldDescription['zones'][number];
type NetworkDescription = ZoneDescription['networks'][number];

/** More public addresses than anybody needs; a mistyped range must not fill the memory. */
const MAX_RANGE = 65_536;

/** What the parts of a description, right by themselves, get wrong about one another. */
export function descriptionProblems(description: WorldDescription): Problem[] {
  return [
    ...settingProblems(description.settings),
    ...nameProblems(description),
    ...identityProblems(description),
    ...offeringProblems(description),
    ...scopeProblems('serviceOfferings', description.serviceOfferings, description),
    ...scopeProblems('diskOfferings', description.diskOfferings, description),
    ...description.zones.flatMap((zone, index) =>
      zoneProblems(zone, `zones.${index}`, description),
    ),
    ...templateProblems(description),
    ...vmProblems(description),
  ];
}

function settingProblems(settings: WorldDescription['settings']): Problem[] {
  return Object.entries(settings).flatMap(([name, value]): Problem[] => {
    const path = `settings.${name}`;
    const expected = typeof settingDeclarations[name as SettingName].default;
    if (typeof value !== expected) return [[path, `must be a ${expected}`]];
    const problem =
      typeof value === 'number' ? rangeProblem(name as SettingName, value) : undefined;
    return problem === undefined ? [] : [[path, problem]];
  });
}

function nameProblems(description: WorldDescription): Problem[] {
  const { zones, serviceOfferings, diskOfferings, networkOfferings, osTypes } = description;
  const pods = zones.flatMap((zone) => zone.pods);
  const clusters = pods.flatMap((pod) => pod.clusters);
  const named = (rows: readonly { readonly name: string }[]): string[] =>
    rows.map((row) => row.name);
  return [
    ...repeated('zones', named(zones)),
    ...repeated('pods', named(pods)),
    ...repeated('clusters', named(clusters)),
    ...repeated('hosts', named(clusters.flatMap((cluster) => cluster.hosts))),
    ...repeated(
      'pools',
      named([...zones.flatMap((zone) => zone.pools), ...clusters.flatMap(({ pools }) => pools)]),
    ),
    ...zones.flatMap((zone) => repeated('networks', named(zone.networks))),
    ...repeated('serviceOfferings', named(serviceOfferings)),
    ...repeated('diskOfferings', named(diskOfferings)),
    ...repeated('networkOfferings', named([...defaultNetworkOfferings, ...networkOfferings])),
    ...repeated('osTypes', osTypes),
  ];
}

/** As createServiceOffering allows them (ConfigurationManagerImpl.createServiceOffering). */
function offeringProblems({ serviceOfferings }: WorldDescription): Problem[] {
  return serviceOfferings.flatMap((offering, index): Problem[] => {
    const path = `serviceOfferings.${index}`;
    const { cpuNumber, cpuMhz, memoryMib, constraints } = offering;
    if (constraints === undefined) {
      const given = [cpuNumber, cpuMhz, memoryMib].filter((value) => value !== undefined).length;
      if (given === 0 || given === 3) return [];
      const text =
        'must have cpuNumber, cpuMhz and memoryMib, or as a custom offering none of the three';
      return [[path, text]];
    }
    const { minCpuNumber, maxCpuNumber, minMemoryMib, maxMemoryMib } = constraints;
    if (cpuNumber !== undefined || cpuMhz === undefined || memoryMib !== undefined) {
      return [[path, 'must have cpuMhz, but neither cpuNumber nor memoryMib, beside constraints']];
    }
    if (minCpuNumber > maxCpuNumber || minMemoryMib > maxMemoryMib) {
      return [[`${path}.constraints`, 'must not have a minimum above its maximum']];
    }
    return [];
  });
}

function scopeProblems(
  section: string,
  offerings: readonly { readonly domains: readonly string[]; readonly zones: readonly string[] }[],
  { domains, zones }: WorldDescription,
): Problem[] {
  const paths = ['ROOT', ...domains.map(({ path }) => path)];
  const names = zones.map(({ name }) => name);
  return offerings.flatMap((offering, index): Problem[] => [
    ...offering.domains.flatMap((path) =>
      missing(`${section}.${index}.domains`, 'domain', path, paths),
    ),
    ...offering.zones.flatMap((name) => missing(`${section}.${index}.zones`, 'zone', name, names)),
  ]);
}

function zoneProblems(zone: ZoneDescription, path: string, world: WorldDescription): Problem[] {
  return [
    ...domainProblems(zone, path, world),
    ...zone.pods.flatMap((pod, index) => podProblems(pod, `${path}.pods.${index}`)),
    ...zone.publicRanges.flatMap((range, index) =>
      publicRangeProblems(range, `${path}.publicRanges.${index}`),
    ),
    ...zone.networks.flatMap((network, index) => [
      ...accountProblems(network.account, `${path}.networks.${index}.account`, world),
      ...networkProblems(network, `${path}.networks.${index}`, zone.guestCidr),
      ...networkOfferingProblems(network, `${path}.networks.${index}.offering`, world),
    ]),
  ];
}

function domainProblems(
  { domain }: ZoneDescription,
  path: string,
  world: WorldDescription,
): Problem[] {
  const paths = ['ROOT', ...world.domains.map((known) => known.path)];
  return domain === undefined ? [] : missing(`${path}.domain`, 'domain', domain, paths);
}

/** Gateway, system VMs and the two ends of the network take addresses, too. */
const ADDRESSES_BESIDE_HOSTS = 33;

function podProblems(
  { cidr = '172.16.0.0/20', clusters }: ZoneDescription['pods'][number],
  path: string,
): Problem[] {
  if (cidr === UNREADABLE) return [];
  const { first, last } = parseCidr(cidr);
  const hosts = clusters.flatMap((cluster) => cluster.hosts).length;
  if (hosts + ADDRESSES_BESIDE_HOSTS <= last - first + 1) return [];
  return [[`${path}.cidr`, `${cidr} has too few addresses for ${hosts} hosts`]];
}

function networkOfferingProblems(
  { type, offering: name }: NetworkDescription,
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
  const types: readonly string[] = [type, offering.guestIpType];
  if (offering.guestIpType === type || types.includes(UNREADABLE)) return [];
  return [[path, `${name} is an offering for networks of the type ${offering.guestIpType}`]];
}

function networkProblems(network: NetworkDescription, path: string, guestCidr: string): Problem[] {
  const { type, cidr, gateway, startIp, endIp } = network;
  const hasRange = startIp !== undefined || endIp !== undefined;
  if (type === 'L2') {
    const hasAddresses = hasRange || cidr !== undefined || gateway !== undefined;
    return hasAddresses ? [[path, 'an L2 network has no addresses']] : [];
  }
  const subnet = readSubnet(cidr ?? guestCidr);
  const problems: Problem[] = [];
  if (gateway !== undefined && subnet !== undefined && !isHostOf(subnet, gateway)) {
    problems.push([`${path}.gateway`, 'must be a host address of the network']);
  }
  if (type === 'Isolated' && hasRange) {
    problems.push([path, 'only a shared network has startIp and endIp']);
  }
  if (type === 'Shared') {
    problems.push(
      ...(startIp === undefined || endIp === undefined
        ? ([[path, 'a shared network needs startIp and endIp']] as Problem[])
        : rangeProblems({ startIp, endIp }, subnet, path)),
    );
  }
  return problems;
}

function publicRangeProblems(
  range: ZoneDescription['publicRanges'][number],
  path: string,
): Problem[] {
  const { gateway, netmask } = range;
  if (gateway === UNREADABLE || netmask === UNREADABLE)
    return rangeProblems(range, undefined, path);
  const subnet = parseSubnet(gateway, netmask);
  if (subnet === undefined) return [[`${path}.netmask`, 'must be a netmask such as 255.255.255.0']];
  return rangeProblems(range, subnet, path);
}

/** Of a range in no known subnet only that it is one can be said. */
function rangeProblems(
  { startIp, endIp }: { startIp: string; endIp: string },
  subnet: Subnet | undefined,
  path: string,
): Problem[] {
  const [first, last] = [parseIpv4(startIp), parseIpv4(endIp)];
  if (first === undefined || last === undefined) return [];
  if (first > last) return [[path, 'startIp must not be above endIp']];
  if (last - first >= MAX_RANGE) return [[path, `must not hold more than ${MAX_RANGE} addresses`]];
  if (subnet === undefined) return [];
  const inside = isHostOf(subnet, startIp) && isHostOf(subnet, endIp);
  return inside ? [] : [[path, 'startIp and endIp must be host addresses of the network']];
}

/** What could not be read is no host's address either, but that has been said. */
function isHostOf(subnet: Subnet, text: string): boolean {
  const address = parseIpv4(text);
  return address === undefined || (address > subnet.first && address < subnet.last);
}

function readSubnet(cidr: string): Subnet | undefined {
  return cidr === UNREADABLE ? undefined : parseCidr(cidr);
}

/** The subnet around an address; undefined if the mask is not a row of ones and then zeros. */
function parseSubnet(address: string, netmask: string): Subnet | undefined {
  for (let length = 1; length <= 32; length += 1) {
    const subnet = parseCidr(`${address}/${length}`);
    if (netmaskOf(subnet) === netmask) return subnet;
  }
  return undefined;
}

function templateProblems(description: WorldDescription): Problem[] {
  return description.templates.flatMap((template, index) => {
    const path = `templates.${index}`;
    const zones = description.zones.map(({ name }) => name);
    return [
      ...accountProblems(template.account, `${path}.account`, description),
      ...missing(`${path}.zone`, 'zone', template.zone, zones),
      ...missing(`${path}.osType`, 'OS type', template.osType, description.osTypes),
    ];
  });
}
