import type { JsonObject } from '../kernel/json.js';
import type { DownloadRecord, TemplateZoneRow } from '../world/entities.js';
import {
  DONE,
  DOWNLOAD_LOOK_TASK,
  failDownload,
  noteDownload,
} from '../world/storage/template-downloads.js';
import type { World } from '../world/world.js';

/** The tasks of this file, by kind. */
export const downloadTasks: Readonly<Record<string, (world: World, args: JsonObject) => void>> = {
  [DOWNLOAD_LOOK_TASK]: (world, { templateZoneId }) => {
    if (typeof templateZoneId !== 'string') throw new Error('a download task names no template');
    lookAtDownload(world, world.templateZones.require(templateZoneId));
  },
};

/** Asks the secondary storage VM for one download (DownloadListener, DownloadActiveState). */
function lookAtDownload(world: World, inZone: TemplateZoneRow): void {
  const { download } = inZone;
  if (inZone.removedMs !== null || download === null || DONE.has(inZone.downloadState)) return;
  const { nowMs } = world.kernel;
  const seen = { ...download, nextLookMs: null };
  const { end } = download;
  if (end === null || nowMs < end.atMs) {
    const percent = percentAt(download, nowMs);
    world.templateZones.change(inZone, {
      downloadState: 'DOWNLOAD_IN_PROGRESS',
      percent,
      errorText: '',
      download: seen,
    });
    // Until its end is known, only news from outside can change the answer.
    if (end !== null) noteDownload(world, inZone, {});
    return;
  }
  if (end.kind === 'error') {
    failDownload(world, inZone, end.errorText);
    return;
  }
  world.templateZones.change(inZone, {
    ready: true,
    downloadState: 'DOWNLOADED',
    percent: 100,
    errorText: '',
    sizeBytes: end.virtualSizeBytes,
    physicalSizeBytes: end.physicalSizeBytes,
    checksum: end.checksum,
    download: seen,
  });
}

/** By the bytes, or, once all are known to have come, by the time that they are said to need. */
function percentAt(
  { beganMs, receivedBytes, expectedBytes, end }: DownloadRecord,
  nowMs: number,
): number {
  if (end?.kind === 'installed') {
    const tookMs = end.receivedMs - beganMs;
    return tookMs <= 0 ? 100 : Math.min(100, Math.floor((100 * (nowMs - beganMs)) / tookMs));
  }
  return expectedBytes === null || expectedBytes === 0
    ? 0
    : Math.min(100, Math.floor((100 * receivedBytes) / expectedBytes));
}
