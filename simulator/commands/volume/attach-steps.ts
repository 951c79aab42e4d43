import type { CommandContext } from '../../declare/context.js';
import { cloudRuntime } from '../../world/cloud-exception.js';
import type { VmRow, VolumeRow } from '../../world/entities.js';
import { freeDeviceId } from '../../world/storage/device-ids.js';
import { attachVolumeTo, volumesOf } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { assertMayAttach, bringToVm, deviceIdFor } from './attach-rules.js';

/**
 * Checks all that an attachment needs, brings the volume to the VM, and answers the device id that
 * it will have (VolumeApiServiceImpl.attachVolumeToVM).
 */
export function beginAttachment(
  context: CommandContext,
  volume: VolumeRow,
  vm: VmRow,
  deviceId: number | undefined,
): number {
  assertMayAttach(context, volume, vm, deviceId);
  return continueAttachment(context.world, volume, vm, deviceId);
}

/** The rest of it, once an uploaded volume is on a pool (VolumeApiServiceImpl.orchestrateAttachVolumeToVM). */
export function continueAttachment(
  world: World,
  volume: VolumeRow,
  vm: VmRow,
  deviceId: number | undefined,
): number {
  bringToVm(world, volume, vm);
  if (volume.state === 'Ready') world.volumes.move(volume, 'AttachRequested');
  try {
    return deviceIdFor(world, vm, deviceId);
  } catch (error) {
    world.volumes.move(volume, 'OperationFailed');
    throw error;
  }
}

/** @throws CloudException if the VM or the volume can't be used any more. */
export function finishAttachment(
  world: World,
  volume: VolumeRow,
  vm: VmRow,
  deviceId: number,
): void {
  // An Allocated volume has no state that would have kept others off it meanwhile.
  if (volume.vmId !== null) {
    const holder = world.vms.require(volume.vmId);
    throw cloudRuntime(`volume: ${volume.name} is already attached to a VM: ${holder.name}`);
  }
  const usable = vm.state === 'Running' || vm.state === 'Stopped';
  const free = stillFree(world, vm, deviceId);
  if (!usable || volume.removedMs !== null || free === undefined) {
    if (volume.state === 'Attaching') world.volumes.move(volume, 'OperationFailed');
    throw cloudRuntime(`Failed to attach volume ${volume.name} to VM ${vm.name}`);
  }
  attachVolumeTo(world, volume, vm, free);
  world.volumes.move(volume, 'OperationSucceeded');
}

/**
 * The device id that was chosen, or another one if a volume has got it meanwhile: one that is created
 * from a snapshot for a VM does not wait in the VM's queue.
 */
function stillFree(world: World, vm: VmRow, deviceId: number): number | undefined {
  const isTaken = volumesOf(world, vm.id).some((volume) => volume.deviceId === deviceId);
  return isTaken ? freeDeviceId(world, vm) : deviceId;
}
