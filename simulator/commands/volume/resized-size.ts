import { assertMayOperate } from '../../declare/access.js';
import type { CommandContext } from '../../declare/context.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { DiskOfferingRow, VolumeRow } from '../../world/entities.js';
import { assertMayUseDiskOffering } from '../../world/identity/offering-access.js';
import { GIB_BYTES } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { iopsAskedFor, iopsWith, type AskedIops } from './volume-iops.js';
import {
  assertInCustomRange,
  assertMayHaveAnother,
  assertNoSnapshotOnItsWay,
  assertReadyOrAllocated,
  assertRootIsStopped,
  diskSizeOffering,
  sizeOfferingOf,
  type SizeOffering,
} from './resize-rules.js';

/** What a volume is to be like: its size in bytes, its speed in requests a second. */
export interface ResizePlan extends Pick<VolumeRow, 'minIops' | 'maxIops'> {
  readonly newBytes: number;
}

/**
 * What resizeVolume makes of a volume: of the caller's size, or that of the new offering, or its own
 * (VolumeApiServiceImpl.resizeVolume).
 *
 * @throws CloudException for a volume that can't be resized now, and a size that its offering or the
 *   new one does not allow.
 */
export function resizePlan(
  context: CommandContext,
  volume: VolumeRow,
  asked: AskedIops & { readonly size?: number | undefined },
  offering: DiskOfferingRow | undefined,
): ResizePlan {
  const { size: sizeGib } = asked;
  const { world } = context;
  if (volume.removedMs !== null) throw invalidParameter('No such volume');
  assertNoSnapshotOnItsWay(world, volume);
  assertMayOperate(context, 'volume', volume);
  assertReadyOrAllocated(volume);
  const current = sizeOfferingOf(world, volume);
  if (offering !== undefined) {
    if (offering.removedMs !== null) {
      throw invalidParameter('Requested disk offering has been removed.');
    }
    assertStrictnessAllows(volume, current, diskSizeOffering(offering));
    assertMayHaveAnother(world, volume);
    if (volume.type === 'ROOT' && current.encrypts !== offering.encrypts) {
      throw invalidParameter(
        `Current disk offering's encryption(${current.encrypts}) does not match target disk offering's encryption(${offering.encrypts})`,
      );
    }
    assertSameTags(current.storageTags, offering.storageTags);
    const { accounts, zones } = world;
    const owner = accounts.require(volume.accountId);
    assertMayUseDiskOffering(world, owner, offering, zones.require(volume.zoneId));
    const newBytes = sizeByOffering(world, diskSizeOffering(offering), sizeGib);
    assertRootIsStopped(world, volume, newBytes);
    return { newBytes, ...iopsWith(volume, offering.disk, asked) };
  }
  const newBytes =
    sizeGib === undefined ? volume.sizeBytes : sizeWithin(world, volume, current, sizeGib);
  return { newBytes, ...iopsAskedFor(volume, current.disk, asked) };
}

/** The caller's size, if the offering that the volume has lets it be. */
function sizeWithin(
  world: World,
  volume: VolumeRow,
  current: SizeOffering,
  sizeGib: number,
): number {
  if (current.isStrict) {
    throw invalidParameter(
      `Resize of volume ${volume.id} is not allowed, since disk size is strictly fixed as per the disk offering`,
    );
  }
  if (current.isCustom) assertInCustomRange(world, sizeGib);
  if (volume.type === 'ROOT' && current.isComputeOnly && current.sizeGib > 0) {
    throw invalidParameter(
      'Failed to resize Root volume. The service offering of this Volume has been configured with a root disk size; on such case a Root Volume can only be resized when changing to another Service Offering with a Root disk size. For more details please check out the Official Resizing Volumes documentation.',
    );
  }
  return sizeGib * GIB_BYTES;
}

function assertStrictnessAllows(
  { name }: VolumeRow,
  current: SizeOffering,
  wanted: SizeOffering,
): void {
  if (current.isStrict !== wanted.isStrict) {
    throw invalidParameter('Disk offering size strictness does not match with new disk offering');
  }
  if (!current.isStrict || current.sizeGib === wanted.sizeGib) return;
  throw invalidParameter(
    `Resize volume for ${name} is not allowed since disk offering's size is fixed`,
  );
}

function sizeByOffering(world: World, wanted: SizeOffering, sizeGib: number | undefined): number {
  if (!wanted.isCustom) return wanted.sizeGib * GIB_BYTES;
  if (sizeGib === undefined) {
    throw invalidParameter('The new disk offering requires that a size be specified.');
  }
  assertInCustomRange(world, sizeGib);
  return sizeGib * GIB_BYTES;
}

function assertSameTags(current: readonly string[], wanted: readonly string[]): void {
  if (current.length === 0) {
    if (wanted.length === 0) return;
    throw invalidParameter(
      'There are no tags on the current disk offering. The new disk offering needs to have no tags, as well.',
    );
  }
  const isSame = current.length === wanted.length && current.every((tag) => wanted.includes(tag));
  if (isSame) return;
  throw invalidParameter('The tags on the new and old disk offerings must match.');
}
