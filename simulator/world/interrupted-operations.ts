import type { JobRow, SnapshotRow, VmRow } from './entities.js';
import { dropUnfinishedImages } from './storage/inner-images.js';
import { dropUnfinished, storesOf } from './storage/snapshot-stores.js';
import { removeSnapshot } from './storage/snapshots.js';
import { removeTags } from './tags.js';
import { moveVm } from './compute/virtual-machines.js';
import { endRouterOperation } from './network/routers.js';
import { endVmSnapshotOperation, removeVmSnapshot } from './compute/vm-snapshots.js';
import { volumesOf } from './storage/volumes.js';
import type { World } from './world.js';

/**
 * Takes what a job had in hand out of a state between two, as a failure of the operation does
 * (AsyncJobManagerImpl.cleanupResources): Starting becomes Stopped, Stopping and Migrating Running,
 * of VMs and of routers, Attaching Ready, a snapshot on its way Error. A resource that is in no such
 * state stays as it is.
 */
export function endOperation(world: World, job: Pick<JobRow, 'instanceId'>): void {
  if (job.instanceId === null) return;
  endVmOperation(world, job.instanceId);
  endVolumeOperation(world, job.instanceId);
  endSnapshotOperation(world, job.instanceId);
  const router = world.routers.get(job.instanceId);
  if (router !== undefined) endRouterOperation(world, router);
  endVmSnapshotOperation(world, job.instanceId);
  if (world.templates.get(job.instanceId) !== undefined) {
    dropUnfinishedImages(world, job.instanceId);
  }
  const network = world.networks.get(job.instanceId);
  if (network?.state === 'Implementing') world.networks.move(network, 'OperationFailed');
}

/**
 * Removes what a restart of the management server leaves nothing of: a snapshot of a volume or a VM
 * that was not begun, or that is being deleted, which the start goes on with,
 * and a volume that a snapshot did not fill (AsyncJobManagerImpl.cleanupSnapshot,
 * cleanupFailedVolumesCreatedFromSnapshots).
 */
export function removeUnfinished(world: World, { instanceId }: Pick<JobRow, 'instanceId'>): void {
  if (instanceId === null) return;
  const snapshot = world.snapshots.get(instanceId);
  if (snapshot?.removedMs === null) removeUnfinishedSnapshot(world, snapshot);
  const vmSnapshot = world.vmSnapshots.get(instanceId);
  if (vmSnapshot?.state === 'Allocated' && vmSnapshot.removedMs === null) {
    removeVmSnapshot(world, vmSnapshot);
  }
  const volume = world.volumes.get(instanceId);
  const isUnfilled = volume?.state === 'Allocated' && volume.snapshotId !== null;
  if (isUnfilled && volume.removedMs === null) {
    world.volumes.remove(volume);
    removeTags(world, volume.id);
  }
}

/** A deletion that was to leave nothing of it took its state back when it failed. */
function removeUnfinishedSnapshot(world: World, snapshot: SnapshotRow): void {
  const isBeingDeleted =
    snapshot.state === 'BackedUp' &&
    storesOf(world, snapshot.id).every(({ state }) => state === 'Destroying');
  if (isBeingDeleted) {
    world.snapshots.move(snapshot, 'DestroyRequested');
    world.snapshots.move(snapshot, 'OperationSucceeded');
  }
  if (isBeingDeleted || snapshot.state === 'Allocated') removeSnapshot(world, snapshot);
}

/**
 * Ends what nobody waits for when the management server restarts: snapshots whose job had left their
 * backup to go on by itself (AsyncJobManagerImpl.cleanupFailedSnapshotsCreatedWithDefaultStrategy).
 */
export function endBackups(world: World): void {
  for (const snapshot of world.snapshots.all()) {
    if (snapshot.state === 'BackingUp') endSnapshotOperation(world, snapshot.id);
  }
}

/** The volumes that a start had begun to create are not there. */
export function endCreationOfVolumes(world: World, vmId: string): void {
  for (const volume of volumesOf(world, vmId)) {
    if (volume.state === 'Creating') endVolumeOperation(world, volume.id);
  }
}

function endVmOperation(world: World, vmId: string): void {
  const vm = world.vms.get(vmId);
  if (vm === undefined || vm.removedMs !== null) return;
  if (vm.state === 'Starting') moveVm(world, vm, 'OperationFailed', { hostId: null });
  if (vm.state === 'Stopping') moveVm(world, vm, 'OperationFailed');
  if (vm.state === 'Migrating') endMigration(world, vm);
}

/** A running VM stays on its host, a stopped one has those of its volumes at rest that were to move. */
function endMigration(world: World, vm: VmRow): void {
  if (vm.hostId !== null) {
    moveVm(world, vm, 'OperationFailed', { destinationHostId: null });
    return;
  }
  for (const volume of volumesOf(world, vm.id)) {
    if (volume.state === 'Migrating') endVolumeOperation(world, volume.id);
  }
  moveVm(world, vm, 'AgentReportStopped');
}

/** Takes a volume out of a state between two, if it is in one. */
export function endVolumeOperation(world: World, volumeId: string): void {
  const volume = world.volumes.get(volumeId);
  if (volume === undefined || volume.removedMs !== null || RESTING.has(volume.state)) return;
  if (!world.volumes.allows(volume, 'OperationFailed')) return;
  world.volumes.move(
    volume,
    'OperationFailed',
    volume.state === 'Creating' || volume.state === 'Copying' ? { poolId: null } : {},
  );
}

function endSnapshotOperation(world: World, snapshotId: string): void {
  const snapshot = world.snapshots.get(snapshotId);
  if (snapshot === undefined || snapshot.removedMs !== null) return;
  if (snapshot.state === 'Creating') endVolumeOperation(world, snapshot.volumeId);
  dropUnfinished(world, snapshot.id);
  if (world.snapshots.allows(snapshot, 'OperationFailed')) {
    world.snapshots.move(snapshot, 'OperationFailed');
  }
}

/** A failure changes nothing of a volume that nobody works on. */
const RESTING: ReadonlySet<string> = new Set([
  'Allocated',
  'Ready',
  'Destroy',
  'Expunged',
  // These wait for the secondary storage VM, not for a job.
  'UploadOp',
  'NotUploaded',
  'UploadInProgress',
]);
