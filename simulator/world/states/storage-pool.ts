import { stateTable } from '../state-table.js';

export type StoragePoolState =
  'Up' | 'Disabled' | 'PrepareForMaintenance' | 'Maintenance' | 'ErrorInMaintenance';

export type StoragePoolEvent =
  | 'Disabled'
  | 'Enabled'
  | 'MaintenanceRequested'
  | 'VmsStopped'
  | 'NoHostsUp'
  | 'MaintenanceFailed'
  | 'MaintenanceCanceled';

/**
 * The states of a pool that the simulated commands can reach (com.cloud.storage.StoragePoolStatus).
 * CloudStack writes them without events; these are named for what it does then.
 */
export const storagePoolStates = stateTable<StoragePoolState, StoragePoolEvent>({
  entity: 'storagepool',
  initial: ['Up'],
  transitions: [
    ['Up', 'Disabled', 'Disabled'],
    ['Disabled', 'Enabled', 'Up'],
    ['Disabled', 'MaintenanceCanceled', 'Up'],
    ['Up', 'MaintenanceRequested', 'PrepareForMaintenance'],
    ['Up', 'NoHostsUp', 'Maintenance'],
    ['ErrorInMaintenance', 'MaintenanceRequested', 'PrepareForMaintenance'],
    ['ErrorInMaintenance', 'NoHostsUp', 'Maintenance'],
    ['PrepareForMaintenance', 'VmsStopped', 'Maintenance'],
    ['PrepareForMaintenance', 'MaintenanceFailed', 'ErrorInMaintenance'],
    ['Maintenance', 'MaintenanceCanceled', 'Up'],
    ['ErrorInMaintenance', 'MaintenanceCanceled', 'Up'],
  ],
});
