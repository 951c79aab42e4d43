import { extractedImage } from '../world/storage/image-extracts.js';
import { servedImage, type ServedImage } from '../world/storage/served-image.js';
import type { World } from '../world/world.js';

/** What is served under a URL that was given for an image, as long as somebody is there to serve it. */
export function serve(
  world: World,
  extractId: string,
  fileName: string,
): ServedImage | 'unreachable' | undefined {
  const image = extractedImage(world, extractId, fileName);
  if (image === undefined) return undefined;
  if (!world.zones.require(image.zoneId).secondaryStorageVmUp) return 'unreachable';
  const format = fileName.slice(fileName.lastIndexOf('.') + 1).toUpperCase();
  return servedImage(format, image.sizeBytes);
}
