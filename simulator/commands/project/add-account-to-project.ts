import { assertMayModifyProject } from '../../declare/access.js';
import { asyncCommand, everyRole, succeeded, success } from '../../declare/command.js';
import { entity, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { joinProject, memberOf } from '../../world/identity/projects.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { accountOfDomain, assertExists, memberRoleNamed } from './project-rules.js';

/** Who is a member already stays as it is, and that is a success (ProjectManagerImpl.addAccountToProject). */
export const addAccountToProject = asyncCommand({
  name: 'addAccountToProject',
  summary: 'Makes an account of the same domain a member of a project.',
  roles: everyRole,
  javaClass: { user: 'user.account.AddAccountToProjectCmd' },
  parameters: {
    projectid: entity('project', { required: true }),
    account: text(),
    roletype: text({ since: '4.15.0' }),
  },
  response: success,
  subject: ({ projectid }) => ({ type: 'Project', id: projectid.id }),
  steps: [
    (context, { projectid: project, account: name, roletype }) => {
      const { world } = context;
      if (name === undefined) throw invalidParameter('Either accountName or email is required');
      const role = memberRoleNamed(roletype) ?? 'Regular';
      assertExists(project, 'Unable to find project with specified id');
      if (project.state !== 'Active') {
        throw invalidParameter(
          `Can't add account to the specified project id in state=${project.state} as it's no longer active`,
          [{ uuid: project.id, description: 'projectId' }],
        );
      }
      const account = accountOfDomain(
        world,
        project,
        name,
        () => `Unable to find account name=${name} in specified domain id`,
      );
      assertMayModifyProject(context, project);
      if (memberOf(world, project.id, account.id) !== undefined) return succeeded;
      if (role === 'Admin') assertWithinLimits(world, account, { project: 1 });
      joinProject(world, project, account, role);
      return succeeded;
    },
  ],
});
