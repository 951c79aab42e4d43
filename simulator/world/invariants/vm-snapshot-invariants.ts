import type { VmSnapshotRow } from '../entities.js';
import { isGone } from '../table.js';
import type { World } from '../world.js';

/** What is true of VM snapshots between two changes. */
export function vmSnapshots(world: World): string[] {
  const rows = world.vmSnapshots.all();
  const vmIds = [...new Set(rows.map(({ vmId }) => vmId))];
  return [
    ...rows.flatMap((row) => snapshotOfVm(world, row)),
    ...vmIds.flatMap((vmId) => chainOf(world, vmId)),
  ];
}

function snapshotOfVm(world: World, { id, vmId, state, current }: VmSnapshotRow): string[] {
  return [
    ...(isGone(world.vms.get(vmId))
      ? [`VM snapshot ${id} is of VM ${vmId}, which is removed`]
      : []),
    ...(state === 'Removed' ? [`VM snapshot ${id} is Removed and listed`] : []),
    ...(current && !TAKEN.has(state) ? [`VM snapshot ${id} is ${state} and the current one`] : []),
  ];
}

const TAKEN: ReadonlySet<string> = new Set(['Ready', 'Reverting', 'Expunging', 'Error']);

/** At most one is being worked on, one is the current one, and each follows one that is there. */
function chainOf(world: World, vmId: string): string[] {
  const rows = world.vmSnapshots.where('vmId', vmId);
  const ids = new Set(rows.map(({ id }) => id));
  const current = rows.filter((row) => row.current);
  const busy = rows.filter(({ state }) => ['Creating', 'Reverting'].includes(state));
  return [
    ...(current.length > 1 ? [`VM ${vmId} has ${current.length} current snapshots`] : []),
    ...(busy.length > 1 ? [`VM ${vmId} has ${busy.length} snapshots at work`] : []),
    ...rows
      .filter(({ parentId }) => parentId !== null && !ids.has(parentId))
      .map(({ id, parentId }) => `VM snapshot ${id} follows ${parentId ?? ''}, which is removed`),
  ];
}
