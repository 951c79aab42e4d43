import type { JsonObject } from '../kernel/json.js';
import type { DownloadRecord } from '../world/entities.js';
import {
  DONE,
  DOWNLOAD_LOOK_TASK,
  failDownload,
  noteDownload,
} from '../world/storage/image-downloads.js';
import {
  changeImage,
  endImage,
  imageOwner,
  largestSetting,
  storedImage,
  type StoredImageRow,
} from '../world/storage/stored-images.js';
import { finishVolumeUpload } from '../world/storage/volume-images.js';
import type { World } from '../world/world.js';

/** The tasks of this file, by kind. */
export const downloadTasks: Readonly<Record<string, (world: World, args: JsonObject) => void>> = {
  [DOWNLOAD_LOOK_TASK]: (world, { imageId }) => {
    const image = typeof imageId === 'string' ? storedImage(world, imageId) : undefined;
    if (image === undefined) throw new Error('a download task names no image');
    lookAtDownload(world, image);
  },
};

/** Asks the secondary storage VM for one download (DownloadListener, DownloadActiveState). */
function lookAtDownload(world: World, image: StoredImageRow): void {
  const { download } = image;
  if (image.removedMs !== null || download === null || DONE.has(image.downloadState)) return;
  const { nowMs } = world.kernel;
  const seen = { ...download, nextLookMs: null };
  const { end } = download;
  if (end === null || nowMs < end.atMs) {
    const percent = percentAt(download, largestBytes(world, image), nowMs);
    changeImage(world, image, {
      downloadState: 'DOWNLOAD_IN_PROGRESS',
      percent,
      errorText: '',
      download: seen,
    });
    // Until its end is known, only news from outside can change the answer.
    if (end !== null) noteDownload(world, image, {});
    return;
  }
  if (end.kind === 'error') {
    failDownload(world, image, end.errorText);
    return;
  }
  endImage(world, image, 'OperationSuccessed', {
    downloadState: 'DOWNLOADED',
    percent: 100,
    errorText: '',
    sizeBytes: end.virtualSizeBytes,
    physicalSizeBytes: end.physicalSizeBytes,
    checksum: end.checksum,
    download: seen,
  });
  const owner = imageOwner(world, image);
  if (owner.kind === 'volume') finishVolumeUpload(world, owner.row, end.virtualSizeBytes);
}

function largestBytes({ settings }: World, image: StoredImageRow): number {
  return settings.get(largestSetting(image)) * 1_024 ** 3;
}

/**
 * By the bytes, or, once all are known to have come, by the time that they are said to need. Chunks of
 * an unknown number are a part of the largest image that there may be, also when all have come
 * (HttpTemplateDownloader.checkAndSetDownloadSize).
 */
function percentAt(
  { beganMs, receivedBytes, expectedBytes, end }: DownloadRecord,
  mostBytes: number,
  nowMs: number,
): number {
  const isUnknown = expectedBytes === null && receivedBytes > 0;
  if (isUnknown) return Math.floor((100 * receivedBytes) / mostBytes);
  if (end?.kind === 'installed') {
    const tookMs = end.receivedMs - beganMs;
    return tookMs <= 0 ? 100 : Math.min(100, Math.floor((100 * (nowMs - beganMs)) / tookMs));
  }
  return expectedBytes === null || expectedBytes === 0
    ? 0
    : Math.min(100, Math.floor((100 * receivedBytes) / expectedBytes));
}
