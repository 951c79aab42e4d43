import { stateTable } from '../state-table.js';

export type DomainState = 'Active' | 'Inactive';

export type DomainEvent = 'DeletionBegins' | 'DeletionFailed';

/** The states of a domain (com.cloud.domain.Domain.State): Inactive while it is being deleted. */
export const domainStates = stateTable<DomainState, DomainEvent>({
  entity: 'domain',
  initial: ['Active'],
  transitions: [
    ['Active', 'DeletionBegins', 'Inactive'],
    ['Inactive', 'DeletionBegins', 'Inactive'],
    ['Inactive', 'DeletionFailed', 'Active'],
  ],
});
