import { assertMayModifyProject } from '../../declare/access.js';
import { asyncCommand, everyRole, succeeded, success } from '../../declare/command.js';
import { entity, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { memberOf } from '../../world/identity/projects.js';
import { accountOfDomain, assertExists, isOnlyOwner } from './project-rules.js';

/** ProjectManagerImpl.deleteAccountFromProject. */
export const deleteAccountFromProject = asyncCommand({
  name: 'deleteAccountFromProject',
  summary: 'Ends the part of an account in a project; its only owner stays.',
  roles: everyRole,
  javaClass: { user: 'user.account.DeleteAccountFromProjectCmd' },
  parameters: {
    projectid: entity('project', { required: true }),
    account: text({ required: true }),
  },
  response: success,
  subject: ({ projectid }) => ({ type: 'Project', id: projectid.id }),
  steps: [
    (context, { projectid: project, account: name }) => {
      const { world } = context;
      const inProject = [{ uuid: project.id, description: 'projectId' }];
      assertExists(project, 'Unable to find project with specified id');
      const account = accountOfDomain(
        world,
        project,
        name,
        (domainId) => `Unable to find account name=${name} in domain id=${domainId}`,
      );
      assertMayModifyProject(context, project);
      const member = memberOf(world, project.id, account.id);
      if (member === undefined) {
        throw invalidParameter(
          `Account ${name} is not assigned to the project with specified id`,
          inProject,
        );
      }
      if (isOnlyOwner(world, member)) {
        throw invalidParameter(
          `Unable to delete account ${name} from the project with specified id as the account is the ` +
            'owner of the project',
          inProject,
        );
      }
      world.projectMembers.remove(member);
      return succeeded;
    },
  ],
});
