import type { Problem } from '../../input/problems.js';
import { UNREADABLE } from '../../input/readable.js';
import { accountProblems } from './world-description-identity-checks.js';
import { isAmong, missing, repeated } from './world-description-problem.js';
import type { WorldDescription } from './world-description.js';
import { isHostName } from '../compute/vm-names.js';

type VmGroup = WorldDescription['virtualMachines'][number];
type Network = WorldDescription['zones'][number]['networks'][number];

/** What the VMs of a description get wrong about the rest of it. */
export function vmProblems(description: WorldDescription): Problem[] {
  const groups = description.virtualMachines;
  return [
    ...groups.flatMap((group, index) =>
      groupProblems(group, `virtualMachines.${index}`, description),
    ),
  ];
}

function groupProblems(group: VmGroup, path: string, description: WorldDescription): Problem[] {
  const { templates, serviceOfferings, zones } = description;
  const inZone = templates.filter((template) => isAmong([template.zone], group.zone));
  const named = (rows: readonly { readonly name: string }[]): string[] =>
    rows.map((row) => row.name);
  const fixed = serviceOfferings.filter(({ cpuNumber }) => cpuNumber !== undefined);
  return [
    ...accountProblems(group.account, `${path}.account`, description),
    ...nameProblems(group, path, description),
    ...missing(`${path}.zone`, 'zone', group.zone, named(zones)),
    ...missing(`${path}.template`, 'template', group.template, named(inZone), ' in the zone'),
    ...ambiguousTemplate(group, `${path}.template`, named(inZone)),
    ...missing(
      `${path}.serviceOffering`,
      'service offering',
      group.serviceOffering,
      named(fixed),
      ' with a fixed size',
    ),
    ...scopeProblems(group, path, description),
    ...networkProblems(group, `${path}.networks`, description),
  ];
}

function nameProblems(group: VmGroup, path: string, description: WorldDescription): Problem[] {
  const alike = description.virtualMachines.find((other) => namesMeet(group, other));
  const problems: Problem[] = [];
  if (group.name !== UNREADABLE && !isHostName(`${group.name}${group.count}`)) {
    problems.push([`${path}.name`, 'must begin host names: letters, digits and hyphens']);
  }
  if (alike !== undefined) {
    problems.push([`${path}.name`, `its VMs may be called like those of ${alike.name}`]);
  }
  return problems;
}

/** `vm-` and `vm-1`: a VM of either could be `vm-11`. */
function namesMeet(group: VmGroup, other: VmGroup): boolean {
  return (
    group !== other &&
    ![group.name, other.name].includes(UNREADABLE) &&
    other.name.startsWith(group.name) &&
    /^\d*$/.test(other.name.slice(group.name.length))
  );
}

function ambiguousTemplate({ template }: VmGroup, path: string, inZone: string[]): Problem[] {
  if (template === UNREADABLE || inZone.filter((name) => name === template).length < 2) return [];
  return [
    [path, `several templates of the zone are called ${template}: give them names of their own`],
  ];
}

/** Zones and offerings can be for some domains only, and offerings for some zones. */
function scopeProblems(
  group: VmGroup,
  path: string,
  { accounts, roles, zones, serviceOfferings }: WorldDescription,
): Problem[] {
  const account = accounts.find(({ name }) => name === group.account);
  if (account === undefined || isRootAdmin(account, roles)) return [];
  const zone = zones.find(({ name }) => name === group.zone);
  const offering = serviceOfferings.find(({ name }) => name === group.serviceOffering);
  const problems: Problem[] = [];
  const isOutside = (domains: readonly string[]): boolean =>
    ![account.domain, ...domains].includes(UNREADABLE) &&
    !domains.some((domain) => `${account.domain}/`.startsWith(`${domain}/`));
  if (zone?.domain !== undefined && isOutside([zone.domain])) {
    problems.push([
      `${path}.zone`,
      `${zone.name} is for the domain ${zone.domain}, and ${group.account} is not in it`,
    ]);
  }
  if (offering === undefined) return problems;
  if (offering.domains.length > 0 && isOutside(offering.domains)) {
    problems.push([
      `${path}.serviceOffering`,
      `${offering.name} is for the domains ${offering.domains.join(', ')}, and ${group.account} is in none of them`,
    ]);
  }
  if (offering.zones.length > 0 && !isAmong(offering.zones, group.zone)) {
    problems.push([
      `${path}.serviceOffering`,
      `${offering.name} is not offered in zone ${group.zone}`,
    ]);
  }
  return problems;
}

function networkProblems(group: VmGroup, path: string, description: WorldDescription): Problem[] {
  const zone = description.zones.find(({ name }) => name === group.zone);
  const names = zone === undefined ? [UNREADABLE] : zone.networks.map(({ name }) => name);
  const places = group.networks.map((name, index) => ({ path: `${path}.${index}`, name }));
  return [
    ...places.flatMap((placed) =>
      missing(placed.path, 'network', placed.name, names, ' in the zone'),
    ),
    ...repeated(places),
    ...places.flatMap((placed) => {
      const network = zone?.networks.find(({ name }) => name === placed.name);
      return network === undefined ? [] : foreignProblems(group, network, placed.path, description);
    }),
  ];
}

/** Only shared networks are for others than their account (NetworkModelImpl.checkNetworkPermissions). */
function foreignProblems(
  { account: name }: VmGroup,
  { name: networkName, type, account: owner }: Network,
  path: string,
  { accounts, roles }: WorldDescription,
): Problem[] {
  const account = accounts.find((candidate) => candidate.name === name);
  if (account === undefined || isRootAdmin(account, roles)) return [];
  if (type === 'Shared' || isAmong([owner], name) || [type, owner].includes(UNREADABLE)) return [];
  return [[path, `${networkName} belongs to ${owner}, and no VM of ${name} may be in it`]];
}

/** Who may use everything; of a role that could not be read nothing else is said either. */
function isRootAdmin(
  { role }: WorldDescription['accounts'][number],
  roles: WorldDescription['roles'],
): boolean {
  const type = roles.find(({ name }) => name === role)?.type ?? role;
  return isAmong(['Admin'], type);
}
