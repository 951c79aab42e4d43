import type { Problem } from '../../input/problems.js';
import { UNREADABLE } from '../../input/readable.js';
import { accountProblems } from './world-description-identity-checks.js';
import { isAmong, missing } from './world-description-problem.js';
import type { WorldDescription } from './world-description.js';
import { isHostName } from '../compute/vm-names.js';

type VmGroup = WorldDescription['virtualMachines'][number];

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
  const zone = description.zones.find(({ name }) => name === group.zone);
  const inZone = templates.filter((template) => isAmong([template.zone], group.zone));
  const alike = description.virtualMachines.find((other) => namesMeet(group, other));
  const problems: Problem[] = [...accountProblems(group.account, `${path}.account`, description)];
  if (group.name !== UNREADABLE && !isHostName(`${group.name}${group.count}`)) {
    problems.push([`${path}.name`, 'must begin host names: letters, digits and hyphens']);
  }
  if (alike !== undefined) {
    problems.push([`${path}.name`, `its VMs may be called like those of ${alike.name}`]);
  }
  const named = (rows: readonly { readonly name: string }[]): string[] =>
    rows.map((row) => row.name);
  const networks = zone === undefined ? [UNREADABLE] : named(zone.networks);
  const fixed = serviceOfferings.filter(({ cpuNumber }) => cpuNumber !== undefined);
  return [
    ...problems,
    ...missing(`${path}.zone`, 'zone', group.zone, named(zones)),
    ...missing(`${path}.template`, 'template', group.template, named(inZone), ' in the zone'),
    ...missing(
      `${path}.serviceOffering`,
      'service offering',
      group.serviceOffering,
      named(fixed),
      ' with a fixed size',
    ),
    ...group.networks.flatMap((network) =>
      missing(`${path}.networks`, 'network', network, networks, ' in the zone'),
    ),
  ];
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
