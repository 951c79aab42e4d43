import { stateTable } from '../state-table.js';

export type StandingState = 'enabled' | 'disabled' | 'locked';

export type StandingEvent = 'Enable' | 'Disable' | 'Lock';

/** The states of accounts and of users (com.cloud.user.Account.State); only who is enabled may call. */
export const standingStates = stateTable<StandingState, StandingEvent>({
  entity: 'account',
  initial: ['enabled'],
  transitions: [
    ['enabled', 'Enable', 'enabled'],
    ['disabled', 'Enable', 'enabled'],
    ['locked', 'Enable', 'enabled'],
    ['enabled', 'Disable', 'disabled'],
    ['disabled', 'Disable', 'disabled'],
    ['locked', 'Disable', 'disabled'],
    ['enabled', 'Lock', 'locked'],
    ['locked', 'Lock', 'locked'],
  ],
});
