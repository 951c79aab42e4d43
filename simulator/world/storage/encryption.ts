import type { VolumeRow } from '../entities.js';
import type { World } from '../world.js';

/** Whether a volume is encrypted, from its first byte on: its offering says so (VolumeVO.passphraseId). */
export function isEncrypted(
  world: World,
  { diskOfferingId, serviceOfferingId }: Pick<VolumeRow, 'diskOfferingId' | 'serviceOfferingId'>,
): boolean {
  if (diskOfferingId !== null) return world.diskOfferings.require(diskOfferingId).encrypts;
  return world.serviceOfferings.require(serviceOfferingId ?? '').encrypts;
}
