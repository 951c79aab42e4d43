import { cloudRuntime, invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { TemplateRow, TemplateZoneRow, ZoneRow } from '../../world/entities.js';
import {
  canBeRemoved,
  failRemoval,
  removeFromZone,
  removeTemplate,
} from '../../world/storage/templates.js';
import type { World } from '../../world/world.js';

// What deleteTemplate and deleteIso have in common (HypervisorTemplateAdapter.delete).

/** Throws for an image that somebody may still upload. */
export function assertNotAwaited({ state }: TemplateRow, kind: 'template' | 'iso'): void {
  if (state !== 'NotUploaded' && state !== 'UploadInProgress') return;
  throw invalidParameter(
    `The ${kind} is either getting uploaded or it may be initiated shortly, please wait for it to be completed`,
  );
}

/**
 * Takes a template, or an ISO, out of one zone or all of them; the last zone takes it along.
 *
 * @throws 530 while it is downloaded, or on its way otherwise; where it is already gone from, it stays so
 */
export function removeImages(world: World, template: TemplateRow, zone: ZoneRow | undefined): void {
  const all = world.templateZones.where('templateId', template.id);
  const images = all.filter(({ zoneId }) => zone === undefined || zoneId === zone.id);
  if (images.some(({ downloadState }) => downloadState === 'DOWNLOAD_IN_PROGRESS')) {
    throw cloudRuntime('Please specify a template that is not currently being downloaded.');
  }
  for (const inZone of images) {
    // What is ordered has no way to be destroyed: Java's NoTransitionException, by the words around it.
    if (!canBeRemoved(world, inZone)) throw cloudRuntime('Failed to update state');
    if (isOutOfReach(world, inZone)) {
      failRemoval(world, inZone);
      throw serverApiError(
        530,
        `Failed to delete ${template.format === 'ISO' ? 'ISO' : 'template'}`,
      );
    }
    removeFromZone(world, { template, inZone });
  }
  if (all.length === 0) removeTemplate(world, template);
}

/** What was fetched, or in part, only the secondary storage VM takes away (TemplateObject.canBeDeletedFromDataStore). */
function isOutOfReach(world: World, { zoneId, downloadState, percent }: TemplateZoneRow): boolean {
  if (world.zones.require(zoneId).secondaryStorageVmUp) return false;
  if (downloadState === null || downloadState === 'NOT_DOWNLOADED') return false;
  return downloadState !== 'DOWNLOAD_ERROR' || percent > 0;
}
