import { stateTable } from '../state-table.js';

export type VmSnapshotState =
  'Allocated' | 'Creating' | 'Ready' | 'Reverting' | 'Expunging' | 'Removed' | 'Error';

export type VmSnapshotEvent =
  | 'CreateRequested'
  | 'RevertRequested'
  | 'ExpungeRequested'
  | 'OperationSucceeded'
  | 'OperationFailed';

/** The states of a VM snapshot (com.cloud.vm.snapshot.VMSnapshot). */
export const vmSnapshotStates = stateTable<VmSnapshotState, VmSnapshotEvent>({
  entity: 'vmsnapshot',
  initial: ['Allocated'],
  transitions: [
    ['Allocated', 'CreateRequested', 'Creating'],
    ['Creating', 'OperationSucceeded', 'Ready'],
    ['Creating', 'OperationFailed', 'Error'],
    ['Ready', 'RevertRequested', 'Reverting'],
    ['Reverting', 'OperationSucceeded', 'Ready'],
    ['Reverting', 'OperationFailed', 'Ready'],
    ['Ready', 'ExpungeRequested', 'Expunging'],
    ['Error', 'ExpungeRequested', 'Expunging'],
    ['Expunging', 'ExpungeRequested', 'Expunging'],
    ['Expunging', 'OperationSucceeded', 'Removed'],
    ['Expunging', 'OperationFailed', 'Error'],
  ],
});
