import type { LaunchPermissionRow, TemplateRow, TemplateZoneRow } from '../entities.js';
import { removeTags } from '../tags.js';
import type { World } from '../world.js';

/** A template in one of the zones that have it. */
export interface TemplateInZone {
  readonly template: TemplateRow;
  readonly inZone: TemplateZoneRow;
}

/** A template as lists show it: once for each zone that has it, and one that is removed for none. */
export interface ListedTemplate {
  readonly template: TemplateRow;
  readonly inZone: TemplateZoneRow | null;
}

/** What most templates are: users' own, for the processors that most hosts have. */
export const ORDINARY_TEMPLATE = {
  type: 'USER',
  arch: 'x86_64',
  templateTag: null,
  sortKey: 0,
  isBootable: true,
  isCrossZones: false,
} as const satisfies Partial<TemplateRow>;

/** A template in one zone, or undefined where it is not. */
export function templateZone(
  world: World,
  templateId: string,
  zoneId: string,
): TemplateZoneRow | undefined {
  return world.templateZones.where('templateId', templateId).find((row) => row.zoneId === zoneId);
}

/** The virtual size of a template's image in one zone; 0 as long as there is none. */
export function templateSizeBytes(world: World, templateId: string, zoneId: string): number {
  return templateZone(world, templateId, zoneId)?.sizeBytes ?? 0;
}

/** Whether VMs can be made from a template in a zone, where it may not be at all. */
export function isReady(inZone: TemplateZoneRow | null | undefined): boolean {
  return inZone?.state === 'Ready';
}

/**
 * Whether a template can be taken out of a zone: not while it is fetched, nor while its image is
 * ordered or made (HypervisorTemplateAdapter.delete, ObjectInDataStoreManagerImpl).
 */
export function canBeRemoved(world: World, inZone: TemplateZoneRow): boolean {
  return (
    inZone.downloadState !== 'DOWNLOAD_IN_PROGRESS' &&
    world.templateZones.allows(inZone, 'DestroyRequested')
  );
}

/** Whether an account may make VMs from a template: its own, a public one, one shared with it. */
export function mayUseTemplate(world: World, template: TemplateRow, accountId: string): boolean {
  if (template.isPublic || template.accountId === accountId) return true;
  return permissionOf(world, template, accountId) !== undefined;
}

/** What lets an account use somebody else's private template. */
export function permissionOf(
  world: World,
  template: TemplateRow,
  accountId: string,
): LaunchPermissionRow | undefined {
  return world.launchPermissions
    .where('templateId', template.id)
    .find((permission) => permission.accountId === accountId);
}

/** The accounts that a template is shared with, in the order in which they were permitted. */
export function permissionsOf(world: World, template: TemplateRow): LaunchPermissionRow[] {
  return world.launchPermissions.where('templateId', template.id);
}

/**
 * What the API shows as a template's status (TemplateJoinDaoImpl.getTemplateStatus): how far the
 * download is, its error (empty while it begins), or else the template's own state.
 */
export function templateStatus({ template, inZone }: ListedTemplate): string {
  if (inZone === null) return template.state;
  if (inZone.downloadState === 'DOWNLOADED') return 'Download Complete';
  if (inZone.downloadState === 'DOWNLOAD_IN_PROGRESS') {
    return inZone.percent === 100 ? 'Installing Template' : `${inZone.percent}% Downloaded`;
  }
  return inZone.errorText === null ? template.state : inZone.errorText.trim();
}

/** A template could not be taken out of a zone: it is not ready there any more, and can be taken out later. */
export function failRemoval(world: World, inZone: TemplateZoneRow): void {
  world.templateZones.move(inZone, 'DestroyRequested');
  world.templateZones.move(inZone, 'OperationFailed');
}

/** Takes a template out of one zone, and once no zone has it, out of the world. */
export function removeFromZone(world: World, { template, inZone }: TemplateInZone): void {
  world.templateZones.move(inZone, 'DestroyRequested');
  world.templateZones.move(inZone, 'OperationSuccessed');
  world.templateZones.remove(inZone);
  if (world.templateZones.where('templateId', template.id).length === 0) {
    removeTemplate(world, template);
  }
}

/** Takes a template that no zone has out of the world. */
export function removeTemplate(world: World, template: TemplateRow): void {
  world.templates.move(template, 'DestroyRequested');
  world.templates.remove(template);
  for (const row of world.preparedTemplates.where('templateId', template.id)) {
    world.preparedTemplates.remove(row);
  }
  for (const permission of permissionsOf(world, template)) {
    world.launchPermissions.purge(permission);
  }
  removeTags(world, template.id);
}

/** A template as error texts name it; the fields that VMTemplateVO.toString selects vary by release. */
export function templateText(template: TemplateRow): string {
  const { format, internalId, name, id } = template;
  return `Template ${JSON.stringify({ format, id: internalId, name, uuid: id })}`;
}
