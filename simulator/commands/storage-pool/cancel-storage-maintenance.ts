import { again, asyncCommand, done, objectOf, rootOnlyRole, wait } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { cloudRuntime } from '../../world/cloud-exception.js';
import type { StoragePoolRow } from '../../world/entities.js';
import { hasHostsUp, startVmsOf } from '../../world/storage/storage-maintenance.js';
import { storagePoolResponse } from './storage-pool-response.js';
import { poolText } from './storage-pool-rules.js';

/**
 * The pool is up again at once, and the VMs that its maintenance stopped are started
 * (StorageManagerImpl.cancelPrimaryStorageForMaintenance).
 */
export const cancelStorageMaintenance = asyncCommand({
  name: 'cancelStorageMaintenance',
  summary: 'Ends the maintenance of a pool of primary storage.',
  roles: rootOnlyRole,
  wrapper: 'cancelprimarystoragemaintenanceresponse',
  javaClass: { user: 'admin.storage.CancelPrimaryStorageMaintenanceCmd' },
  parameters: { id: entity('storagepool', { required: true }) },
  response: objectOf(storagePoolResponse),
  subject: ({ id }) => ({ type: 'StoragePool', id: id.id }),
  steps: [
    ({ world }, { id: pool }) => {
      assertMayCancel(pool);
      world.storagePools.move(pool, 'MaintenanceCanceled');
      if (pool.stoppedVmIds.length === 0 || !hasHostsUp(world, pool)) return done(pool);
      return wait('duration.vm.start');
    },
    ({ world }, { id: pool }) =>
      startVmsOf(world, pool) ? done(pool) : again('duration.vm.start'),
  ],
});

function assertMayCancel(pool: StoragePoolRow): void {
  if (pool.state !== 'Up' && pool.state !== 'PrepareForMaintenance') return;
  throw cloudRuntime(
    `Primary storage ${poolText(pool)} is not ready to complete migration, as the status is:${pool.state}`,
  );
}
