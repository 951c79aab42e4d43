import type { CommandContext } from '../../declare/context.js';
import { isRootAdmin } from '../../declare/caller.js';
import { ownerParameters } from '../../declare/ownership.js';
import { entity, flag, freeForm, integer, text, type Parameter } from '../../declare/parameter.js';
import {
  illegalArgument,
  invalidParameter,
  permissionDenied,
} from '../../world/cloud-exception.js';
import type { AccountRow, TemplateRow, ZoneRow } from '../../world/entities.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { zoneText } from '../../world/network/networks.js';
import { accountSetting } from '../../world/settings/configurations.js';
import { ORDINARY_TEMPLATE } from '../../world/storage/templates.js';
import type { NewRow } from '../../world/table.js';
import { readArchitecture } from '../host/architecture.js';
import { readFormat } from './template-names.js';

// What templates and ISOs have in common that are registered by a URL or uploaded
// (TemplateAdapterBase.prepare).

/** The parameters of templates. */
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
  templatetag: text(),
  isrouting: flag(),
  arch: text({ since: '4.20' }),
  ...ownerParameters,
} as const;

/** What those parameters hold, as far as it becomes part of the template. */
export interface Registration {
  readonly name: string;
  readonly format: string;
  readonly displaytext?: string | undefined;
  readonly ispublic?: boolean | undefined;
  readonly isfeatured?: boolean | undefined;
  readonly isextractable?: boolean | undefined;
  readonly details?: Readonly<Record<string, string>> | undefined;
  readonly bits?: number | undefined;
  readonly requireshvm?: boolean | undefined;
  readonly passwordenabled?: boolean | undefined;
  readonly sshkeyenabled?: boolean | undefined;
  readonly isdynamicallyscalable?: boolean | undefined;
  readonly templatetag?: string | undefined;
  readonly arch?: string | undefined;
  readonly url?: string | undefined;
}

/** Of what the command itself decides. */
export interface RegistrationFrame extends Pick<
  TemplateRow,
  'hypervisor' | 'osTypeId' | 'type' | 'isBootable'
> {
  readonly owner: AccountRow;
  readonly zones: readonly ZoneRow[] | 'every';
}

/** The columns of a new template, but for those that say how its image comes. */
export type RegisteredColumns = Omit<
  NewRow<TemplateRow>,
  'state' | 'url' | 'sourceTemplateId' | 'origin' | 'files'
>;

/**
 * Checks what is to be registered, and says what becomes of it; only a root admin's can be featured.
 *
 * @throws 431 for what the owner may not have, a format or a zone that there is not, a name that is
 *   reserved; 531 for a disabled zone; 535 for an owner who has too many
 */
export function prepareRegistration(
  context: CommandContext,
  asked: Registration,
  { owner, zones, hypervisor, osTypeId, type, isBootable }: RegistrationFrame,
): RegisteredColumns {
  const arch = readArchitecture(asked.arch) ?? ORDINARY_TEMPLATE.arch;
  assertMayRegister(context, owner, zones, asked);
  const format = readFormat(asked.format);
  assertWithinLimits(context.world, owner, { template: 1 });
  assertZones(context, zones);
  const displayText = isBlank(asked.displaytext) ? asked.name : asked.displaytext;
  assertNotReserved(context, asked.name, displayText, arch);
  return {
    ...ORDINARY_TEMPLATE,
    name: asked.name,
    displayText,
    accountId: owner.id,
    format,
    hypervisor,
    type,
    arch,
    templateTag: asked.templatetag ?? null,
    isBootable,
    isCrossZones: zones === 'every',
    osTypeId,
    isPublic: asked.ispublic ?? false,
    isFeatured: owner.type === 'Admin' && (asked.isfeatured ?? false),
    isExtractable: asked.isextractable ?? false,
    passwordEnabled: asked.passwordenabled ?? false,
    sshKeyEnabled: asked.sshkeyenabled ?? false,
    isDynamicallyScalable: asked.isdynamicallyscalable ?? false,
    requiresHvm: asked.requireshvm ?? true,
    bits: asked.bits ?? 64,
    details: { ...asked.details, ...toolsDetail(context, hypervisor, asked.details) },
  };
}

/** What only root admins may have. */
function assertMayRegister(
  { world }: CommandContext,
  owner: AccountRow,
  zones: readonly ZoneRow[] | 'every',
  { url = '', ispublic }: Registration,
): void {
  if (owner.type !== 'Admin' && zones === 'every') {
    throw invalidParameter(
      "Template registered for 'All zones' can only be owned a Root Admin account. Please select specific zone(s).",
    );
  }
  if (url.toLowerCase().includes('file://')) {
    throw invalidParameter('File:// type urls are currently unsupported');
  }
  const mayBePublic =
    owner.type === 'Admin' || accountSetting(world, owner, 'allow.public.user.templates');
  if (ispublic === true && !mayBePublic) {
    throw invalidParameter('Only private templates/ISO can be created.');
  }
}

function assertZones({ caller }: CommandContext, zones: readonly ZoneRow[] | 'every'): void {
  for (const zone of zones === 'every' ? [] : zones) {
    if (zone.removedMs !== null) throw illegalArgument('Please specify a valid zone.');
    if (zone.allocationState === 'Disabled' && !isRootAdmin(caller)) {
      throw permissionDenied(
        `Cannot perform this operation, Zone ${zoneText(zone)} is currently disabled`,
      );
    }
  }
}

/** What the templates of the cloud's own VMs are called, nothing else may be. */
function assertNotReserved(
  { world }: CommandContext,
  name: string,
  displayText: string,
  arch: TemplateRow['arch'],
): void {
  const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  const isReserved = world.templates
    .all()
    .filter((template) => template.type === 'SYSTEM' && template.arch === arch)
    .some((system) => isSame(system.name, name) || isSame(system.displayText, displayText));
  if (isReserved) throw illegalArgument('Cannot use reserved names for templates');
}

/** XenServer's guests are said to have tools of some version. */
function toolsDetail(
  { world }: CommandContext,
  hypervisor: TemplateRow['hypervisor'],
  details: Registration['details'] = {},
): Readonly<Record<string, string>> {
  const given = details[TOOLS_DETAIL] ?? 'none';
  if (hypervisor !== 'XenServer' || given.toLowerCase() !== 'none') return {};
  return { [TOOLS_DETAIL]: world.settings.get('xenserver.pvdriver.version') };
}

const TOOLS_DETAIL = 'hypervisortoolsversion';

/** Only the first group of template details counts: `details[0].rootDiskController=scsi`. */
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
