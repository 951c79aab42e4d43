import type { Kernel } from '../../kernel/kernel.js';
import type { ClusterRow, HostRow, PodRow, StoragePoolRow, ZoneRow } from '../entities.js';
import { hostStates, type HostEvent } from '../states/host.js';
import { storagePoolStates, type StoragePoolEvent } from '../states/storage-pool.js';
import { Table } from '../table.js';

/** What the cloud is built of. */
export interface InfrastructureTables {
  readonly zones: Table<ZoneRow>;
  readonly pods: Table<PodRow>;
  readonly clusters: Table<ClusterRow>;
  readonly hosts: Table<HostRow, HostEvent>;
  readonly storagePools: Table<StoragePoolRow, StoragePoolEvent>;
}

export function infrastructureTables(kernel: Kernel): InfrastructureTables {
  return {
    zones: new Table(kernel, { entity: 'zone', secrets: ['uploadKey'] }),
    pods: new Table(kernel, { entity: 'pod' }),
    clusters: new Table(kernel, { entity: 'cluster' }),
    hosts: new Table(kernel, { entity: 'host', states: hostStates, indexes: ['clusterId'] }),
    storagePools: new Table(kernel, {
      entity: 'storagepool',
      states: storagePoolStates,
      indexes: ['hostId', 'clusterId', 'scope'],
    }),
  };
}
