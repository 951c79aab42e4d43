import { asyncCommand, done, everyRole, objectOf } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { ProjectRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { projectResponse } from './project-response.js';
import { assertMayModify } from './project-rules.js';

/** The machines that were stopped with it stay stopped (ProjectManagerImpl.activateProject). */
export const activateProject = asyncCommand({
  name: 'activateProject',
  summary: 'Makes a suspended project active again.',
  roles: everyRole,
  // The misspelling is CloudStack's own.
  wrapper: 'activaterojectresponse',
  javaClass: { user: 'user.project.ActivateProjectCmd' },
  parameters: { id: entity('project', { required: true }) },
  response: objectOf(projectResponse),
  steps: [
    (context, { id: project }) => {
      assertMayModify(context, project, 'Unable to find project with specified id');
      if (project.state === 'Disabled') {
        throw invalidParameter(`Can't activate the project in ${project.state} state`);
      }
      if (project.state === 'Suspended') activate(context.world, project);
      return done(project);
    },
  ],
});

/** Its account can own more, and its machines can be started, again. */
function activate(world: World, project: ProjectRow): void {
  world.projects.move(project, 'Activate');
  const account = world.accounts.require(project.accountId);
  world.accounts.move(account, 'Enable');
  world.accounts.change(account, { needsCleanup: false });
}
