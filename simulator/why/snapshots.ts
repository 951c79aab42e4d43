import { vmSnapshotsOf } from '../world/compute/vm-snapshots.js';
import type { VolumeRow } from '../world/entities.js';
import { policiesOf } from '../world/storage/snapshot-policies.js';
import { isOnItsWay } from '../world/storage/snapshots.js';
import type { World } from '../world/world.js';
import { timeText } from './explanation.js';

// What of snapshots stands in the way of commands about VMs and volumes.

/** What a VM cannot have done to it because it has snapshots. */
export function vmSnapshotsInTheWay(world: World, vmId: string): string[] {
  const snapshots = vmSnapshotsOf(world, vmId);
  if (snapshots.length === 0) return [];
  const names = snapshots.map(({ displayName, id, state }) => `${displayName} (${id}, ${state})`);
  return [
    `The VM has snapshots: ${names.join(', ')}. Until deleteVMSnapshot has removed all of them, its ` +
      'volumes are not attached, detached, resized, moved or reverted, its NICs stay as they are, ' +
      'and it is not reinstalled.',
  ];
}

/** What a volume cannot have done to it because a snapshot of it is on its way. */
export function snapshotsInTheWay(world: World, volume: VolumeRow): string[] {
  return world.snapshots
    .where('volumeId', volume.id)
    .filter(isOnItsWay)
    .map(
      ({ name, id, state }) =>
        `Snapshot ${name} (${id}) of it is ${state}: until that has ended it is not deleted or ` +
        'resized, and on KVM and VMware no volume of its VM has another snapshot.',
    );
}

/** When snapshots of a volume are taken by themselves. */
export function policiesOfVolume(world: World, volume: VolumeRow): string[] {
  return policiesOf(world, volume.id).map(({ id, interval, schedule, timezone, dueMs }) => {
    const due = dueMs === null ? 'it is hidden, and rests' : `next at ${timeText(dueMs)}`;
    return `Policy ${id} takes ${interval} snapshots of it, by ${schedule} in ${timezone}: ${due}.`;
  });
}
