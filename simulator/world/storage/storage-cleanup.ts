import type { JsonObject } from '../../kernel/json.js';
import type { VolumeRow } from '../entities.js';
import { imageOwner, isOfVolume, storedImages, type StoredImageRow } from './stored-images.js';
import { removeFromZone } from './templates.js';
import { expungeVolume } from './volumes.js';
import type { World } from '../world.js';

const CLEANUP_TASK = 'storage.cleanup';

/** CloudStack turns the delay's seconds into milliseconds by shifting them by ten bits. */
const MS_PER_DELAY_SECOND = 1_024;

/** The tasks of this file, by kind. */
export const storageCleanupTasks: Readonly<
  Record<string, (world: World, args: JsonObject) => void>
> = {
  [CLEANUP_TASK]: (world) => {
    if (world.settings.get('storage.cleanup.enabled')) cleanStorage(world);
    scheduleStorageCleanup(world);
  },
};

/** Has the storage cleaned up after each `storage.cleanup.interval`. */
export function scheduleStorageCleanup(world: World): void {
  world.kernel.schedule({
    kind: CLEANUP_TASK,
    args: {},
    afterMs: world.settings.get('storage.cleanup.interval') * 1_000,
  });
}

/**
 * Deletes for good what has been destroyed for longer than `storage.cleanup.delay`
 * (StorageManagerImpl.cleanupStorage).
 */
function cleanStorage(world: World): void {
  const latestMs =
    world.kernel.nowMs - world.settings.get('storage.cleanup.delay') * MS_PER_DELAY_SECOND;
  for (const volume of world.volumes.all()) {
    if (volume.state !== 'Destroy' || volume.destroyedMs === null) continue;
    if (volume.destroyedMs < latestMs && !goesWithItsVm(world, volume)) {
      expungeVolume(world, volume);
    }
  }
  for (const image of storedImages(world)) removeIfFailed(world, image);
}

/** What became nothing of an upload goes at once, if a secondary storage VM is there to ask. */
function removeIfFailed(world: World, image: StoredImageRow): void {
  const owner = imageOwner(world, image);
  const { state } = owner.row;
  if (state !== 'UploadError' && state !== 'UploadAbandoned') return;
  if (!world.zones.require(image.zoneId).secondaryStorageVmUp) return;
  if (owner.kind === 'volume') expungeVolume(world, owner.row);
  else if (!isOfVolume(image)) removeFromZone(world, { template: owner.row, inZone: image });
}

/** The root volume of a destroyed VM waits for the expunge thread. */
function goesWithItsVm(world: World, { type, vmId }: VolumeRow): boolean {
  return type === 'ROOT' && vmId !== null && world.vms.get(vmId)?.state === 'Destroyed';
}
