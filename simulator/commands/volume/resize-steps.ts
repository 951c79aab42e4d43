import { cloudRuntime } from '../../world/cloud-exception.js';
import type { DiskOfferingRow, VolumeRow } from '../../world/entities.js';
import { GIB_BYTES } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { poolHasRoom } from './resize-rules.js';
import type { ResizePlan } from './resized-size.js';

/** Begins to resize a volume that exists on a pool; nothing else can be done to it meanwhile. */
export function beginResize(world: World, volume: VolumeRow): void {
  world.volumes.move(volume, 'ResizeRequested');
}

/**
 * Others may have taken the room meanwhile; then the hypervisor fails. CloudStack reads the volume
 * anew at the end and writes nothing but the size: another offering, or another speed, is forgotten
 * (VolumeApiServiceImpl.orchestrateResizeVolume since 4.19.1, issue 11762).
 */
export function finishResize(world: World, volume: VolumeRow, newBytes: number): void {
  if (!poolHasRoom(world, volume, newBytes)) {
    world.volumes.move(volume, 'OperationFailed');
    throw cloudRuntime(
      `Failed to resize volume operation of volume UUID: [${volume.id}] due to - no space left on the storage pool`,
    );
  }
  world.volumes.move(volume, 'OperationSucceeded', { sizeBytes: newBytes });
  if (volume.type === 'ROOT') noteRootDiskSize(world, volume);
}

/** A VM knows the size of its root disk as a detail (VmDetailConstants.ROOT_DISK_SIZE). */
function noteRootDiskSize(world: World, { vmId, sizeBytes }: VolumeRow): void {
  if (vmId === null) return;
  const vm = world.vms.require(vmId);
  const rootdisksize = String(Math.floor(sizeBytes / GIB_BYTES));
  world.vms.change(vm, { details: { ...vm.details, rootdisksize } });
}

/** What a volume that was never created gets at once. */
export function changeAllocated(
  world: World,
  volume: VolumeRow,
  { newBytes: sizeBytes, minIops, maxIops }: ResizePlan,
  offering: DiskOfferingRow | undefined,
): void {
  setOffering(world, volume, offering);
  world.volumes.change(volume, { sizeBytes, minIops, maxIops });
}

/** Gives a volume another disk offering; a root volume's compute offering is no longer its own. */
export function setOffering(
  world: World,
  volume: VolumeRow,
  offering: DiskOfferingRow | undefined,
): void {
  if (offering === undefined) return;
  world.volumes.change(volume, { diskOfferingId: offering.id, serviceOfferingId: null });
}
