import { again, asyncCommand, done, objectOf, rootOnlyRole, wait } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { StoragePoolRow } from '../../world/entities.js';
import { hasHostsUp, stopVmsOn } from '../../world/storage/storage-maintenance.js';
import { storagePoolResponse } from './storage-pool-response.js';
import { poolText } from './storage-pool-rules.js';

/**
 * Stops all VMs that have a volume on the pool; nothing is put there before the maintenance is
 * canceled (StorageManagerImpl.preparePrimaryStorageForMaintenance).
 */
export const enableStorageMaintenance = asyncCommand({
  name: 'enableStorageMaintenance',
  summary: 'Puts a pool of primary storage into maintenance.',
  roles: rootOnlyRole,
  wrapper: 'prepareprimarystorageformaintenanceresponse',
  javaClass: { user: 'admin.storage.PreparePrimaryStorageForMaintenanceCmd' },
  parameters: { id: entity('storagepool', { required: true }) },
  response: objectOf(storagePoolResponse),
  subject: ({ id }) => ({ type: 'StoragePool', id: id.id }),
  steps: [
    ({ world }, { id: pool }) => {
      assertMayBegin(pool);
      if (!hasHostsUp(world, pool)) {
        world.storagePools.move(pool, 'NoHostsUp');
        return done(pool);
      }
      world.storagePools.move(pool, 'MaintenanceRequested');
      return wait('duration.vm.stop');
    },
    ({ world }, { id: pool }) => {
      if (!stopVmsOn(world, pool)) return again('duration.vm.stop');
      world.storagePools.move(pool, 'VmsStopped');
      return done(pool);
    },
  ],
});

function assertMayBegin(pool: StoragePoolRow): void {
  if (pool.state === 'Up' || pool.state === 'ErrorInMaintenance') return;
  throw invalidParameter(
    `Primary storage ${poolText(pool)} is not ready for migration, as the status is:${pool.state}`,
  );
}
