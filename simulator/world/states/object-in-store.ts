import { stateTable } from '../state-table.js';

export type ObjectInStoreState = 'Allocated' | 'Creating' | 'Ready' | 'Destroying' | 'Destroyed';

export type ObjectInStoreEvent =
  'CreateOnlyRequested' | 'DestroyRequested' | 'OperationSuccessed' | 'OperationFailed';

/**
 * The states of a snapshot on one store that the simulated commands can reach
 * (ObjectInDataStoreManagerImpl, whose spelling this is).
 */
export const objectInStoreStates = stateTable<ObjectInStoreState, ObjectInStoreEvent>({
  entity: 'snapshotstore',
  initial: ['Allocated'],
  transitions: [
    ['Allocated', 'CreateOnlyRequested', 'Creating'],
    ['Creating', 'OperationSuccessed', 'Ready'],
    ['Creating', 'OperationFailed', 'Allocated'],
    ['Ready', 'DestroyRequested', 'Destroying'],
    ['Destroying', 'DestroyRequested', 'Destroying'],
    ['Destroying', 'OperationSuccessed', 'Destroyed'],
  ],
});
