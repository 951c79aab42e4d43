import { stateTable } from '../state-table.js';

export type HostState =
  | 'Enabled'
  | 'Disabled'
  | 'PrepareForMaintenance'
  | 'ErrorInPrepareForMaintenance'
  | 'Maintenance'
  | 'ErrorInMaintenance';

export type HostEvent =
  | 'Enable'
  | 'Disable'
  | 'AdminAskMaintenance'
  | 'AdminCancelMaintenance'
  | 'InternalEnterMaintenance'
  | 'UnableToMigrate'
  | 'UnableToMaintain'
  | 'ErrorsCorrected';

/** What admins want of a host (com.cloud.resource.ResourceState); VMs start where it is Enabled. */
export const hostStates = stateTable<HostState, HostEvent>({
  entity: 'host',
  initial: ['Enabled', 'Disabled'],
  transitions: [
    ['Enabled', 'Disable', 'Disabled'],
    ['Disabled', 'Enable', 'Enabled'],
    ['Enabled', 'AdminAskMaintenance', 'PrepareForMaintenance'],
    ['PrepareForMaintenance', 'InternalEnterMaintenance', 'Maintenance'],
    ['PrepareForMaintenance', 'AdminCancelMaintenance', 'Enabled'],
    ['PrepareForMaintenance', 'UnableToMigrate', 'ErrorInPrepareForMaintenance'],
    ['PrepareForMaintenance', 'UnableToMaintain', 'ErrorInMaintenance'],
    ['ErrorInPrepareForMaintenance', 'InternalEnterMaintenance', 'Maintenance'],
    ['ErrorInPrepareForMaintenance', 'AdminCancelMaintenance', 'Enabled'],
    ['ErrorInPrepareForMaintenance', 'UnableToMigrate', 'ErrorInPrepareForMaintenance'],
    ['ErrorInPrepareForMaintenance', 'UnableToMaintain', 'ErrorInMaintenance'],
    ['ErrorInPrepareForMaintenance', 'ErrorsCorrected', 'PrepareForMaintenance'],
    ['ErrorInPrepareForMaintenance', 'Disable', 'Disabled'],
    ['Maintenance', 'AdminCancelMaintenance', 'Enabled'],
    ['ErrorInMaintenance', 'AdminAskMaintenance', 'PrepareForMaintenance'],
    ['ErrorInMaintenance', 'Disable', 'Disabled'],
    ['ErrorInMaintenance', 'AdminCancelMaintenance', 'Enabled'],
  ],
});
