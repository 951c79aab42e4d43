import { stateTable } from '../state-table.js';

export type SnapshotState =
  | 'Allocated'
  | 'Creating'
  | 'CreatedOnPrimary'
  | 'BackingUp'
  | 'BackedUp'
  | 'Destroying'
  | 'Destroyed'
  | 'Error';

export type SnapshotEvent =
  | 'CreateRequested'
  | 'BackupToSecondary'
  | 'DestroyRequested'
  | 'OperationSucceeded'
  | 'OperationNotPerformed'
  | 'OperationFailed';

/**
 * The states of a snapshot that the simulated commands can reach (SnapshotStateMachineManagerImpl).
 * One that is only on primary storage CloudStack marks as Destroyed without an event
 * (DefaultSnapshotStrategy.deleteSnapshot).
 */
export const snapshotStates = stateTable<SnapshotState, SnapshotEvent>({
  entity: 'snapshot',
  initial: ['Allocated'],
  transitions: [
    ['Allocated', 'CreateRequested', 'Creating'],
    ['Creating', 'OperationSucceeded', 'CreatedOnPrimary'],
    ['Creating', 'OperationNotPerformed', 'BackedUp'],
    ['Creating', 'OperationFailed', 'Error'],
    ['CreatedOnPrimary', 'BackupToSecondary', 'BackingUp'],
    ['CreatedOnPrimary', 'OperationNotPerformed', 'BackedUp'],
    ['CreatedOnPrimary', 'DestroyRequested', 'Destroyed'],
    ['BackingUp', 'BackupToSecondary', 'BackingUp'],
    ['BackingUp', 'OperationSucceeded', 'BackedUp'],
    ['BackingUp', 'OperationNotPerformed', 'BackedUp'],
    ['BackingUp', 'OperationFailed', 'Error'],
    ['BackedUp', 'BackupToSecondary', 'BackingUp'],
    ['BackedUp', 'DestroyRequested', 'Destroying'],
    ['Destroying', 'DestroyRequested', 'Destroying'],
    ['Destroying', 'OperationSucceeded', 'Destroyed'],
    ['Destroying', 'OperationFailed', 'BackedUp'],
  ],
});
