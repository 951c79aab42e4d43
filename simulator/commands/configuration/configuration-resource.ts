import { invalidParameter } from '../../world/cloud-exception.js';
import type { ScopedTo } from '../../world/settings/configurations.js';
import { isGone } from '../../world/table.js';
import type { World } from '../../world/world.js';

/** Throws for a resource that is removed: its id still passes as a parameter. */
export function assertRemains(world: World, scopedTo: ScopedTo | undefined): void {
  if (scopedTo === undefined) return;
  const { table, name } = {
    Zone: { table: world.zones, name: 'zone' },
    Cluster: { table: world.clusters, name: 'cluster' },
    StoragePool: { table: world.storagePools, name: 'storage pool' },
    Account: { table: world.accounts, name: 'account' },
    Domain: { table: world.domains, name: 'domain' },
  }[scopedTo.scope];
  const row = table.get(scopedTo.id);
  if (!isGone(row)) return;
  throw invalidParameter(`unable to find ${name} by id ${row?.internalId ?? scopedTo.id}`);
}
