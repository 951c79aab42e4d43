import { accountProblems } from './world-description-identity-checks.js';
import type { Problem } from './world-description-problem.js';
import type { WorldDescription } from './world-description.js';
import { isHostName } from './vm-names.js';

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
  const { templates, serviceOfferings } = description;
  const zone = description.zones.find(({ name }) => name === group.zone);
  const offering = serviceOfferings.find(({ name }) => name === group.serviceOffering);
  const hasTemplate = templates.some(
    (template) => template.name === group.template && template.zone === group.zone,
  );
  const networks = zone?.networks.map(({ name }) => name) ?? [];
  const alike = description.virtualMachines.find((other) => namesMeet(group, other));
  const problems: Problem[] = [...accountProblems(group.account, `${path}.account`, description)];
  if (!isHostName(`${group.name}${group.count}`)) {
    problems.push([`${path}.name`, 'must begin host names: letters, digits and hyphens']);
  }
  if (alike !== undefined) {
    problems.push([`${path}.name`, `its VMs may be called like those of ${alike.name}`]);
  }
  if (zone === undefined) problems.push([`${path}.zone`, `there is no zone ${group.zone}`]);
  if (!hasTemplate) {
    problems.push([`${path}.template`, `there is no template ${group.template} in the zone`]);
  }
  if (offering?.cpuNumber === undefined) {
    problems.push([
      `${path}.serviceOffering`,
      `there is no service offering ${group.serviceOffering} with a fixed size`,
    ]);
  }
  for (const network of group.networks.filter((network) => !networks.includes(network))) {
    problems.push([`${path}.networks`, `there is no network ${network} in the zone`]);
  }
  return problems;
}

/** `vm-` and `vm-1`: a VM of either could be `vm-11`. */
function namesMeet(group: VmGroup, other: VmGroup): boolean {
  return (
    group !== other &&
    other.name.startsWith(group.name) &&
    /^\d*$/.test(other.name.slice(group.name.length))
  );
}
