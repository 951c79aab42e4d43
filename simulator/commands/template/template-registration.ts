import { isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import { ownerParameters } from '../../declare/ownership.js';
import { entity, flag, freeForm, integer, text, type Parameter } from '../../declare/parameter.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { AccountRow, Hypervisor, ImageFormat, TemplateRow } from '../../world/entities.js';
import {
  hypervisorTypes,
  isHypervisorType,
  simulatedHypervisor,
} from '../../world/compute/hypervisor-types.js';

// What registerTemplate and getUploadParamsForTemplate have in common (TemplateAdapterBase.prepare).

/** The parameters of both. */
export const registrationParameters = {
  name: text({ required: true }),
  format: text({ required: true }),
  hypervisor: text({ required: true }),
  ostypeid: entity('ostype'),
  displaytext: text({ maxLength: 4_096 }),
  ispublic: flag(),
  isfeatured: flag(),
  isextractable: flag(),
  details: firstDetails(),
  bits: integer(),
  requireshvm: flag(),
  passwordenabled: flag(),
  sshkeyenabled: flag(),
  isdynamicallyscalable: flag(),
  checksum: text(),
  ...ownerParameters,
} as const;

/** What those parameters hold, as far as it becomes part of the template. */
export interface Registration {
  readonly name: string;
  readonly displaytext?: string | undefined;
  readonly ostypeid?: { readonly id: string } | undefined;
  readonly ispublic?: boolean | undefined;
  readonly isfeatured?: boolean | undefined;
  readonly isextractable?: boolean | undefined;
  readonly details?: Readonly<Record<string, string>> | undefined;
  readonly bits?: number | undefined;
  readonly requireshvm?: boolean | undefined;
  readonly passwordenabled?: boolean | undefined;
  readonly sshkeyenabled?: boolean | undefined;
  readonly isdynamicallyscalable?: boolean | undefined;
}

/** The columns of a new template; only a root admin's can be featured. */
export function templateValues(
  { caller }: CommandContext,
  owner: AccountRow,
  asked: Registration,
  { hypervisor, format }: Pick<TemplateRow, 'hypervisor' | 'format'>,
): Omit<
  TemplateRow,
  | 'id'
  | 'internalId'
  | 'createdMs'
  | 'removedMs'
  | 'state'
  | 'url'
  | 'sourceTemplateId'
  | 'origin'
  | 'files'
> {
  if (asked.ostypeid === undefined) throw new Error('the command checks the OS type first');
  return {
    name: asked.name,
    displayText: isBlank(asked.displaytext) ? asked.name : asked.displaytext,
    accountId: owner.id,
    format,
    hypervisor,
    osTypeId: asked.ostypeid.id,
    isPublic: asked.ispublic ?? false,
    isFeatured: isRootAdmin(caller) && (asked.isfeatured ?? false),
    isExtractable: asked.isextractable ?? false,
    passwordEnabled: asked.passwordenabled ?? false,
    sshKeyEnabled: asked.sshkeyenabled ?? false,
    isDynamicallyScalable: asked.isdynamicallyscalable ?? false,
    requiresHvm: asked.requireshvm ?? true,
    bits: asked.bits ?? 64,
    details: asked.details ?? {},
  };
}

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

const formats: readonly ImageFormat[] = ['QCOW2', 'RAW', 'VHD', 'OVA'];
const otherFormats = ['ISO', 'VHDX', 'BAREMETAL', 'VMDK', 'VDI', 'TAR', 'DIR'];

/** Every format that CloudStack knows (com.cloud.storage.Storage.ImageFormat). */
export const imageFormats: readonly string[] = [...formats, ...otherFormats];

/** The image format by its name, in any case. @throws 431 for one that CloudStack does not know */
export function readFormat(value: string): ImageFormat {
  const known = formats.find((name) => name === value.toUpperCase());
  if (known !== undefined) return known;
  if (otherFormats.includes(value.toUpperCase())) throw notSimulated(`the format ${value}`);
  throw invalidParameter(
    `Image format: ${value} is incorrect. Supported formats are ` + imageFormats.join(', '),
  );
}

function notSimulated(what: string): Error {
  return serverApiError(432, `The simulator does not simulate templates of ${what}`);
}

/** Only the first group of template details counts: `details[0].rootDiskController=scsi`. */
/** Only the first group of template details counts. */
export function firstDetails(): Parameter<Readonly<Record<string, string>>, false> {
  const all = freeForm();
  return {
    ...all,
    parse: (raw, name, context) => {
      if (typeof raw === 'string') return all.parse(raw, name, context);
      const [first] = [...raw].sort(([a], [b]) => Number(a) - Number(b));
      return all.parse(new Map(first === undefined ? [] : [first]), name, context);
    },
  };
}

function isBlank(value: string | undefined): value is undefined {
  return value === undefined || value.trim() === '';
}
