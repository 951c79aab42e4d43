import { assertMayOperate } from '../../declare/access.js';
import type { CommandContext } from '../../declare/context.js';
import { CloudException, cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type {
  DiskOfferingRow,
  SnapshotRow,
  StoragePoolRow,
  StorageType,
  VmRow,
  VolumeRow,
  ZoneRow,
} from '../../world/entities.js';
import { isEncrypted } from '../../world/storage/encryption.js';
import { snapshotText } from '../../world/storage/snapshots.js';
import { poolsFor, poolsOfZoneFor } from '../../world/storage/storage-pools.js';
import { allocateVolumeFromSnapshot } from '../../world/storage/volume-allocation.js';
import {
  GIB_BYTES,
  beginCreation,
  destroyVolume,
  rootVolumeOf,
} from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { noPoolFor, volumeText } from './volume-rules.js';

/** An offering that the caller chose for the volume, and the size that follows from it. */
export interface ChosenOffering {
  readonly diskOffering: DiskOfferingRow;
  readonly sizeGib: number;
  readonly minIops: number | null;
  readonly maxIops: number | null;
}

/** As much of an offering as placing a volume needs. */
export interface Offering {
  readonly name: string;
  readonly storageType: StorageType;
}

/** The offering of the snapshot's volume, which the new volume inherits. */
export function offeringOf(world: World, snapshot: SnapshotRow): Offering {
  const { diskOfferingId, serviceOfferingId } = snapshot;
  return diskOfferingId === null
    ? world.serviceOfferings.require(serviceOfferingId ?? '')
    : world.diskOfferings.require(diskOfferingId);
}

/** Only a root volume's snapshot may be restored with an offering of the caller's choice. */
export function assertOfferingMayBeChosen(world: World, snapshot: SnapshotRow): void {
  if (isGone(snapshot) || world.volumes.require(snapshot.volumeId).type === 'ROOT') return;
  throw invalidParameter(
    'Disk Offering ID cannot be passed whilst creating volume from snapshot other than ROOT disk snapshots',
  );
}

/** What createVolume checks of the snapshot and of the VM (VolumeApiServiceImpl.allocVolume). */
export function assertMayRestore(
  context: CommandContext,
  snapshot: SnapshotRow,
  asked: {
    readonly zone: ZoneRow;
    readonly vm: VmRow | undefined;
    readonly chosen: ChosenOffering | undefined;
  },
): void {
  assertBackedUp(context.world, snapshot);
  if (isEncrypted(context.world, snapshot)) {
    throw cloudRuntime('Cannot create new volumes from encrypted volume snapshots');
  }
  const { zone, vm, chosen } = asked;
  if (chosen !== undefined) assertHoldsSnapshot(chosen, snapshot);
  assertMayOperate(context, 'snapshot', snapshot);
  if (vm !== undefined) assertVmTakesVolume(vm, zone);
}

function assertBackedUp(world: World, snapshot: SnapshotRow): void {
  if (isGone(snapshot)) {
    throw invalidParameter(`unable to find a snapshot with id ${snapshot.internalId}`);
  }
  if (snapshot.state === 'BackedUp') return;
  throw invalidParameter(
    `Snapshot ${snapshotText(world, snapshot)} is not in BackedUp state yet and can't be used for volume creation`,
  );
}

/** CloudStack keeps deleted snapshots in its database, as Destroyed, but not those that failed. */
function isGone(snapshot: SnapshotRow): boolean {
  return snapshot.removedMs !== null && snapshot.state !== 'Destroyed';
}

function assertHoldsSnapshot({ sizeGib }: ChosenOffering, { sizeBytes }: SnapshotRow): void {
  if (sizeGib * GIB_BYTES >= sizeBytes) return;
  const snapshotGib = Math.floor(sizeBytes / GIB_BYTES);
  throw invalidParameter(
    `Invalid size for volume creation: ${sizeGib}GB, snapshot size is: ${snapshotGib}GB`,
  );
}

function assertVmTakesVolume(vm: VmRow, zone: ZoneRow): void {
  if (vm.removedMs !== null) throw invalidParameter('Please specify a valid User VM.');
  if (vm.zoneId !== zone.id) {
    throw invalidParameter('The specified zone is different than zone of the VM');
  }
  if (vm.state === 'Running' || vm.state === 'Stopped') return;
  throw invalidParameter('Please specify a VM that is either running or stopped.');
}

/** Enters the volume, Allocated. */
export function allocateFromSnapshot(
  world: World,
  asked: {
    readonly id: string;
    readonly name: string;
    readonly isDisplayed: boolean;
    readonly accountId: string;
    readonly snapshot: SnapshotRow;
    readonly zone: ZoneRow;
    readonly chosen: ChosenOffering | undefined;
  },
): VolumeRow {
  const { zone, chosen, ...rest } = asked;
  return allocateVolumeFromSnapshot(world, {
    ...rest,
    zoneId: zone.id,
    ...(chosen !== undefined && { other: chosen }),
  });
}

/**
 * Begins to fill the volume on a pool near the VM, or without one on any that suits, be it the
 * local one of whatever host (VolumeOrchestrator.createVolumeFromSnapshot).
 */
export function beginRestoration(world: World, volume: VolumeRow, vm: VmRow | undefined): void {
  const [pool] = vm === undefined ? poolsOfZoneFor(world, volume) : poolsNear(world, volume, vm);
  if (pool === undefined) throw noPoolFor(volume);
  beginCreation(world, volume, pool);
}

function poolsNear(world: World, volume: VolumeRow, vm: VmRow): StoragePoolRow[] {
  if (vm.hostId !== null) return poolsFor(world, volume, world.hosts.require(vm.hostId));
  const pools = poolsOfZoneFor(world, volume);
  const poolId = rootVolumeOf(world, vm.id)?.poolId ?? null;
  const clusterId = poolId === null ? null : world.storagePools.require(poolId).clusterId;
  if (clusterId === null) return pools;
  return pools.filter((pool) => pool.clusterId === clusterId || pool.scope === 'ZONE');
}

/** Whatever goes wrong while a volume is filled or attached destroys it; one text tells it. */
export function orDestroyed<Out>(world: World, volume: VolumeRow, act: () => Out): Out {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof CloudException)) throw error;
    if (world.volumes.allows(volume, 'DestroyRequested')) destroyVolume(world, volume);
    throw cloudRuntime(`Failed to create volume: ${volumeText(world, volume)}`);
  }
}
