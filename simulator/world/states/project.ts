import { stateTable } from '../state-table.js';

export type ProjectState = 'Active' | 'Suspended' | 'Disabled';

export type ProjectEvent = 'Suspend' | 'Activate' | 'DeletionBegins';

/**
 * The states of a project (com.cloud.projects.Project.State): Disabled until the job that creates it
 * has ended, and again while it is being deleted.
 */
export const projectStates = stateTable<ProjectState, ProjectEvent>({
  entity: 'project',
  initial: ['Active', 'Disabled'],
  transitions: [
    ['Active', 'Suspend', 'Suspended'],
    ['Suspended', 'Suspend', 'Suspended'],
    ['Suspended', 'Activate', 'Active'],
    ['Active', 'Activate', 'Active'],
    ['Disabled', 'Activate', 'Active'],
    ['Disabled', 'Suspend', 'Suspended'],
    ['Active', 'DeletionBegins', 'Disabled'],
    ['Suspended', 'DeletionBegins', 'Disabled'],
    ['Disabled', 'DeletionBegins', 'Disabled'],
  ],
});
