import type {
  ImageFormat,
  StoredImage,
  TemplateRow,
  TemplateZoneRow,
  VolumeImageRow,
  VolumeRow,
  ZoneRow,
} from '../entities.js';
import { templateItem, volumeItem } from '../jobs.js';
import type { World } from '../world.js';

/** Something in the secondary storage of a zone: a template there, or a volume. */
export type StoredImageRow = TemplateZoneRow | VolumeImageRow;

/** What an image is of. Both go through the same states while they are uploaded. */
export type ImageOwner =
  | { readonly kind: 'template'; readonly row: TemplateRow }
  | { readonly kind: 'volume'; readonly row: VolumeRow };

/** A new image of which nothing has come yet. */
export const NO_IMAGE = {
  downloadState: 'NOT_DOWNLOADED',
  percent: 0,
  errorText: null,
  sizeBytes: 0,
  physicalSizeBytes: 0,
  upload: null,
  download: null,
} as const satisfies Partial<StoredImage>;

/** The image with this id of its own, removed or not. */
export function storedImage(world: World, imageId: string): StoredImageRow | undefined {
  return world.templateZones.get(imageId) ?? world.volumeImages.get(imageId);
}

/** Everything that is in the secondary storages. */
export function storedImages(world: World): StoredImageRow[] {
  return [...world.templateZones.all(), ...world.volumeImages.all()];
}

export function changeImage(
  world: World,
  image: StoredImageRow,
  changes: Partial<StoredImage>,
): void {
  if (isOfVolume(image)) world.volumeImages.change(image, changes);
  else world.templateZones.change(image, changes);
}

/**
 * Notes that all of an image is there, or that nothing more of it will come. A template has a state in
 * its store for that; of a volume its own state tells.
 */
export function endImage(
  world: World,
  image: StoredImageRow,
  event: 'OperationSuccessed' | 'OperationFailed',
  changes: Partial<StoredImage>,
): void {
  if (isOfVolume(image)) world.volumeImages.change(image, changes);
  else world.templateZones.move(image, event, changes);
}

export function imageOwner(world: World, image: StoredImageRow): ImageOwner {
  return isOfVolume(image)
    ? { kind: 'volume', row: world.volumes.require(image.volumeId) }
    : { kind: 'template', row: world.templates.require(image.templateId) };
}

/** The name of what an image is of among the things that time can be moved for. */
export function imageItem(image: StoredImageRow): string {
  return isOfVolume(image) ? volumeItem(image.volumeId) : templateItem(image.templateId);
}

/** The format that its owner says that it has. */
export function declaredFormat({ kind, row }: ImageOwner): ImageFormat {
  if (kind === 'template') return row.format;
  if (row.format === null) throw new Error(`volume ${row.id} was not uploaded`);
  return row.format;
}

/** Where an image is downloaded from; null where it comes otherwise. */
export function imageUrl(world: World, image: StoredImageRow): string | null {
  return isOfVolume(image) ? image.url : world.templates.require(image.templateId).url;
}

/** The setting that says how many GiB an image may have. */
export function largestSetting(
  image: StoredImageRow,
): 'storage.max.volume.upload.size' | 'max.template.iso.size' {
  return isOfVolume(image) ? 'storage.max.volume.upload.size' : 'max.template.iso.size';
}

/** What is told where a command needs the secondary storage VM of a zone, and there is none. */
export const NO_ENDPOINT = 'No remote endpoint to send command, check if host or ssvm is down?';

/** The name of the image store of a zone. */
export function imageStoreOf(zone: Pick<ZoneRow, 'name'>): string {
  return `${zone.name}-secondary`;
}

export function isOfVolume(image: StoredImageRow): image is VolumeImageRow {
  return 'volumeId' in image;
}
