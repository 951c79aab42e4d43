import type { DownloadRecord, ZoneRow } from '../entities.js';
import type { World } from '../world.js';
import { loseVolumeUpload } from './volume-images.js';
import {
  changeImage,
  endImage,
  imageItem,
  imageOwner,
  storedImages,
  type StoredImageRow,
} from './stored-images.js';
import { algorithmFor } from './template-checksum.js';

/** The task that asks the secondary storage VM how a download goes (DownloadListener). */
export const DOWNLOAD_LOOK_TASK = 'download.look';

/** The secondary storage VM answers the order after this time; then it is asked again and again. */
const FIRST_ANSWER_MS = 3_000;
/** DownloadListener.STATUS_POLL_INTERVAL. */
const POLL_INTERVAL_MS = 10_000;

/** Orders that are not taken are given up with the second look at what has been heard of them. */
const GIVEN_UP_AFTER_MS = 60_000;

/** What the order for a download leaves behind: the first answer to it, and what there is to ask for. */
export type DownloadOrder = Pick<StoredImageRow, 'downloadState' | 'percent' | 'errorText'> & {
  readonly download: DownloadRecord;
};

/**
 * Orders the download of an image with a checksum, or without one. The secondary storage VM does not
 * begin one whose checksum is of an algorithm that Java does not know; CloudStack takes that for no
 * end, and hears nothing more (DownloadManagerImpl.handleDownloadCommand,
 * DownloadActiveState.handleTimeout). Enter it, then `followOrder`.
 */
export function orderDownload(world: World, checksum: string | null): DownloadOrder {
  const beganMs = world.kernel.nowMs;
  const begun = { beganMs, receivedBytes: 0, expectedBytes: null };
  const order = { downloadState: 'NOT_DOWNLOADED', percent: 0 } as const;
  if (algorithmFor(checksum) !== undefined) {
    return { ...order, errorText: '', download: { ...begun, nextLookMs: null, end: null } };
  }
  const atMs = beganMs + GIVEN_UP_AFTER_MS;
  const end = { kind: 'error', atMs, errorText: SILENCE } as const;
  return {
    ...order,
    errorText: `invalid algorithm: ${checksum}`,
    download: { ...begun, nextLookMs: atMs, end },
  };
}

const SILENCE = 'Timeout waiting for response from storage host';

/** Has an order that was not taken looked at when it is given up; what was taken brings news itself. */
export function followOrder(world: World, image: StoredImageRow): void {
  const { nextLookMs } = image.download ?? {};
  if (nextLookMs === undefined || nextLookMs === null) return;
  scheduleLook(world, image, nextLookMs);
}

/** Whether the bytes of a download are still to come. */
export function isAwaited({ removedMs, download }: StoredImageRow): boolean {
  return removedMs === null && download !== null && download.end === null;
}

/** Notes what the secondary storage VM knows now, and has the management server ask for it in time. */
export function noteDownload(
  world: World,
  image: StoredImageRow,
  news: Partial<Pick<DownloadRecord, 'receivedBytes' | 'expectedBytes' | 'end'>>,
): void {
  const { download } = image;
  if (download === null) throw new Error(`image ${image.id} is not downloaded`);
  const nextLookMs = download.nextLookMs ?? nextLook(download, world.kernel.nowMs);
  changeImage(world, image, { download: { ...download, ...news, nextLookMs } });
  if (download.nextLookMs === null) scheduleLook(world, image, nextLookMs);
}

function scheduleLook(world: World, image: StoredImageRow, atMs: number): void {
  world.kernel.schedule({
    kind: DOWNLOAD_LOOK_TASK,
    args: { imageId: image.id },
    afterMs: atMs - world.kernel.nowMs,
    item: imageItem(image),
  });
}

/**
 * Ends a download with an error, as the API shows it of a template from now on; of a volume nothing
 * stays (VolumeServiceImpl.registerVolumeCallback).
 */
export function failDownload(world: World, image: StoredImageRow, errorText: string): void {
  const atMs = world.kernel.nowMs;
  endImage(world, image, 'OperationFailed', {
    downloadState: 'DOWNLOAD_ERROR',
    errorText,
    download: image.download && {
      ...image.download,
      nextLookMs: null,
      end: { kind: 'error', atMs, errorText },
    },
  });
  const owner = imageOwner(world, image);
  if (owner.kind === 'volume') loseVolumeUpload(world, owner.row);
}

/** The secondary storage VM of a zone is gone, and with it what it was about to download. */
export function breakDownloads(world: World, zone: ZoneRow): void {
  for (const image of storedImages(world)) {
    const isUnderWay = image.zoneId === zone.id && image.download !== null;
    if (!isUnderWay || DONE.has(image.downloadState)) continue;
    failDownload(world, image, 'Storage agent or storage VM disconnected');
  }
}

/** States in which nobody asks any more. */
export const DONE: ReadonlySet<StoredImageRow['downloadState']> = new Set([
  'DOWNLOADED',
  'DOWNLOAD_ERROR',
  'ABANDONED',
]);

function nextLook({ beganMs }: DownloadRecord, nowMs: number): number {
  const firstMs = beganMs + FIRST_ANSWER_MS;
  if (nowMs < firstMs) return firstMs;
  return firstMs + (Math.floor((nowMs - firstMs) / POLL_INTERVAL_MS) + 1) * POLL_INTERVAL_MS;
}
