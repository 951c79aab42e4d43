import { invalidParameter, type CloudException } from '../../world/cloud-exception.js';
import type { DiskOfferingRow, DiskQuality, VolumeRow } from '../../world/entities.js';

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
  { miniops: min, maxiops: max }: AskedIops,
): Pick<VolumeRow, 'minIops' | 'maxIops'> {
  if (disk.customizedIops !== true) return { minIops: disk.minIops, maxIops: disk.maxIops };
  if (min === undefined && max === undefined) return { minIops: 0, maxIops: 0 };
  if (min === undefined || min <= 0) {
    throw invalidParameter('The min IOPS must be greater than 0.');
  }
  if (min <= (max ?? 0)) return { minIops: min, maxIops: max ?? 0 };
  throw invalidParameter('The min IOPS must be less than or equal to the max IOPS.');
}

type Iops = Pick<VolumeRow, 'minIops' | 'maxIops'>;

/**
 * The speed that a volume is to have with the offering that it has (VolumeApiServiceImpl.resizeVolume):
 * only in one with customized IOPS, or as a root volume, another one than now.
 */
export function iopsAskedFor(
  volume: VolumeRow,
  disk: DiskQuality,
  { miniops, maxiops }: AskedIops,
): Iops {
  const mayChoose = volume.type === 'ROOT' || disk.customizedIops === true;
  if (miniops !== undefined && !mayChoose) throw notCustomized('Min IOPS');
  if (maxiops !== undefined && !mayChoose) throw notCustomized('Max IOPS');
  return pair({ minIops: miniops ?? volume.minIops, maxIops: maxiops ?? volume.maxIops });
}

/** The speed that a volume is to have with another offering (setNewIopsLimits). */
export function iopsWith(volume: VolumeRow, disk: DiskQuality, asked: AskedIops): Iops {
  if (disk.customizedIops !== true) return { minIops: disk.minIops, maxIops: disk.maxIops };
  return pair({
    minIops: asked.miniops ?? volume.minIops,
    maxIops: asked.maxiops ?? volume.maxIops,
  });
}

/** Whether the storage would have nothing to do for this speed; none and 0 are the same. */
export function isSameSpeed(volume: VolumeRow, { minIops, maxIops }: Iops): boolean {
  return (volume.minIops ?? 0) === (minIops ?? 0) && (volume.maxIops ?? 0) === (maxIops ?? 0);
}

function notCustomized(what: string): CloudException {
  return invalidParameter(
    `The current disk offering does not support customization of the '${what}' parameter.`,
  );
}

/** VolumeApiServiceImpl.validateIops. */
function pair(iops: Iops): Iops {
  const { minIops, maxIops } = iops;
  if ((minIops === null) !== (maxIops === null)) {
    throw invalidParameter(
      "Either 'miniops' and 'maxiops' must both be provided or neither must be provided.",
    );
  }
  if (minIops === null || maxIops === null || minIops <= maxIops) return iops;
  throw invalidParameter(
    "The 'miniops' parameter must be less than or equal to the 'maxiops' parameter.",
  );
}
