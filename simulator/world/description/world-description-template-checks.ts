import type { Problem } from '../../input/problems.js';
import { UNREADABLE } from '../../input/readable.js';
import type { Hypervisor, ImageFormat } from '../entities.js';
import { accountProblems } from './world-description-identity-checks.js';
import { missing } from './world-description-problem.js';
import type { WorldDescription } from './world-description.js';

type Template = WorldDescription['templates'][number];

/** What the templates of a description get wrong about the rest of it. */
export function templateProblems(description: WorldDescription): Problem[] {
  const { templates, zones, osTypes } = description;
  const names = zones.map(({ name }) => name);
  return [
    ...templates.flatMap((template, index) => {
      const path = `templates.${index}`;
      return [
        ...accountProblems(template.account, `${path}.account`, description),
        ...missing(`${path}.zone`, 'zone', template.zone, names),
        ...missing(`${path}.osType`, 'OS type', template.osType, osTypes),
        ...formatProblems(template, `${path}.format`),
        ...hypervisorProblems(template, `${path}.hypervisor`, description),
        ...reservedNameProblems(templates, template, `${path}.name`),
      ];
    }),
    ...storageProblems(description),
  ];
}

/** What the hosts of a hypervisor can make disks of. */
const formats: Readonly<Record<Hypervisor, readonly ImageFormat[]>> = {
  KVM: ['QCOW2', 'RAW'],
  XenServer: ['VHD'],
  VMware: ['OVA'],
};

function formatProblems({ format, hypervisor }: Template, path: string): Problem[] {
  if (isUnreadable(format) || isUnreadable(hypervisor)) return [];
  if (formats[hypervisor].includes(format)) return [];
  const fitting = formats[hypervisor].join(' or ');
  return [
    [path, `${format} is no format for ${hypervisor}: set it to ${fitting}, or set hypervisor`],
  ];
}

function hypervisorProblems(
  { zone: name, hypervisor }: Template,
  path: string,
  { zones }: WorldDescription,
): Problem[] {
  const zone = zones.find((candidate) => candidate.name === name);
  if (zone === undefined || isUnreadable(hypervisor)) return [];
  const there = new Set(
    zone.pods.flatMap(({ clusters }) => clusters.map((cluster) => cluster.hypervisor)),
  );
  if (there.has(hypervisor) || [...there].some(isUnreadable)) return [];
  const known = [...there].join(' and ');
  return [
    [
      path,
      `no cluster of zone ${name} runs ${hypervisor}, only ${known}: no VM could be made of it`,
    ],
  ];
}

/** Nobody takes the name of one of the cloud's own (TemplateAdapterBase.prepare). */
function reservedNameProblems(
  templates: readonly Template[],
  { name, type }: Template,
  path: string,
): Problem[] {
  if (type === 'SYSTEM' || name === UNREADABLE) return [];
  const isTaken = templates.some((other) => other.type === 'SYSTEM' && other.name === name);
  return isTaken ? [[path, `${name} is the name of a SYSTEM template: choose another`]] : [];
}

function storageProblems({ templates, zones }: WorldDescription): Problem[] {
  return zones.flatMap(({ name, secondaryStorageGib }, index): Problem[] => {
    const taken = templates
      .filter(({ zone }) => zone === name)
      .reduce((sum, { sizeGib }) => sum + sizeGib, 0);
    if (!(taken > secondaryStorageGib)) return [];
    return [
      [
        `zones.${index}.secondaryStorageGib`,
        `must be at least ${taken}: so much do the templates of the zone take`,
      ],
    ];
  });
}

/** A choice that could not be read is neither of those that its type has. */
function isUnreadable(choice: string): boolean {
  return choice === UNREADABLE;
}
