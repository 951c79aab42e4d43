import type { ZoneRow } from '../entities.js';
import type { World } from '../world.js';
import { followOrder, orderDownload } from './image-downloads.js';
import { isAwaitedUpload } from './image-uploads.js';
import {
  changeImage,
  endImage,
  imageOwner,
  imageStoreOf,
  imageUrl,
  isOfVolume,
  storedImages,
  type ImageOwner,
  type StoredImageRow,
} from './stored-images.js';
import { templateText } from './templates.js';

/**
 * A secondary storage VM has come to a zone and tells what is in its image store: what is not there is
 * fetched again, whatever it failed for; what was to be posted to the one before it has failed
 * (TemplateServiceImpl.handleTemplateSync, VolumeServiceImpl.handleVolumeSync).
 */
export function syncImageStore(world: World, zone: ZoneRow): void {
  for (const image of storedImages(world).filter(({ zoneId }) => zoneId === zone.id)) {
    const owner = imageOwner(world, image);
    if (isAwaitedUpload(owner)) failUnlessInstalled(world, zone, image, owner);
    else if (isMissing(world, image, owner)) fetchAgain(world, image);
  }
}

/** What was installed before the monitor looked, it finds yet. */
function failUnlessInstalled(
  world: World,
  zone: ZoneRow,
  image: StoredImageRow,
  owner: ImageOwner,
): void {
  if (image.upload?.status === 'COMPLETED') return;
  const errorText =
    owner.kind === 'template'
      ? `Template ${templateText(owner.row)} is corrupted on secondary storage ${imageStoreOf(zone)}`
      : `Volume ${owner.row.name} is corrupted on image store`;
  endImage(world, image, 'OperationFailed', { downloadState: 'DOWNLOAD_ERROR', errorText });
  if (owner.kind === 'volume') world.volumes.move(owner.row, 'OperationFailed');
  else world.templates.move(owner.row, 'OperationFailed');
}

/** Whether an image has a URL and was not fetched from there, for a hypervisor that the zone has. */
function isMissing(world: World, image: StoredImageRow, owner: ImageOwner): boolean {
  if (image.downloadState === 'DOWNLOADED' || imageUrl(world, image) === null) return false;
  if (isOfVolume(image) || owner.kind === 'volume') return owner.row.state === 'UploadOp';
  const { hypervisor } = owner.row;
  const isRun = world.clusters
    .all()
    .some((cluster) => cluster.zoneId === image.zoneId && cluster.hypervisor === hypervisor);
  return image.state === 'Allocated' && (hypervisor === 'None' || isRun);
}

function fetchAgain(world: World, image: StoredImageRow): void {
  const order = orderDownload(world, image.checksum);
  if (isOfVolume(image)) changeImage(world, image, order);
  else world.templateZones.move(image, 'CreateOnlyRequested', order);
  followOrder(world, image);
}
