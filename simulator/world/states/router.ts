import { stateTable } from '../state-table.js';

export type RouterState = 'Stopped' | 'Starting' | 'Running' | 'Stopping' | 'Expunging';

export type RouterEvent =
  | 'StartRequested'
  | 'StopRequested'
  | 'ExpungeOperation'
  | 'OperationSucceeded'
  | 'OperationFailed'
  | 'FollowAgentPowerOffReport';

/** The states of a virtual router: those of a VM, as far as it gets into them (com.cloud.vm.VirtualMachine). */
export const routerStates = stateTable<RouterState, RouterEvent>({
  entity: 'router',
  initial: ['Stopped'],
  transitions: [
    ['Stopped', 'StartRequested', 'Starting'],
    ['Stopped', 'ExpungeOperation', 'Expunging'],
    ['Starting', 'OperationSucceeded', 'Running'],
    ['Starting', 'OperationFailed', 'Stopped'],
    ['Starting', 'FollowAgentPowerOffReport', 'Stopped'],
    ['Running', 'StopRequested', 'Stopping'],
    ['Stopping', 'OperationSucceeded', 'Stopped'],
    ['Stopping', 'OperationFailed', 'Running'],
    ['Stopping', 'StopRequested', 'Stopping'],
  ],
});
