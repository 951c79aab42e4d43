import type { VolumeImageRow, VolumeRow } from '../entities.js';
import type { VolumeState } from '../states/volume.js';
import { removeTags } from '../tags.js';
import type { World } from '../world.js';

/** Whether a volume is, or was to be, uploaded, and not on a pool for good yet. */
export function isUploaded(state: VolumeState): boolean {
  return UPLOADED.has(state);
}

const UPLOADED: ReadonlySet<VolumeState> = new Set([
  'UploadOp',
  'NotUploaded',
  'UploadInProgress',
  'UploadError',
  'UploadAbandoned',
  'Uploaded',
  'Copying',
]);

/** What secondary storage holds of a volume, if anything. */
export function imageOfVolume(world: World, volumeId: string): VolumeImageRow | undefined {
  return world.volumeImages.where('volumeId', volumeId)[0];
}

/** A volume that was fetched by URL is complete, and as large as its image. */
export function finishVolumeUpload(world: World, volume: VolumeRow, sizeBytes: number): void {
  world.volumes.move(volume, 'OperationSucceeded', { sizeBytes });
}

/** A volume whose image could not be fetched goes, and nothing tells why. */
export function loseVolumeUpload(world: World, volume: VolumeRow): void {
  removeVolumeImage(world, volume.id);
  world.volumes.move(volume, 'OperationFailed');
  world.volumes.remove(volume);
  removeTags(world, volume.id);
}

/** Takes what secondary storage holds of a volume away, if anything. */
export function removeVolumeImage(world: World, volumeId: string): void {
  const image = imageOfVolume(world, volumeId);
  if (image !== undefined) world.volumeImages.remove(image);
}
