import { asyncCommand, done, everyRole, objectOf } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { disableAccount } from '../../world/identity/account-cleanup.js';
import { projectResponse } from './project-response.js';
import { assertMayModify } from './project-rules.js';

/** A suspended project takes nothing new, and what ran in it is stopped (ProjectManagerImpl.suspendProject). */
export const suspendProject = asyncCommand({
  name: 'suspendProject',
  summary: 'Suspends a project and stops its virtual machines.',
  roles: everyRole,
  javaClass: { user: 'user.project.SuspendProjectCmd' },
  parameters: { id: entity('project', { required: true }) },
  response: objectOf(projectResponse),
  steps: [
    (context, { id: project }) => {
      const { world } = context;
      assertMayModify(context, project, 'Unable to find project with specified id');
      world.projects.move(project, 'Suspend');
      disableAccount(world, world.accounts.require(project.accountId));
      return done(project);
    },
  ],
});
