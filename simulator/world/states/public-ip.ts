import { stateTable } from '../state-table.js';

export type PublicIpState = 'Free' | 'Allocated' | 'Releasing';

export type PublicIpEvent = 'Allocate' | 'Release' | 'ReleaseSucceeded';

/** The states of a public address (com.cloud.network.IpAddress). */
export const publicIpStates = stateTable<PublicIpState, PublicIpEvent>({
  entity: 'publicipaddress',
  initial: ['Free'],
  transitions: [
    ['Free', 'Allocate', 'Allocated'],
    ['Allocated', 'Release', 'Releasing'],
    ['Releasing', 'ReleaseSucceeded', 'Free'],
  ],
});
