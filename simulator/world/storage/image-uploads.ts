import { createHmac } from 'node:crypto';
import type { ZoneRow } from '../entities.js';
import type { World } from '../world.js';
import {
  changeImage,
  imageItem,
  imageOwner,
  storedImages,
  type ImageOwner,
  type StoredImageRow,
} from './stored-images.js';

/** The task that looks what became of an upload (ImageStoreUploadMonitorImpl). */
export const UPLOAD_LOOK_TASK = 'upload.look';

/** The address to which the image of a template or volume is posted. */
export function uploadUrl(base: string, ownerId: string): string {
  return `${base.replace(/\/+$/, '')}/upload/${ownerId}`;
}

/** Base64 of the HMAC-SHA1 over what the uploader must send back unchanged. */
export function uploadSignature(
  zone: ZoneRow,
  signed: { readonly metadata: string; readonly url: string; readonly expires: string },
): string {
  return createHmac('sha1', zone.uploadKey)
    .update(`${signed.metadata}${signed.url}${signed.expires}`, 'utf8')
    .digest('base64');
}

/**
 * Has the upload monitor notice a change at its next look. CloudStack looks at all uploads every
 * `upload.monitoring.interval`; here only the looks that will find something are scheduled, at the
 * very times at which CloudStack would look.
 */
export function expectLook(world: World, image: StoredImageRow): void {
  world.kernel.schedule({
    kind: UPLOAD_LOOK_TASK,
    args: { imageId: image.id },
    afterMs: nextLookMs(world, world.kernel.nowMs) - world.kernel.nowMs,
    item: imageItem(image),
  });
}

/** Has the upload monitor give up on an upload that is not finished in time. */
export function expectTimeout(world: World, image: StoredImageRow): void {
  const { nowMs } = world.kernel;
  world.kernel.schedule({
    kind: UPLOAD_LOOK_TASK,
    args: { imageId: image.id },
    afterMs: nextLookMs(world, nowMs + uploadTimeoutMs(world)) - nowMs,
  });
}

/** Whether nobody has told the end of an upload yet. */
export function isAwaitedUpload({ row }: ImageOwner): boolean {
  return row.state === 'NotUploaded' || row.state === 'UploadInProgress';
}

/**
 * The secondary storage VM of a zone is gone, and what it knew of uploads, but for what it had
 * installed already; the upload monitor finds it gone at its next look.
 */
export function loseUploads(world: World, zone: ZoneRow): void {
  for (const image of storedImages(world)) {
    if (image.zoneId !== zone.id || !isAwaitedUpload(imageOwner(world, image))) continue;
    if (image.upload !== null && image.upload.status !== 'COMPLETED') {
      changeImage(world, image, { upload: null });
    }
    expectLook(world, image);
  }
}

/** How long an upload may take from its beginning in getUploadParamsFor…. */
export function uploadTimeoutMs(world: World): number {
  return world.settings.get('upload.operation.timeout') * 60_000;
}

function nextLookMs(world: World, afterMs: number): number {
  const intervalMs = Math.max(1, world.settings.get('upload.monitoring.interval')) * 1_000;
  return (Math.floor(afterMs / intervalMs) + 1) * intervalMs;
}
