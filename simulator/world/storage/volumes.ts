import type { Hypervisor, ImageFormat, StoragePoolRow, VmRow, VolumeRow } from '../entities.js';
import { ROOT_DEVICE_ID } from './device-ids.js';
import { devicesWith, devicesWithout } from './guest-devices.js';
import { policiesOf, removePolicy } from './snapshot-policies.js';
import { removeTags } from '../tags.js';
import { removeVolumeImage } from './volume-images.js';
import type { World } from '../world.js';

export const GIB_BYTES = 1024 ** 3;

/** The volumes of a VM in the order of their creation, destroyed ones included. */
export function volumesOf(world: World, vmId: string): VolumeRow[] {
  return world.volumes.where('vmId', vmId);
}

/** The root volume of a VM that is not destroyed. */
export function rootVolumeOf(world: World, vmId: string): VolumeRow | undefined {
  return volumesOf(world, vmId).find((row) => row.type === 'ROOT' && !isDestroyed(row));
}

/** Creates an Allocated volume on a pool, which is what "Allocated until first attached" ends. */
export function createOnPool(world: World, volume: VolumeRow, pool: StoragePoolRow): void {
  beginCreation(world, volume, pool);
  finishCreation(world, volume);
}

/** From now on the room that the volume needs on its pool is taken. */
export function beginCreation(world: World, volume: VolumeRow, pool: StoragePoolRow): void {
  world.volumes.move(volume, 'CreateRequested', { poolId: pool.id });
}

export function finishCreation(world: World, volume: VolumeRow): void {
  world.volumes.move(volume, 'OperationSucceeded');
}

/** Ties a volume to a VM; at device 0 it becomes the root volume (VolumeDaoImpl.attachVolume). */
export function attachVolumeTo(world: World, volume: VolumeRow, vm: VmRow, deviceId: number): void {
  world.volumes.change(volume, {
    vmId: vm.id,
    deviceId,
    attachedMs: world.kernel.nowMs,
    type: deviceId === ROOT_DEVICE_ID ? 'ROOT' : 'DATADISK',
  });
  if (vm.state !== 'Running') return;
  world.vms.change(vm, { guestDevices: devicesWith(world, vm, volume) });
}

/**
 * Unties a volume from its VM. It has no state of its own for that: a Ready volume stays Ready,
 * and a root volume becomes a data disk (VolumeDaoImpl.detachVolume).
 */
export function detachVolume(world: World, volume: VolumeRow): void {
  const vm = volume.vmId === null ? undefined : world.vms.require(volume.vmId);
  if (vm?.state === 'Running') {
    world.vms.change(vm, { guestDevices: devicesWithout(vm, volume.id) });
  }
  world.volumes.change(volume, {
    vmId: null,
    deviceId: null,
    attachedMs: null,
    type: 'DATADISK',
  });
}

/** Marks a volume as destroyed, and ends its snapshot policies; it stays listed, and on its pool, until it is expunged. */
export function destroyVolume(world: World, volume: VolumeRow): void {
  world.volumes.move(volume, 'DestroyRequested', { destroyedMs: world.kernel.nowMs });
  for (const policy of policiesOf(world, volume.id)) removePolicy(world, policy);
}

/** Takes a destroyed volume back, which is on its pool still. */
export function recoverVolume(world: World, volume: VolumeRow): void {
  world.volumes.move(volume, 'RecoverRequested', { destroyedMs: null });
}

/** Removes a volume for good, and its tags; one that is not destroyed yet is destroyed first. */
export function expungeVolume(world: World, volume: VolumeRow): void {
  if (world.volumes.allows(volume, 'DestroyRequested')) destroyVolume(world, volume);
  world.volumes.move(volume, 'ExpungingRequested');
  world.volumes.move(volume, 'OperationSucceeded');
  world.volumes.remove(volume);
  removeVolumeImage(world, volume.id);
  removeTags(world, volume.id);
}

const ON_POOL: ReadonlySet<string> = new Set([
  'Ready',
  'Attaching',
  'Snapshotting',
  'RevertSnapshotting',
  'Resizing',
  'Migrating',
]);

/** Whether the volume exists on a pool and is in use or at rest. */
export function isOnPool({ state }: VolumeRow): boolean {
  return ON_POOL.has(state);
}

/** Destroy and what follows it: such a volume belongs to no VM any more. */
export function isDestroyed(volume: VolumeRow): boolean {
  return ['Destroy', 'Expunging', 'Expunged'].includes(volume.state);
}

/** The hypervisor that a volume was made for; any, as long as nothing has decided it. */
export function hypervisorOf(world: World, volume: VolumeRow): Hypervisor | undefined {
  const { templateId } = volume;
  const ofTemplate = templateId === null ? 'None' : world.templates.require(templateId).hypervisor;
  if (ofTemplate !== 'None') return ofTemplate;
  const ofFormat = volume.format === null ? undefined : hypervisorOfFormat[volume.format];
  if (ofFormat !== undefined) return ofFormat;
  if (volume.poolId === null) return undefined;
  return hypervisorOfPool(world, world.storagePools.require(volume.poolId));
}

/** What runs images of a format (StorageManagerImpl.getHypervisorTypeFromFormat). */
export const hypervisorOfFormat: Readonly<Partial<Record<ImageFormat, Hypervisor>>> = {
  QCOW2: 'KVM',
  VHD: 'XenServer',
  OVA: 'VMware',
};

/** The format of a volume that is on a pool, as its image has it outside of that. */
export function formatOf(world: World, volume: VolumeRow): ImageFormat {
  const hypervisor =
    hypervisorOf(world, volume) ?? world.storagePools.require(volume.poolId ?? '').hypervisor;
  return formatOfHypervisor[hypervisor];
}

const formatOfHypervisor: Readonly<Record<Hypervisor, ImageFormat>> = {
  KVM: 'QCOW2',
  XenServer: 'VHD',
  VMware: 'OVA',
};

/** A pool of the whole zone serves every hypervisor there. */
export function hypervisorOfPool(
  world: World,
  { clusterId }: StoragePoolRow,
): Hypervisor | undefined {
  return clusterId === null ? undefined : world.clusters.require(clusterId).hypervisor;
}
