import { invalidParameter } from '../../world/cloud-exception.js';
import type { DiskOfferingRow, VolumeRow } from '../../world/entities.js';

/** How fast a caller wants a volume to be, in requests a second. */
export interface AskedIops {
  readonly miniops?: number | undefined;
  readonly maxiops?: number | undefined;
}

/**
 * The speed of a new volume: the offering's own, or in one with customized IOPS the caller's, 0 unless
 * given (VolumeApiServiceImpl.allocVolume).
 *
 * @throws 431 for a speed that is none
 */
export function newIops(
  { disk }: DiskOfferingRow,
  { miniops: min, maxiops: max = 0 }: AskedIops,
): Pick<VolumeRow, 'minIops' | 'maxIops'> {
  if (disk.customizedIops !== true) return { minIops: disk.minIops, maxIops: disk.maxIops };
  if (min === undefined && max === 0) return { minIops: 0, maxIops: 0 };
  assertIops(min, max);
  return { minIops: min ?? 0, maxIops: max };
}

/** VolumeApiServiceImpl.validateIops says the same of other volumes. */
export function assertIops(min: number | undefined, max: number): void {
  if (min === undefined || min <= 0) {
    throw invalidParameter('The min IOPS must be greater than 0.');
  }
  if (min <= max) return;
  throw invalidParameter('The min IOPS must be less than or equal to the max IOPS.');
}
