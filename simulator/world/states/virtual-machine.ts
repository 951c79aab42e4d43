import { stateTable } from '../state-table.js';

export type VmState =
  | 'Starting'
  | 'Running'
  | 'Stopping'
  | 'Stopped'
  | 'Destroyed'
  | 'Expunging'
  | 'Migrating'
  | 'Error';

export type VmEvent =
  | 'StartRequested'
  | 'StopRequested'
  | 'DestroyRequested'
  | 'ExpungeOperation'
  | 'RecoveryRequested'
  | 'MigrationRequested'
  | 'StorageMigrationRequested'
  | 'OperationSucceeded'
  | 'OperationFailed'
  | 'OperationFailedToError'
  | 'OperationRetry'
  | 'AgentReportStopped'
  | 'FollowAgentPowerOnReport'
  | 'FollowAgentPowerOffReport';

/** The states of a virtual machine (com.cloud.vm.VirtualMachine). */
export const virtualMachineStates = stateTable<VmState, VmEvent>({
  entity: 'virtualmachine',
  initial: ['Stopped'],
  transitions: [
    ['Stopped', 'StartRequested', 'Starting'],
    ['Stopped', 'StopRequested', 'Stopped'],
    ['Stopped', 'DestroyRequested', 'Destroyed'],
    ['Stopped', 'ExpungeOperation', 'Expunging'],
    ['Stopped', 'OperationFailedToError', 'Error'],
    ['Stopped', 'StorageMigrationRequested', 'Migrating'],
    ['Stopped', 'FollowAgentPowerOnReport', 'Running'],
    ['Starting', 'OperationSucceeded', 'Running'],
    ['Starting', 'OperationFailed', 'Stopped'],
    ['Starting', 'OperationRetry', 'Starting'],
    ['Starting', 'FollowAgentPowerOnReport', 'Running'],
    ['Starting', 'FollowAgentPowerOffReport', 'Stopped'],
    ['Running', 'StopRequested', 'Stopping'],
    ['Running', 'MigrationRequested', 'Migrating'],
    ['Running', 'FollowAgentPowerOffReport', 'Stopped'],
    ['Stopping', 'OperationSucceeded', 'Stopped'],
    ['Stopping', 'OperationFailed', 'Running'],
    ['Stopping', 'StopRequested', 'Stopping'],
    ['Stopping', 'FollowAgentPowerOnReport', 'Running'],
    ['Stopping', 'FollowAgentPowerOffReport', 'Stopped'],
    ['Migrating', 'OperationSucceeded', 'Running'],
    ['Migrating', 'OperationFailed', 'Running'],
    ['Migrating', 'AgentReportStopped', 'Stopped'],
    ['Migrating', 'FollowAgentPowerOnReport', 'Running'],
    ['Migrating', 'FollowAgentPowerOffReport', 'Stopped'],
    ['Destroyed', 'RecoveryRequested', 'Stopped'],
    ['Destroyed', 'ExpungeOperation', 'Expunging'],
    ['Expunging', 'ExpungeOperation', 'Expunging'],
    ['Expunging', 'OperationFailed', 'Expunging'],
    ['Error', 'DestroyRequested', 'Expunging'],
    ['Error', 'ExpungeOperation', 'Expunging'],
  ],
});
