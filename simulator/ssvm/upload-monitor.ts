import type { JsonObject } from '../kernel/json.js';
import {
  UPLOAD_LOOK_TASK,
  isAwaitedUpload,
  uploadTimeoutMs,
} from '../world/storage/image-uploads.js';
import {
  changeImage,
  endImage,
  imageOwner,
  storedImage,
  type ImageOwner,
  type StoredImageRow,
} from '../world/storage/stored-images.js';
import type { World } from '../world/world.js';

/** The tasks of this file, by kind. */
export const uploadTasks: Readonly<Record<string, (world: World, args: JsonObject) => void>> = {
  [UPLOAD_LOOK_TASK]: (world, { imageId }) => {
    const image = typeof imageId === 'string' ? storedImage(world, imageId) : undefined;
    if (image === undefined) throw new Error('an upload task names no image');
    lookAtUpload(world, image);
  },
};

/**
 * Asks the secondary storage VM, which must be there, for one upload and takes the template, or the volume, on to the
 * state that follows (ImageStoreUploadMonitorImpl.handleTemplateStatusResponse,
 * handleVolumeStatusResponse).
 */
function lookAtUpload(world: World, image: StoredImageRow): void {
  const owner = imageOwner(world, image);
  if (image.removedMs !== null || !isAwaitedUpload(owner)) return;
  if (!world.zones.require(image.zoneId).secondaryStorageVmUp) {
    fail(world, owner, image);
    return;
  }
  const { upload } = image;
  const isLate = world.kernel.nowMs - image.createdMs > uploadTimeoutMs(world);
  switch (upload?.status) {
    case undefined:
      if (isLate) {
        endImage(world, image, 'OperationFailed', { downloadState: 'ABANDONED' });
        moveOwner(world, owner, 'OperationTimeout');
      }
      return;
    case 'IN_PROGRESS':
      if (owner.row.state === 'NotUploaded') {
        changeImage(world, image, {
          downloadState: 'DOWNLOAD_IN_PROGRESS',
          percent: percentOf(upload),
        });
        moveOwner(world, owner, 'UploadRequested');
      } else if (isLate) {
        fail(world, owner, image);
      } else {
        changeImage(world, image, { percent: percentOf(upload) });
      }
      return;
    case 'ERROR':
      fail(world, owner, image);
      return;
    case 'COMPLETED': {
      const { virtualSizeBytes: sizeBytes, physicalSizeBytes } = upload;
      endImage(world, image, 'OperationSuccessed', {
        downloadState: 'DOWNLOADED',
        percent: 100,
        sizeBytes,
        physicalSizeBytes,
      });
      if (owner.kind === 'volume') world.volumes.change(owner.row, { sizeBytes });
      moveOwner(world, owner, 'OperationSucceeded');
    }
  }
}

/** Of the whole request, as much of it as has come (NfsSecondaryStorageResource, UploadStatusCommand). */
function percentOf({
  receivedBytes,
  expectedBytes,
}: {
  readonly receivedBytes: number;
  readonly expectedBytes: number;
}): number {
  return Math.min(100, Math.floor((100 * receivedBytes) / expectedBytes));
}

/** The error's text goes into the alerts of the cloud, and to nobody who asks for the template. */
function fail(world: World, owner: ImageOwner, image: StoredImageRow): void {
  endImage(world, image, 'OperationFailed', { downloadState: 'DOWNLOAD_ERROR' });
  moveOwner(world, owner, 'OperationFailed');
}

/** Templates and volumes have the same changes of state while they are uploaded. */
function moveOwner(
  world: World,
  owner: ImageOwner,
  event: 'UploadRequested' | 'OperationSucceeded' | 'OperationFailed' | 'OperationTimeout',
): void {
  if (owner.kind === 'volume') world.volumes.move(owner.row, event);
  else world.templates.move(owner.row, event);
}
