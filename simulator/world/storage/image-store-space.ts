import { cloudRuntime } from '../cloud-exception.js';
import type { ZoneRow } from '../entities.js';
import type { World } from '../world.js';
import { storedImages } from './stored-images.js';

/** The bytes that templates, snapshots and volumes take in the secondary storage of a zone. */
export function usedInImageStore(world: World, zoneId: string): number {
  return [...storedImages(world), ...world.snapshotStores.all()]
    .filter((row) => row.zoneId === zoneId)
    .reduce((bytes, { physicalSizeBytes }) => bytes + physicalSizeBytes, 0);
}

/**
 * Whether the image store of a zone is given anything more: what is in it counts, however large that
 * is which comes next (StatsCollector.imageStoreHasEnoughCapacity).
 */
export function takesMore(world: World, zone: ZoneRow): boolean {
  const threshold = world.settings.get('secondary.storage.capacity.threshold');
  return usedInImageStore(world, zone.id) / zone.secondaryStorageBytes <= threshold;
}

/** @throws 530 unless a volume can come to the zone (TemplateManagerImpl.getImageStore) */
export function assertTakesVolume(world: World, zone: ZoneRow): void {
  if (takesMore(world, zone)) return;
  throw cloudRuntime(`Cannot find an image store for zone [${zone.internalId}].`);
}
