import { stateTable } from '../state-table.js';

export type PublicIpState = 'Free' | 'Reserved' | 'Allocated' | 'Releasing';

export type PublicIpEvent = 'Allocate' | 'Reserve' | 'Unreserve' | 'Release' | 'ReleaseSucceeded';

/** The states of a public address (com.cloud.network.IpAddress). */
export const publicIpStates = stateTable<PublicIpState, PublicIpEvent>({
  entity: 'publicipaddress',
  initial: ['Free'],
  transitions: [
    ['Free', 'Allocate', 'Allocated'],
    ['Free', 'Reserve', 'Reserved'],
    ['Reserved', 'Allocate', 'Allocated'],
    ['Reserved', 'Unreserve', 'Free'],
    ['Allocated', 'Release', 'Releasing'],
    ['Releasing', 'ReleaseSucceeded', 'Free'],
  ],
});
