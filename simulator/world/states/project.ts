import { stateTable } from '../state-table.js';

export type ProjectState = 'Active' | 'Suspended' | 'Disabled';

export type ProjectEvent = 'Suspend' | 'Activate' | 'DeletionBegins';

/** The states of a project (com.cloud.projects.Project.State): Disabled while it is being deleted. */
export const projectStates = stateTable<ProjectState, ProjectEvent>({
  entity: 'project',
  initial: ['Active'],
  transitions: [
    ['Active', 'Suspend', 'Suspended'],
    ['Suspended', 'Suspend', 'Suspended'],
    ['Suspended', 'Activate', 'Active'],
    ['Active', 'DeletionBegins', 'Disabled'],
    ['Suspended', 'DeletionBegins', 'Disabled'],
  ],
});
