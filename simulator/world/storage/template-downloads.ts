import type { DownloadRecord, TemplateZoneRow, ZoneRow } from '../entities.js';
import { templateItem } from '../jobs.js';
import type { World } from '../world.js';

/** The task that asks the secondary storage VM how a download goes (DownloadListener). */
export const DOWNLOAD_LOOK_TASK = 'download.look';

/** The secondary storage VM answers the order after this time; then it is asked again and again. */
const FIRST_ANSWER_MS = 3_000;
/** DownloadListener.STATUS_POLL_INTERVAL. */
const POLL_INTERVAL_MS = 10_000;

/** The beginning of a download, as the order for it leaves it behind. */
export function beginningOfDownload(world: World): DownloadRecord {
  return {
    beganMs: world.kernel.nowMs,
    receivedBytes: 0,
    expectedBytes: null,
    nextLookMs: null,
    end: null,
  };
}

/** Whether the bytes of a download are still to come. */
export function isAwaited(inZone: TemplateZoneRow): boolean {
  return inZone.removedMs === null && inZone.download !== null && inZone.download.end === null;
}

/** Notes what the secondary storage VM knows now, and has the management server ask for it in time. */
export function noteDownload(
  world: World,
  inZone: TemplateZoneRow,
  news: Partial<Pick<DownloadRecord, 'receivedBytes' | 'expectedBytes' | 'end'>>,
): void {
  const { download } = inZone;
  if (download === null) throw new Error(`template ${inZone.templateId} is not downloaded`);
  const nextLookMs = download.nextLookMs ?? nextLook(download, world.kernel.nowMs);
  world.templateZones.change(inZone, { download: { ...download, ...news, nextLookMs } });
  if (download.nextLookMs !== null) return;
  world.kernel.schedule({
    kind: DOWNLOAD_LOOK_TASK,
    args: { templateZoneId: inZone.id },
    afterMs: nextLookMs - world.kernel.nowMs,
    item: templateItem(inZone.templateId),
  });
}

/** Ends a download with an error, as the API shows it from now on. */
export function failDownload(world: World, inZone: TemplateZoneRow, errorText: string): void {
  const atMs = world.kernel.nowMs;
  world.templateZones.change(inZone, {
    downloadState: 'DOWNLOAD_ERROR',
    errorText,
    download: inZone.download && {
      ...inZone.download,
      nextLookMs: null,
      end: { kind: 'error', atMs, errorText },
    },
  });
}

/** The secondary storage VM of a zone is gone, and with it what it was about to download. */
export function breakDownloads(world: World, zone: ZoneRow): void {
  for (const inZone of world.templateZones.all()) {
    const isUnderWay = inZone.zoneId === zone.id && inZone.download !== null;
    if (!isUnderWay || DONE.has(inZone.downloadState)) continue;
    failDownload(world, inZone, 'Storage agent or storage VM disconnected');
  }
}

/** States in which nobody asks any more. */
export const DONE: ReadonlySet<TemplateZoneRow['downloadState']> = new Set([
  'DOWNLOADED',
  'DOWNLOAD_ERROR',
  'ABANDONED',
]);

function nextLook({ beganMs }: DownloadRecord, nowMs: number): number {
  const firstMs = beganMs + FIRST_ANSWER_MS;
  if (nowMs < firstMs) return firstMs;
  return firstMs + (Math.floor((nowMs - firstMs) / POLL_INTERVAL_MS) + 1) * POLL_INTERVAL_MS;
}
