import type { CommandContext } from '../../declare/context.js';
import {
  CloudException,
  cloudRuntime,
  invalidParameter,
  permissionDenied,
} from '../../world/cloud-exception.js';
import { isRootAdmin } from '../../declare/caller.js';
import type { DiskOfferingRow, VmRow, VolumeRow, ZoneRow } from '../../world/entities.js';
import { readableSize } from '../../world/readable-size.js';
import type { World } from '../../world/world.js';
import { GIB_BYTES } from '../../world/storage/volumes.js';

/**
 * The size that a new volume gets, in GiB: the offering's own, or in a custom offering the
 * caller's (VolumeApiServiceImpl.allocVolume). Whether any volume may be so large is checked later.
 *
 * @throws 431 for a size that is missing, not allowed or out of the range of custom offerings.
 */
export function volumeSizeGib(
  world: World,
  offering: DiskOfferingRow,
  askedGib: number | undefined,
): number {
  if (offering.sizeGib > 0) {
    if (askedGib !== undefined) {
      throw invalidParameter('This disk offering does not allow custom size');
    }
    return offering.sizeGib;
  }
  if (askedGib === undefined) {
    throw invalidParameter('This disk offering requires a custom size specified');
  }
  const min = world.settings.get('custom.diskoffering.size.min');
  const max = world.settings.get('custom.diskoffering.size.max');
  if (askedGib < min || askedGib > max) {
    throw invalidParameter(
      `Volume size: ${askedGib} GB is out of allowed range. Min: ${min}. Max: ${max}`,
    );
  }
  return askedGib;
}

/**
 * No volume is larger than `storage.max.volume.size` (VolumeApiServiceImpl.validateVolumeSizeInBytes);
 * so many GiB that Java counts their bytes below zero are too few.
 */
export function assertBelowMaximum(world: World, sizeGib: number): void {
  if (BigInt.asIntN(64, BigInt(sizeGib) * BigInt(GIB_BYTES)) < 0n) {
    throw invalidParameter('Please specify a size of at least 1 GB.');
  }
  const maxGib = world.settings.get('storage.max.volume.size');
  if (sizeGib <= maxGib) return;
  throw invalidParameter(
    `Requested volume size is ${readableSize(sizeGib * GIB_BYTES)}, but the maximum size allowed is ${maxGib} GB.`,
  );
}

/** Only root admins work in a disabled zone. */
export function assertZoneIsUsable({ caller }: CommandContext, zone: ZoneRow): void {
  if (zone.allocationState === 'Enabled' || isRootAdmin(caller)) return;
  const text = JSON.stringify({ id: zone.internalId, name: zone.name, uuid: zone.id });
  throw permissionDenied(`Cannot perform this operation, Zone: Zone ${text} is currently disabled`);
}

/** A local disk needs a zone with local storage. */
export function assertLocalStorageFits(
  zone: ZoneRow,
  offering: Pick<DiskOfferingRow, 'name' | 'storageType'>,
): void {
  if (offering.storageType !== 'local' || zone.localStorageEnabled) return;
  throw invalidParameter(
    `Zone is not configured to use local storage but volume's disk offering ${offering.name} uses it`,
  );
}

/** What the service answers for the id of a volume that is gone; it shows the internal id. */
export function volumeNotFound(volume: VolumeRow): CloudException {
  return invalidParameter(`Unable to find volume with ID: ${volume.internalId}`);
}

/** Root volumes come and go only while their VM is stopped. */
export function assertRootVolumeMayMove(vm: VmRow): void {
  if (vm.state === 'Stopped') return;
  throw invalidParameter(
    'Root volume detach can happen only when vm is in states: Stopped or Destroyed',
  );
}

/** No pool can take the volume. */
export function noPoolFor(volume: VolumeRow): CloudException {
  const text = JSON.stringify({ name: volume.name, uuid: volume.id });
  return cloudRuntime(`Unable to find suitable primary storage when creating volume [${text}].`);
}

/** Some commands tell of a limit with its text, and as a wrong parameter. */
export function limitAsInvalid(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw error instanceof CloudException ? invalidParameter(error.message) : error;
  }
}

/** A volume as error texts name it; the fields that VolumeVO.toString selects vary by release. */
export function volumeText(world: World, volume: VolumeRow): string {
  const instanceId = volume.vmId === null ? null : world.vms.require(volume.vmId).internalId;
  const { internalId, name, id, type } = volume;
  return `Volume ${JSON.stringify({ id: internalId, instanceId, name, uuid: id, volumeType: type })}`;
}
