import type { TemplateRow, TemplateZoneRow } from './entities.js';
import type { World } from './world.js';

/** A template in one zone, or undefined where it is not. */
export function templateZone(
  world: World,
  templateId: string,
  zoneId: string,
): TemplateZoneRow | undefined {
  return world.templateZones.where('templateId', templateId).find((row) => row.zoneId === zoneId);
}

/** Whether an account may make VMs from a template: its own, or a public one. */
export function mayUseTemplate(template: TemplateRow, accountId: string): boolean {
  return template.isPublic || template.accountId === accountId;
}
