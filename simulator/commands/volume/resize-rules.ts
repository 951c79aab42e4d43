import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { DiskOfferingRow, DiskQuality, VolumeRow } from '../../world/entities.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { isBeingSnapshotted } from '../../world/storage/snapshots.js';
import { hasRoomToGrow } from '../../world/storage/pool-space.js';
import { assertNoVmSnapshots } from '../../world/compute/vm-snapshots.js';
import { GIB_BYTES, hypervisorOf } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { assertBelowMaximum } from './volume-rules.js';

// The checks that resizeVolume and changeOfferingForVolume share (VolumeApiServiceImpl).

/** What a volume's offering says about its size; a root volume's belongs to a compute offering. */
export interface SizeOffering {
  readonly id: string;
  readonly isCustom: boolean;
  readonly isComputeOnly: boolean;
  /** 0 where the offering fixes no size. */
  readonly sizeGib: number;
  readonly isStrict: boolean;
  readonly storageTags: readonly string[];
  readonly encrypts: boolean;
  readonly disk: DiskQuality;
}

export function sizeOfferingOf(world: World, volume: VolumeRow): SizeOffering {
  if (volume.diskOfferingId !== null) {
    return diskSizeOffering(world.diskOfferings.require(volume.diskOfferingId));
  }
  const offering = world.serviceOfferings.require(volume.serviceOfferingId ?? '');
  return {
    id: offering.id,
    isCustom: false,
    isComputeOnly: true,
    sizeGib: offering.rootDiskSizeGib ?? 0,
    isStrict: false,
    storageTags: offering.storageTags,
    encrypts: offering.encrypts,
    disk: offering.disk,
  };
}

export function diskSizeOffering(offering: DiskOfferingRow): SizeOffering {
  const { id, sizeGib, sizeStrictness: isStrict, storageTags, encrypts, disk } = offering;
  return {
    id,
    isCustom: sizeGib === 0,
    isComputeOnly: false,
    sizeGib,
    isStrict,
    storageTags,
    encrypts,
    disk,
  };
}

/** A root disk of a compute offering that is strict about it keeps its disk offering. */
export function assertMayHaveAnother(world: World, { type, vmId, name }: VolumeRow): void {
  if (!hasStrictOffering(world, { type, vmId })) return;
  throw invalidParameter(
    `Cannot resize ROOT volume [${name}] with new disk offering since existing disk offering is strictly assigned to the ROOT volume.`,
  );
}

/** Whether the compute offering of a root disk's VM lets it have no other disk offering. */
export function hasStrictOffering(
  world: World,
  { type, vmId }: Pick<VolumeRow, 'type' | 'vmId'>,
): boolean {
  if (type !== 'ROOT' || vmId === null) return false;
  const { serviceOfferingId } = world.vms.require(vmId);
  return world.serviceOfferings.require(serviceOfferingId).diskOfferingStrictness;
}

/** Custom offerings have a range of sizes (validateCustomDiskOfferingSizeRange). */
export function assertInCustomRange(world: World, sizeGib: number): void {
  const min = world.settings.get('custom.diskoffering.size.min');
  const max = world.settings.get('custom.diskoffering.size.max');
  if (sizeGib >= min && sizeGib <= max) return;
  throw invalidParameter(
    `Volume size: ${sizeGib} GB is out of allowed range. Min: ${min}. Max: ${max}`,
  );
}

/** A volume of which a snapshot is on its way stays as it is. */
export function assertNoSnapshotOnItsWay(world: World, volume: VolumeRow): void {
  if (!isBeingSnapshotted(world, volume)) return;
  throw cloudRuntime(
    'There is/are unbacked up snapshot(s) on this volume, resize volume is not permitted, please try again later.',
  );
}

export function assertReadyOrAllocated(volume: VolumeRow): void {
  if (volume.state === 'Ready' || volume.state === 'Allocated') return;
  throw invalidParameter(
    `Volume should be in ready or allocated state before attempting a resize. Volume ${volume.id} is in state ${volume.state}.`,
  );
}

/**
 * Whether the volume may have that size: within the largest of all and within the limits of its
 * owner, and smaller only where the image's format allows it and the caller signs for it
 * (validateVolumeResizeWithSize).
 */
export function assertSizeMayChange(
  world: World,
  volume: VolumeRow,
  newBytes: number,
  shrinkOk: boolean,
): void {
  if (newBytes === volume.sizeBytes) return;
  if (volume.vmId !== null) {
    assertNoVmSnapshots(
      world,
      volume.vmId,
      'A volume that is attached to a VM with any VM snapshots cannot be resized.',
    );
  }
  if (newBytes < 0 || (newBytes > 0 && newBytes < GIB_BYTES)) {
    throw invalidParameter('Please specify a size of at least 1 GB.');
  }
  assertBelowMaximum(world, newBytes / GIB_BYTES);
  if (newBytes < volume.sizeBytes) {
    assertMayShrink(world, volume, newBytes, shrinkOk);
    return;
  }
  const owner = world.accounts.require(volume.accountId);
  assertWithinLimits(world, owner, { primary_storage: newBytes - volume.sizeBytes });
}

function assertMayShrink(
  world: World,
  volume: VolumeRow,
  newBytes: number,
  shrinkOk: boolean,
): void {
  // A volume has a format as soon as it exists on a pool.
  const hypervisor = volume.state === 'Allocated' ? undefined : hypervisorOf(world, volume);
  if (hypervisor === 'KVM') throw invalidParameter('Unable to shrink volumes of type QCOW2');
  if (!shrinkOk) {
    throw invalidParameter(
      `Going from existing size of ${volume.sizeBytes} to size of ${newBytes} would shrink the volume.Need to sign off by supplying the shrinkok parameter with value of true.`,
    );
  }
  if (hypervisor === 'XenServer') {
    throw invalidParameter('Shrink volume is not supported for the XenServer hypervisor.');
  }
}

/** A root volume gets another size by another offering only while its VM is stopped. */
export function assertRootIsStopped(world: World, volume: VolumeRow, newBytes: number): void {
  if (newBytes === volume.sizeBytes || volume.type !== 'ROOT' || volume.vmId === null) return;
  const vm = world.vms.require(volume.vmId);
  if (vm.state === 'Stopped') return;
  throw invalidParameter(
    `Cannot resize ROOT volume [${volume.name}] when VM is not on Stopped State. VM ${vm.instanceName} is in state ${vm.state}`,
  );
}

/** What the hypervisor asks of the VM that has the volume (orchestrateResizeVolume). */
export function assertVmAllowsResize(world: World, volume: VolumeRow, newBytes: number): void {
  if (volume.vmId === null || newBytes === volume.sizeBytes) return;
  const vm = world.vms.require(volume.vmId);
  if (hypervisorOf(world, volume) === 'XenServer' && vm.state !== 'Stopped') {
    throw invalidParameter(
      'The VM must be stopped or the disk detached in order to resize with the XenServer Hypervisor.',
    );
  }
  if (vm.state !== 'Running' || vm.hypervisor !== 'KVM') return;
  const host = vm.hostId === null ? undefined : world.hosts.require(vm.hostId);
  if (host?.up !== true) {
    throw invalidParameter('The KVM host where vm is running is not Up');
  }
  if (host.state === 'Enabled') return;
  throw invalidParameter('The KVM host where vm is running is not Enabled');
}

/** Whether the volume's pool has room for what the volume is to grow by. */
export function poolHasRoom(world: World, volume: VolumeRow, newBytes: number): boolean {
  if (volume.poolId === null) return true;
  const pool = world.storagePools.require(volume.poolId);
  const growth = newBytes - volume.sizeBytes;
  return growth <= 0 || hasRoomToGrow(world, pool, growth);
}
