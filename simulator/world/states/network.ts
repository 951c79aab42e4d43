import { stateTable } from '../state-table.js';

export type NetworkState =
  'Allocated' | 'Setup' | 'Implementing' | 'Implemented' | 'Shutdown' | 'Destroy';

export type NetworkEvent =
  'ImplementNetwork' | 'DestroyNetwork' | 'OperationSucceeded' | 'OperationFailed';

/** The states of a guest network (com.cloud.network.Network). */
export const networkStates = stateTable<NetworkState, NetworkEvent>({
  entity: 'network',
  initial: ['Allocated', 'Setup'],
  transitions: [
    ['Allocated', 'ImplementNetwork', 'Implementing'],
    ['Allocated', 'DestroyNetwork', 'Destroy'],
    ['Setup', 'DestroyNetwork', 'Destroy'],
    ['Implementing', 'OperationSucceeded', 'Implemented'],
    ['Implementing', 'OperationFailed', 'Shutdown'],
    ['Implemented', 'DestroyNetwork', 'Shutdown'],
    ['Shutdown', 'OperationSucceeded', 'Allocated'],
    ['Shutdown', 'OperationFailed', 'Shutdown'],
  ],
});
