import { isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import {
  illegalArgument,
  invalidParameter,
  permissionDenied,
  serverApiError,
} from '../../world/cloud-exception.js';
import {
  hypervisorTypes,
  isHypervisorType,
  simulatedHypervisor,
} from '../../world/compute/hypervisor-types.js';
import type { Hypervisor, ImageFormat, TemplateType } from '../../world/entities.js';

// What parameters of templates name: hypervisors, formats, what a template is for.

/** The hypervisor by its name, in any case. @throws 431 for one that CloudStack does not know */
export function readHypervisor(value: string): Hypervisor {
  const hypervisor = simulatedHypervisor(value);
  if (hypervisor !== undefined) return hypervisor;
  if (isHypervisorType(value)) throw notSimulated(`the hypervisor ${value}`);
  throw invalidParameter(
    `Hypervisor Type: ${value} is invalid. Supported Hypervisor types are: ` +
      hypervisorTypes.join(', '),
  );
}

/**
 * Throws for a template whose VMs are to be as its file describes them, which only VMware's are; for
 * the others CloudStack does not look at the parameter.
 */
export function assertNotAsIs(hypervisor: Hypervisor | 'None', isAsked: boolean | undefined): void {
  if (hypervisor !== 'VMware' || isAsked !== true) return;
  throw notSimulated('VMware that are deployed as they are (deployasis)');
}

/** Every format that CloudStack knows (com.cloud.storage.Storage.ImageFormat). */
export const imageFormats: readonly string[] = [
  'QCOW2',
  'RAW',
  'VHD',
  'ISO',
  'OVA',
  'VHDX',
  'BAREMETAL',
  'VMDK',
  'VDI',
  'TAR',
  'ZIP',
  'DIR',
];

const simulatedFormats: readonly ImageFormat[] = ['QCOW2', 'RAW', 'VHD', 'ISO', 'OVA'];

/** The image format by its name, in any case. @throws 431 for one that CloudStack does not know */
export function readFormat(value: string): ImageFormat {
  const known = imageFormats.find((name) => name === value.toUpperCase());
  if (known === undefined) {
    throw illegalArgument(
      `Image format: ${value} is incorrect. Supported formats are ${imageFormats.join(', ')}`,
    );
  }
  const format = simulatedFormats.find((name) => name === known);
  if (format === undefined) throw notSimulated(`the format ${value}`);
  return format;
}

function notSimulated(what: string): Error {
  return serverApiError(432, `The simulator does not simulate templates of ${what}`);
}

/** In the order in which an error names them. */
const templateTypes: readonly TemplateType[] = [
  'ROUTING',
  'SYSTEM',
  'BUILTIN',
  'PERHOST',
  'USER',
  'VNF',
  'DATADISK',
  'ISODISK',
];

export interface AskedType {
  readonly templatetype?: string | undefined;
  readonly isrouting?: boolean | undefined;
}

/**
 * What a template is to be for; undefined where nobody says (TemplateManagerImpl.validateTemplateType).
 *
 * @throws 431 for a type that there is not, or that is not for this template
 */
export function readTemplateType(
  { templatetype, isrouting }: AskedType,
  isCrossZones: boolean,
): TemplateType | undefined {
  if (templatetype === undefined) return undefined;
  const type = templateTypes.find((known) => known === templatetype.toUpperCase());
  if (type === undefined) {
    throw invalidParameter(`Please specify a valid templatetype: ${templateTypes.join(',')}`);
  }
  if (isrouting !== undefined && (type === 'ROUTING') !== isrouting) {
    throw invalidParameter(
      'Please specify a valid templatetype (consistent with isrouting parameter).',
    );
  }
  if ((type === 'SYSTEM' || type === 'BUILTIN') && !isCrossZones) {
    throw invalidParameter('System and Builtin templates must be cross zone.');
  }
  return type;
}

/** Whether ordinary users may have templates of a type. */
export function isUsersType(type: TemplateType): boolean {
  return type === 'USER' || type === 'VNF';
}

/** Throws 531 for a parameter that is a root admin's, if anybody else gives it. */
export function assertRootOnly(
  { caller }: CommandContext,
  name: 'templatetag' | 'isrouting',
  value: unknown,
): void {
  if (value === undefined || isRootAdmin(caller)) return;
  throw permissionDenied(
    `Parameter ${name} can only be specified by a Root Admin, permission denied`,
  );
}
