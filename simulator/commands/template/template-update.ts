import type { CommandContext } from '../../declare/context.js';
import { entity, flag, integer, text } from '../../declare/parameter.js';
import type { Arguments } from '../../declare/command.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { TemplateRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { readArchitecture } from '../host/architecture.js';
import { assertMayChangeTemplate } from './template-access.js';
import { assertRootOnly } from './template-names.js';
import { firstDetails } from './template-registration.js';

// What updateTemplate and updateIso have in common (TemplateManagerImpl.updateTemplateOrIso).

export const updateParameters = {
  id: entity('template', { required: true }),
  name: text(),
  displaytext: text({ maxLength: 4_096 }),
  ostypeid: entity('ostype'),
  bootable: flag(),
  passwordenabled: flag(),
  sshkeyenabled: flag(),
  isdynamicallyscalable: flag(),
  isrouting: flag(),
  sortkey: integer(),
  arch: text({ since: '4.20' }),
  details: firstDetails(),
  cleanupdetails: flag(),
} as const;

export type UpdateArguments = Arguments<typeof updateParameters>;

/** Throws unless the template is there, and the caller's to change. */
export function assertMayUpdate(
  context: CommandContext,
  { id: template, isrouting }: UpdateArguments,
): void {
  if (template.removedMs !== null) {
    throw invalidParameter('unable to find template/iso with specified id', [
      { uuid: String(template.internalId), description: 'templateId' },
    ]);
  }
  assertMayChangeTemplate(context, template);
  assertRootOnly(context, 'isrouting', isrouting);
}

/** Takes over what was asked for, and what the command adds to it. */
export function updateRow(
  { world }: CommandContext,
  { id: template, ...asked }: UpdateArguments,
  more: Partial<Pick<TemplateRow, 'type' | 'templateTag' | 'format' | 'requiresHvm'>>,
): TemplateRow {
  world.templates.change(template, {
    name: asked.name ?? template.name,
    displayText: asked.displaytext ?? template.displayText,
    osTypeId: asked.ostypeid?.id ?? template.osTypeId,
    isBootable: asked.bootable ?? template.isBootable,
    passwordEnabled: asked.passwordenabled ?? template.passwordEnabled,
    sshKeyEnabled: asked.sshkeyenabled ?? template.sshKeyEnabled,
    isDynamicallyScalable: asked.isdynamicallyscalable ?? template.isDynamicallyScalable,
    sortKey: asked.sortkey ?? template.sortKey,
    arch: readArchitecture(asked.arch) ?? template.arch,
    details: asked.cleanupdetails === true ? {} : checked(asked.details ?? template.details),
    ...more,
  });
  if (asked.ostypeid !== undefined) changeGuests(world, template);
  return template;
}

const BOOT_MODES: readonly string[] = ['LEGACY', 'SECURE'];

/** The mode of a template that boots by UEFI is one of a few, in any case. */
function checked(details: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const mode = details['UEFI'];
  if (mode === undefined) return { ...details };
  const upper = mode.trim().toUpperCase();
  if (BOOT_MODES.includes(upper)) return { ...details, UEFI: upper };
  throw invalidParameter(
    `Invalid bootmode: ${mode} specified. Valid values are: [${BOOT_MODES.join(', ')}]`,
  );
}

/** VMs follow the OS type of their template. */
function changeGuests(world: World, { id, osTypeId }: TemplateRow): void {
  for (const vm of world.vms.where('templateId', id)) {
    if (vm.state !== 'Expunging') world.vms.change(vm, { osTypeId });
  }
}
