import { cloudRuntime } from '../cloud-exception.js';
import type { ImageExtractRow, ImageFormat } from '../entities.js';
import type { JsonObject } from '../../kernel/json.js';
import type { World } from '../world.js';
import {
  NO_ENDPOINT,
  imageOwner,
  isOfVolume,
  storedImage,
  type StoredImageRow,
} from './stored-images.js';
import { removeVolumeImage } from './volume-images.js';

/** The task that takes URLs away which have lived long enough (StorageManagerImpl.cleanupDownloadUrls). */
const CLEANUP_TASK = 'extract.cleanup';

/** The tasks of this file, by kind. */
export const extractTasks: Readonly<Record<string, (world: World, args: JsonObject) => void>> = {
  [CLEANUP_TASK]: (world, { extractId }) => {
    if (typeof extractId !== 'string') throw new Error('a cleanup task names no URL');
    const extract = world.imageExtracts.get(extractId);
    if (extract?.removedMs === null) removeExtract(world, extract);
  },
};

/**
 * Has the secondary storage VM serve an image by a URL of its own, for `extract.url.expiration.interval`
 * and until the next look after that (CloudStackImageStoreDriverImpl.createEntityExtractUrl).
 *
 * @param madeOf what the image is of as it is now: `extractOf` finds the URL again by it
 * @throws 530 without a secondary storage VM
 */
export function createExtract(
  world: World,
  image: StoredImageRow,
  { format, madeOf }: { readonly format: ImageFormat; readonly madeOf: string },
): ImageExtractRow {
  if (!world.zones.require(image.zoneId).secondaryStorageVmUp) {
    throw cloudRuntime(
      `Unable to create a link for entity at ${installPath(world, image, format)} on ssvm, ` +
        NO_ENDPOINT,
    );
  }
  const extract = world.imageExtracts.insert({
    imageId: image.id,
    fileName: fileNameOf(imageOwner(world, image).row.name, format),
    madeOf,
  });
  const { nowMs } = world.kernel;
  world.kernel.schedule({
    kind: CLEANUP_TASK,
    args: { extractId: extract.id },
    afterMs: cleanupMs(world, nowMs) - nowMs,
  });
  return extract;
}

/** The URL that an image has already, if what it is of is as it was then. */
export function extractOf(
  world: World,
  image: StoredImageRow,
  madeOf: string,
): ImageExtractRow | undefined {
  return world.imageExtracts.where('imageId', image.id).find((row) => row.madeOf === madeOf);
}

/** `base` is where clients reach the secondary storage VM. */
export function extractUrl(base: string, { id, fileName }: ImageExtractRow): string {
  return `${base.replace(/\/+$/, '')}/userdata/${id}/${fileName}`;
}

/** The image that is served under a URL; undefined once that has expired, or was never given. */
export function extractedImage(
  world: World,
  extractId: string,
  fileName: string,
): StoredImageRow | undefined {
  const extract = world.imageExtracts.get(extractId);
  if (extract?.removedMs !== null || extract.fileName !== fileName) return undefined;
  const image = storedImage(world, extract.imageId);
  return image?.removedMs === null ? image : undefined;
}

/** An image of a volume was made for its URL alone, and goes with the last one. */
function removeExtract(world: World, extract: ImageExtractRow): void {
  world.imageExtracts.remove(extract);
  const image = storedImage(world, extract.imageId);
  if (image?.removedMs !== null || !isOfVolume(image)) return;
  if (world.imageExtracts.count('imageId', image.id) === 0)
    removeVolumeImage(world, image.volumeId);
}

/** The first look after the URL has lived long enough. */
function cleanupMs(world: World, nowMs: number): number {
  const livedMs = nowMs + world.settings.get('extract.url.expiration.interval') * 1_000;
  const intervalMs = Math.max(1, world.settings.get('extract.url.cleanup.interval')) * 1_000;
  return Math.ceil(livedMs / intervalMs) * intervalMs;
}

/** The name of what is extracted, as far as it can stand in a path. */
function fileNameOf(name: string, format: ImageFormat): string {
  const clean = name.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '');
  return `${clean}.${format.toLowerCase()}`;
}

function installPath(world: World, image: StoredImageRow, format: ImageFormat): string {
  const { kind, row } = imageOwner(world, image);
  const folder = kind === 'volume' ? 'volumes' : 'template/tmpl';
  const account = world.accounts.require(row.accountId).internalId;
  return `${folder}/${account}/${row.internalId}/${image.id}.${format.toLowerCase()}`;
}
