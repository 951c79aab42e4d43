import type { Problem } from '../../input/problems.js';
import { UNREADABLE } from '../../input/readable.js';
import { parseCidr } from '../network/ipv4.js';
import { defaultNetworkOfferings } from '../network/network-offerings.js';
import { rangeProblem } from '../settings/setting-range.js';
import { settingDeclarations, type SettingName } from '../settings/settings.js';
import { identityProblems } from './world-description-identity-checks.js';
import { networkProblems } from './world-description-network-checks.js';
import { missing, namesIn, repeated } from './world-description-problem.js';
import { templateProblems } from './world-description-template-checks.js';
import { vmProblems } from './world-description-vm-checks.js';
import type { WorldDescription } from './world-description.js';

type ZoneDescription = WorldDescription['zones'][number];

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
  const pods = zones.map((zone, index) => ({ path: `zones.${index}`, zone }));
  const clusters = pods.flatMap(({ path, zone }) =>
    zone.pods.flatMap((pod, podIndex) =>
      pod.clusters.map((cluster, index) => ({
        path: `${path}.pods.${podIndex}.clusters.${index}`,
        cluster,
      })),
    ),
  );
  const standard = defaultNetworkOfferings.map(({ name }) => ({ path: undefined, name }));
  return [
    ...repeated(namesIn('zones', zones)),
    ...repeated(pods.flatMap(({ path, zone }) => namesIn(`${path}.pods`, zone.pods))),
    ...repeated(clusters.map(({ path, cluster: { name } }) => ({ path: `${path}.name`, name }))),
    ...repeated(clusters.flatMap(({ path, cluster }) => namesIn(`${path}.hosts`, cluster.hosts))),
    ...repeated([
      ...pods.flatMap(({ path, zone }) => namesIn(`${path}.pools`, zone.pools)),
      ...clusters.flatMap(({ path, cluster }) => namesIn(`${path}.pools`, cluster.pools)),
    ]),
    ...pods.flatMap(({ path, zone }) => repeated(namesIn(`${path}.networks`, zone.networks))),
    ...repeated(namesIn('serviceOfferings', serviceOfferings)),
    ...repeated(namesIn('diskOfferings', diskOfferings)),
    ...repeated([...standard, ...namesIn('networkOfferings', networkOfferings)]),
    ...repeated(osTypes.map((name, index) => ({ path: `osTypes.${index}`, name }))),
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
    ...podOverlaps(zone, path),
    ...networkProblems(zone, path, world),
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

/** The management networks of a zone's pods lie apart (ConfigurationManagerImpl.checkPodCidrSubnets). */
function podOverlaps({ pods }: ZoneDescription, path: string): Problem[] {
  const subnets = pods.flatMap(({ cidr }, index) =>
    cidr === undefined || cidr === UNREADABLE
      ? []
      : [{ cidr, place: `${path}.pods.${index}.cidr`, ...parseCidr(cidr) }],
  );
  return subnets.flatMap((subnet, index): Problem[] => {
    const other = subnets
      .slice(0, index)
      .find(({ first, last }) => first <= subnet.last && last >= subnet.first);
    if (other === undefined) return [];
    return [[subnet.place, `${subnet.cidr} must not overlap with ${other.place} (${other.cidr})`]];
  });
}
