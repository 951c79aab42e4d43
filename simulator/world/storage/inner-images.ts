import type { StoredImage, TemplateZoneRow } from '../entities.js';
import type { World } from '../world.js';
import { NO_IMAGE } from './stored-images.js';

// Images of templates that come from inside the cloud: of a disk or a snapshot, or from another zone.
// The job that makes them waits for them; what is fetched from outside comes by itself.

/**
 * Begins to put the image of a template into a zone: from now on the template is listed there, and
 * cannot be deleted (TemplateServiceImpl.copyAsync, copyTemplate).
 */
export function beginImage(
  world: World,
  templateId: string,
  zoneId: string,
  downloadState: 'DOWNLOAD_IN_PROGRESS' | null,
): void {
  const inZone = world.templateZones.insert({
    ...NO_IMAGE,
    templateId,
    zoneId,
    state: 'Allocated',
    downloadState,
    checksum: null,
  });
  world.templateZones.move(inZone, 'CreateOnlyRequested');
}

/** All of an image is there. */
export function finishImage(
  world: World,
  inZone: TemplateZoneRow,
  image: Pick<StoredImage, 'sizeBytes' | 'physicalSizeBytes' | 'checksum'>,
): void {
  world.templateZones.move(inZone, 'OperationSuccessed', {
    downloadState: 'DOWNLOADED',
    percent: 100,
    ...image,
  });
}

/** Nothing comes of what is being put into zones, some or all: the template can be deleted there, or copied again. */
export function dropUnfinishedImages(
  world: World,
  templateId: string,
  zoneIds?: readonly string[],
): void {
  for (const inZone of world.templateZones.where('templateId', templateId)) {
    if (!isBeingMade(inZone) || zoneIds?.includes(inZone.zoneId) === false) continue;
    const downloadState = inZone.downloadState === null ? null : 'DOWNLOAD_ERROR';
    world.templateZones.move(inZone, 'OperationFailed', { downloadState });
  }
}

/** Whether a job is making the image, and nobody fetches it from outside. */
export function isBeingMade({ state, download }: TemplateZoneRow): boolean {
  return state === 'Creating' && download === null;
}
