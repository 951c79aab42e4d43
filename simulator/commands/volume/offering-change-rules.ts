import { invalidParameter } from '../../world/cloud-exception.js';
import type { DiskOfferingRow, VolumeRow } from '../../world/entities.js';
import { GIB_BYTES, hypervisorOf } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import {
  assertMayHaveAnother,
  assertNoSnapshotOnItsWay,
  assertReadyOrAllocated,
  assertRootIsStopped,
  sizeOfferingOf,
  type SizeOffering,
} from './resize-rules.js';
import { volumeText } from './volume-rules.js';

// What changeOfferingForVolume asks of a volume and its new offering (VolumeApiServiceImpl).

/** The size in bytes that a volume has with this offering. */
export function sizeBytesWith(offering: DiskOfferingRow, sizeGib: number | undefined): number {
  if (offering.sizeGib > 0) return offering.sizeGib * GIB_BYTES;
  if (sizeGib !== undefined) return sizeGib * GIB_BYTES;
  throw invalidParameter('The new disk offering requires that a size be specified.');
}

/** checkIfVolumeCanResizeWithNewDiskOffering, checkIfVolumeIsRootAndVmIsRunning. */
export function assertMayChange(
  world: World,
  volume: VolumeRow,
  offering: DiskOfferingRow,
  newBytes: number,
): void {
  const current = sizeOfferingOf(world, volume);
  if (current.encrypts !== offering.encrypts) {
    throw invalidParameter(
      'Cannot change the encryption type of a volume, please check the selected offering',
    );
  }
  assertSizeIsNotStrict(current, volume, newBytes);
  // For a custom offering CloudStack compares sizes in different units, which are never equal.
  if (current.id === offering.id && offering.sizeGib > 0) {
    throw invalidParameter(
      `Volume ${volumeText(world, volume)} is already having disk offering ${offering.id}`,
    );
  }
  if (current.isStrict !== offering.sizeStrictness) {
    throw invalidParameter('Disk offering size strictness does not match with new disk offering.');
  }
  if (!current.storageTags.every((tag) => offering.storageTags.includes(tag))) {
    throw invalidParameter(
      `Selected disk offering ${current.id} does not have tags as in existing disk offering of volume ${volume.id}`,
    );
  }
  assertMayHaveAnother(world, volume);
  assertRootIsStopped(world, volume, newBytes);
}

function assertSizeIsNotStrict(
  { isStrict }: SizeOffering,
  { name, sizeBytes }: VolumeRow,
  newBytes: number,
): void {
  if (!isStrict || newBytes === sizeBytes) return;
  throw invalidParameter(
    `Resize volume for ${name} is not allowed since disk offering's size is fixed`,
  );
}

/** validateVolumeReadyStateAndHypervisorChecks. */
export function assertMayResize(world: World, volume: VolumeRow, newBytes: number): void {
  assertNoSnapshotOnItsWay(world, volume);
  assertReadyOrAllocated(volume);
  if (hypervisorOf(world, volume) !== 'VMware' || newBytes >= volume.sizeBytes) return;
  throw invalidParameter(
    `VMware doesn't support shrinking volume from larger size: ${volume.sizeBytes} GB to a smaller size: ${newBytes} GB`,
  );
}
