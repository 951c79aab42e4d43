import { assertMayOperate } from '../../declare/access.js';
import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { contains, pagingParameters, sameName } from '../../declare/list-parameters.js';
import { entity, text } from '../../declare/parameter.js';
import { projectAccountResponse } from './project-response.js';
import { assertExists } from './project-rules.js';

/** Members see each other (QueryManagerImpl.listProjectAccounts). */
export const listProjectAccounts = syncCommand({
  name: 'listProjectAccounts',
  summary: 'Lists the members of a project.',
  roles: everyRole,
  parameters: {
    projectid: entity('project', { required: true }),
    account: text(),
    role: text(),
    ...pagingParameters,
  },
  response: listOf(projectAccountResponse),
  run: (context, { projectid: project, account, role, keyword }) => {
    const { world } = context;
    assertExists(project, `Unable to find the project id=${project.internalId}`);
    assertMayOperate(context, 'project', project);
    const nameOf = (accountId: string): string => world.accounts.require(accountId).name;
    return world.projectMembers
      .where('projectId', project.id)
      .filter((row) => account === undefined || sameName(nameOf(row.accountId), account))
      .filter((row) => role === undefined || sameName(row.role, role))
      .filter((row) => keyword === undefined || contains(nameOf(row.accountId), keyword));
  },
});
