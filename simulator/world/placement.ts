import type { HostRow, StoragePoolRow, VmRow } from './entities.js';
import type { World } from './world.js';

/** Where a VM can start: a host, and the pool of each of its volumes by the volume's id. */
export interface Placement {
  readonly host: HostRow;
  readonly pools: ReadonlyMap<string, StoragePoolRow>;
}

/** Finds a host for a VM and a pool for each of its volumes; undefined if there is none. */
export function placeVm(world: World, vm: VmRow): Placement | undefined {
  throw new Error(`placing ${vm.id} is not written yet ${world.kernel.nowMs}`);
}
