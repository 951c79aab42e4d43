import { stateTable } from '../state-table.js';

export type ObjectInStoreState =
  'Allocated' | 'Creating' | 'Ready' | 'Destroying' | 'Destroyed' | 'Failed';

export type ObjectInStoreEvent =
  'CreateOnlyRequested' | 'DestroyRequested' | 'OperationSuccessed' | 'OperationFailed';

// The states of what is on a store, as far as the simulated commands can reach them
// (ObjectInDataStoreManagerImpl, whose spelling this is).

/** The states of a snapshot on one store. */
export const snapshotInStoreStates = stateTable<ObjectInStoreState, ObjectInStoreEvent>({
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

/**
 * The states of a template, or an ISO, in the image store of one zone. What is posted stays Allocated
 * until all of it is there; only what is ordered is Creating, and then cannot be deleted.
 */
export const templateInStoreStates = stateTable<ObjectInStoreState, ObjectInStoreEvent>({
  entity: 'templatezone',
  initial: ['Allocated', 'Ready'],
  transitions: [
    ['Allocated', 'CreateOnlyRequested', 'Creating'],
    ['Allocated', 'OperationSuccessed', 'Ready'],
    ['Allocated', 'OperationFailed', 'Failed'],
    ['Allocated', 'DestroyRequested', 'Destroying'],
    ['Creating', 'OperationSuccessed', 'Ready'],
    ['Creating', 'OperationFailed', 'Allocated'],
    ['Ready', 'DestroyRequested', 'Destroying'],
    ['Failed', 'DestroyRequested', 'Destroying'],
    ['Destroying', 'DestroyRequested', 'Destroying'],
    ['Destroying', 'OperationFailed', 'Destroying'],
    ['Destroying', 'OperationSuccessed', 'Destroyed'],
  ],
});
