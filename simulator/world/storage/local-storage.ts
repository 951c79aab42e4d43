import type { HostRow } from '../entities.js';
import type { World } from '../world.js';

/**
 * Whether VMs that are not stopped have volumes on a host's own disks; pools of other types than EXT
 * are not looked at (StorageManagerImpl.isLocalStorageActiveOnHost).
 */
export function isLocalStorageActive(world: World, host: HostRow): boolean {
  return world.storagePools
    .where('hostId', host.id)
    .filter(({ type }) => type === 'EXT')
    .flatMap(({ id }) => world.volumes.where('poolId', id))
    .filter(({ state }) => state !== 'Expunging' && state !== 'Destroy')
    .some(({ vmId }) => vmId !== null && ACTIVE.has(world.vms.require(vmId).state));
}

const ACTIVE: ReadonlySet<string> = new Set(['Starting', 'Running', 'Stopping', 'Migrating']);
