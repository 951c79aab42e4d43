import type { JobRow } from './entities.js';
import { moveVm } from './virtual-machines.js';
import { volumesOf } from './volumes.js';
import type { World } from './world.js';

/**
 * Takes what a job had in hand out of a state between two, as a failure of the operation does
 * (AsyncJobManagerImpl.cleanupResources): Starting becomes Stopped, Stopping Running, Attaching
 * Ready. A resource that is in no such state stays as it is.
 */
export function endOperation(world: World, job: Pick<JobRow, 'instanceId'>): void {
  if (job.instanceId === null) return;
  endVmOperation(world, job.instanceId);
  endVolumeOperation(world, job.instanceId);
  const network = world.networks.get(job.instanceId);
  if (network?.state === 'Implementing') world.networks.move(network, 'OperationFailed');
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
  if (vm.state === 'Stopping' || vm.state === 'Migrating') moveVm(world, vm, 'OperationFailed');
}

function endVolumeOperation(world: World, volumeId: string): void {
  const volume = world.volumes.get(volumeId);
  if (volume === undefined || volume.removedMs !== null || RESTING.has(volume.state)) return;
  if (!world.volumes.allows(volume, 'OperationFailed')) return;
  world.volumes.move(
    volume,
    'OperationFailed',
    volume.state === 'Creating' ? { poolId: null } : {},
  );
}

/** A failure changes nothing of a volume that nobody works on. */
const RESTING: ReadonlySet<string> = new Set(['Allocated', 'Ready', 'Destroy', 'Expunged']);
