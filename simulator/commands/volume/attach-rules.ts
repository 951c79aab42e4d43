import { assertMayOperate } from '../../declare/access.js';
import type { CommandContext } from '../../declare/context.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { HostRow, StoragePoolRow, VmRow, VolumeRow } from '../../world/entities.js';
import { isBefore } from '../../world/settings/release.js';
import { isEncrypted } from '../../world/storage/encryption.js';
import {
  isInReach,
  poolsFor,
  poolsInCluster,
  poolsOfZoneFor,
} from '../../world/storage/storage-pools.js';
import { vmText } from '../../world/compute/virtual-machines.js';
import { assertNoVmSnapshots } from '../../world/compute/vm-snapshots.js';
import {
  CDROM_DEVICE_ID,
  ROOT_DEVICE_ID,
  freeDeviceId,
  highestDeviceId,
  maxDataVolumes,
} from '../../world/storage/device-ids.js';
import { createOnPool, hypervisorOf, isDestroyed, volumesOf } from '../../world/storage/volumes.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import type { VolumeState } from '../../world/states/volume.js';
import type { World } from '../../world/world.js';
import {
  assertLocalStorageFits,
  assertRootVolumeMayMove,
  limitAsInvalid,
  noPoolFor,
  volumeText,
} from './volume-rules.js';

/** Everything attachVolume checks before it touches storage (VolumeApiServiceImpl.attachVolumeToVM). */
export function assertMayAttach(
  context: CommandContext,
  volume: VolumeRow,
  vm: VmRow,
  deviceId: number | undefined,
): void {
  assertVolumeIsFree(volume);
  assertVmTakesVolumes(vm, volume);
  if (deviceId === ROOT_DEVICE_ID) assertRootSlotIsFree(context.world, vm);
  else assertBelowMaximum(context.world, vm);
  assertStorageIsAllowed(context.world, volume);
  assertNoVmSnapshots(
    context.world,
    vm.id,
    `Unable to attach volume to VM ${vm.name}/${vm.id}, please specify a VM that does not have VM snapshots`,
  );
  assertMayOperate(context, 'volume', volume);
  assertMayOperate(context, 'virtualmachine', vm);
  assertRoomForUploaded(context.world, volume);
  assertSameHypervisor(context.world, volume, vm);
  assertMayBeEncrypted(context.world, volume, vm);
}

const MAY_BE_ATTACHED: readonly VolumeState[] = ['Allocated', 'Ready', 'Uploaded'];

function assertVolumeIsFree(volume: VolumeRow): void {
  if (volume.removedMs !== null) {
    throw invalidParameter('Please specify a volume with the valid type: ROOT or DATADISK');
  }
  if (volume.vmId !== null) {
    throw invalidParameter('Please specify a volume that is not attached to any VM.');
  }
  if (volume.state === 'Destroy') {
    throw invalidParameter('Please specify a volume that is not destroyed.');
  }
  if (!MAY_BE_ATTACHED.includes(volume.state)) {
    throw invalidParameter('Volume state must be in Allocated, Ready or in Uploaded state');
  }
}

/**
 * What happened to the volume while the work waited is no wrong parameter any more
 * (VolumeApiServiceImpl.orchestrateAttachVolumeToVM, checkAndSetAttaching).
 */
export function assertStillFree(world: World, volume: VolumeRow): void {
  if (volume.vmId !== null) throw cloudRuntime('This volume is already attached to a VM.');
  if (volume.removedMs !== null || MAY_BE_ATTACHED.includes(volume.state)) return;
  throw cloudRuntime(
    `Volume: ${volumeText(world, volume)} is in ${volume.state}. It should be in Ready or Allocated state`,
  );
}

function assertVmTakesVolumes(vm: VmRow, volume: VolumeRow): void {
  if (vm.removedMs !== null) throw invalidParameter('Please specify a valid User VM.');
  if (vm.state !== 'Running' && vm.state !== 'Stopped') {
    throw invalidParameter('Please specify a VM that is either running or stopped.');
  }
  if (vm.zoneId !== volume.zoneId) {
    throw invalidParameter('Please specify a VM that is in the same zone as the volume.');
  }
}

function assertRootSlotIsFree(world: World, vm: VmRow): void {
  assertRootVolumeMayMove(vm);
  if (volumesOf(world, vm.id).some((volume) => volume.deviceId === ROOT_DEVICE_ID)) {
    throw invalidParameter('Vm already has root volume attached to it');
  }
}

function assertBelowMaximum(world: World, vm: VmRow): void {
  const max = maxDataVolumes(world, vm);
  const present = volumesOf(world, vm.id).filter((volume) => volume.type === 'DATADISK').length;
  if (present < max) return;
  throw invalidParameter(
    `The specified VM already has the maximum number of data disks (${max}) attached. Please specify another VM.`,
  );
}

function assertStorageIsAllowed(world: World, volume: VolumeRow): void {
  if (volume.diskOfferingId === null) return;
  assertLocalStorageFits(
    world.zones.require(volume.zoneId),
    world.diskOfferings.require(volume.diskOfferingId),
  );
}

/** What was uploaded takes of primary storage only now; that limit is told as a wrong parameter. */
function assertRoomForUploaded(world: World, volume: VolumeRow): void {
  if (volume.state !== 'Uploaded') return;
  const owner = world.accounts.require(volume.accountId);
  limitAsInvalid(() => {
    assertWithinLimits(world, owner, { primary_storage: volume.sizeBytes });
  });
}

function assertMayBeEncrypted(world: World, volume: VolumeRow, { hypervisor }: VmRow): void {
  if (hypervisor === 'KVM' || !isEncrypted(world, volume)) return;
  throw invalidParameter(
    `Volume's disk offering has encryption enabled, but volume encryption is not supported for hypervisor type ${hypervisor}`,
  );
}

function assertSameHypervisor(world: World, volume: VolumeRow, vm: VmRow): void {
  if (volume.poolId === null) return;
  const hypervisor = hypervisorOf(world, volume);
  if (hypervisor === undefined || hypervisor === vm.hypervisor) return;
  throw invalidParameter(
    `Can't attach a volume created by: ${hypervisor} to a ${vm.hypervisor} vm`,
  );
}

/**
 * Brings the volume to where the VM can use it. A volume that is only Allocated is created beside
 * the VM's existing one, or stays Allocated if that has no place yet itself; a Ready one must be
 * within reach, or on shared storage that CloudStack can move
 * (VolumeApiServiceImpl.orchestrateAttachVolumeToVM).
 */
export function bringToVm(world: World, volume: VolumeRow, vm: VmRow): void {
  const existing = existingVolumeOf(world, vm);
  const beside =
    existing === undefined || existing.poolId === null
      ? undefined
      : world.storagePools.require(existing.poolId);
  if (volume.poolId === null) createNear(world, volume, vm, beside);
  if (volume.poolId === null || beside === undefined) return;
  const pool = world.storagePools.require(volume.poolId);
  if (!mustMove(world, pool, beside, vm)) return;
  if (pool.scope === 'HOST') {
    throw cloudRuntime(
      `Failed to attach local data volume ${volume.name} to VM ${vm.displayName} as migration of local data volume is not allowed`,
    );
  }
  moveNear(world, volume, beside);
}

/** The volume that decides where others go: the root volume, else a data disk that exists. */
export function existingVolumeOf(world: World, vm: VmRow): VolumeRow | undefined {
  const volumes = volumesOf(world, vm.id).filter((volume) => !isDestroyed(volume));
  return (
    volumes.find((volume) => volume.type === 'ROOT') ??
    volumes.find((volume) => volume.state !== 'Allocated')
  );
}

function createNear(
  world: World,
  volume: VolumeRow,
  vm: VmRow,
  beside: StoragePoolRow | undefined,
): void {
  const host = hostNear(world, vm, beside);
  if (host !== undefined) {
    const [pool] = poolsFor(world, volume, host);
    // Without a volume that decides, it may as well wait for the start of its VM.
    if (pool === undefined && beside === undefined && vm.state === 'Stopped') return;
    if (pool === undefined) throw noPoolFor(volume);
    createOnPool(world, volume, pool);
    return;
  }
  // A pool of the whole zone suits wherever the VM will start.
  const pool = poolsOfZoneFor(world, volume).find((candidate) => candidate.scope === 'ZONE');
  if (pool !== undefined) createOnPool(world, volume, pool);
}

/**
 * The VM's host; else that of its local storage; else the one where it ran last. For one that never
 * ran CloudStack takes the first host of the cluster where any of its volumes is, be that volume on
 * the local storage of another (VirtualMachineManagerImpl.findClusterAndHostIdForVm).
 */
function hostNear(
  world: World,
  vm: VmRow,
  beside: StoragePoolRow | undefined,
): HostRow | undefined {
  const hostId = vm.hostId ?? beside?.hostId ?? vm.lastHostId;
  if (hostId !== null) return world.hosts.require(hostId);
  if (beside !== undefined) return world.hosts.all().find((host) => isInReach(beside, host));
  const [clusterId] = volumesOf(world, vm.id)
    .filter(({ state }) => state === 'Ready')
    .flatMap(({ poolId }) => world.storagePools.get(poolId ?? '')?.clusterId ?? []);
  return clusterId === undefined ? undefined : world.hosts.where('clusterId', clusterId)[0];
}

/**
 * Whether a volume would have to move to be used beside the VM's existing one
 * (VolumeApiServiceImpl.needMoveVolume).
 *
 * @throws 431 for a local volume of another host when the VM's own storage is shared.
 */
function mustMove(world: World, pool: StoragePoolRow, beside: StoragePoolRow, vm: VmRow): boolean {
  if (pool.scope === 'ZONE') return false;
  if (pool.scope === beside.scope) {
    return pool.scope === 'HOST'
      ? pool.hostId !== beside.hostId
      : pool.clusterId !== beside.clusterId;
  }
  if (pool.scope === 'CLUSTER') {
    const host = vm.hostId === null ? undefined : world.hosts.require(vm.hostId);
    const clusterId = beside.scope === 'HOST' ? beside.clusterId : (host?.clusterId ?? null);
    return pool.clusterId !== clusterId;
  }
  if (pool.hostId === (vm.hostId ?? vm.lastHostId)) return false;
  throw invalidParameter(`Can't move volume between scope: ${pool.scope} and ${beside.scope}`);
}

/**
 * Migrates a shared volume to the cluster of the VM's own storage, or to a pool of the whole zone if
 * that is on one (VolumeOrchestrator.moveVolume).
 */
function moveNear(world: World, volume: VolumeRow, beside: StoragePoolRow): void {
  const pools =
    beside.clusterId === null
      ? poolsOfZoneFor(world, volume).filter(({ scope }) => scope === 'ZONE')
      : poolsInCluster(world, volume, beside.clusterId);
  const [pool] = pools;
  if (pool === undefined) {
    throw cloudRuntime('Failed to find a storage pool with enough capacity to move the volume to.');
  }
  world.volumes.change(volume, { poolId: pool.id });
}

/**
 * The device id of the new volume: the caller's, or the lowest that is free
 * (VolumeApiServiceImpl.getDeviceId, whose refusals are no parameter errors).
 */
export function deviceIdFor(world: World, vm: VmRow, asked: number | undefined): number {
  if (asked === undefined) {
    const free = freeDeviceId(world, vm);
    if (free === undefined) throw cloudRuntime(`All device Ids are used by vm ${vmText(vm)}`);
    return free;
  }
  const highest = highestDeviceId(world, vm);
  if (asked < 0 || asked > highest || asked === CDROM_DEVICE_ID) {
    throw cloudRuntime(`deviceId should be 0,1,2,4-${highest}`);
  }
  const holder = volumesOf(world, vm.id).find((volume) => volume.deviceId === asked);
  if (holder !== undefined) {
    // Before 4.20 the volume was not named.
    const user = isBefore(world, '4.20')
      ? `vm ${vm.internalId}`
      : `vol ${volumeText(world, holder)} on vm ${vmText(vm)}`;
    throw cloudRuntime(`deviceId ${asked} is used by ${user}`);
  }
  return asked;
}
