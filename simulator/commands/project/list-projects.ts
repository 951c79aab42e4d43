import { assertMayUseDomain } from '../../declare/access.js';
import { isAdmin, isRootAdmin } from '../../declare/caller.js';
import { everyRole, listOf, syncCommand, type Arguments } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import {
  accountListParameters,
  contains,
  hasAnyTag,
  sameName,
  tagFilterParameters,
} from '../../declare/list-parameters.js';
import { entity, text } from '../../declare/parameter.js';
import { accountNamed } from '../../world/identity/accounts.js';
import { invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import { isInSubtree } from '../../world/identity/domains.js';
import type { ProjectRow } from '../../world/entities.js';
import { memberOf } from '../../world/identity/projects.js';
import { projectResponse } from './project-response.js';

const parameters = {
  id: entity('project'),
  name: text(),
  displaytext: text(),
  state: text(),
  ...accountListParameters,
  ...tagFilterParameters,
} as const;

type ListArguments = Arguments<typeof parameters>;
type ProjectTest = (project: ProjectRow) => boolean;

/** The newest first (QueryManagerImpl.listProjectsInternal). */
export const listProjects = syncCommand({
  name: 'listProjects',
  summary: 'Lists the projects of an account; admins can ask for others.',
  roles: everyRole,
  parameters,
  response: listOf(projectResponse),
  run: (context, args) => {
    const { world } = context;
    const { id, name, displaytext, state, keyword, tags } = args;
    const isVisible = visibleProjects(context, args);
    return world.projects
      .all()
      .filter(isVisible)
      .filter((project) => id === undefined || project.id === id.id)
      .filter((project) => name === undefined || sameName(project.name, name))
      .filter((project) => displaytext === undefined || sameName(project.displayText, displaytext))
      .filter((project) => state === undefined || sameName(project.state, state))
      .filter(
        (project) =>
          keyword === undefined ||
          contains(project.name, keyword) ||
          contains(project.displayText, keyword),
      )
      .filter((project) => hasAnyTag(world, project.id, tags))
      .reverse();
  },
});

function visibleProjects(context: CommandContext, args: ListArguments): ProjectTest {
  const { world, caller } = context;
  if (!isAdmin(caller)) {
    assertOwn(context, args);
    return isMember(context, caller.account.id);
  }
  const { account, domainid: domain, listall, isrecursive } = args;
  if (domain === undefined) {
    if (account !== undefined) {
      throw invalidParameter(
        `could not find account ${account} because domain id is not specified`,
      );
    }
    if (listall !== true) return isMember(context, caller.account.id);
    if (isRootAdmin(caller)) return () => true;
    return (project) => isInSubtree(world, project.domainId, caller.account.domainId);
  }
  if (domain.removedMs !== null) {
    throw invalidParameter(`Domain id=${domain.internalId} doesn't exist in the system`);
  }
  assertMayUseDomain(context, domain.id);
  const isIn: ProjectTest = ({ domainId }) =>
    isrecursive === true ? isInSubtree(world, domainId, domain.id) : domainId === domain.id;
  if (account === undefined) return isIn;
  const owner = accountNamed(world, account, domain.id);
  if (owner === undefined) {
    throw invalidParameter(`Unable to find account ${account} in domain ${domain.id}`);
  }
  const isOwn = isMember(context, owner.id);
  return (project) => isIn(project) && isOwn(project);
}

function isMember({ world }: CommandContext, accountId: string): ProjectTest {
  return (project) => memberOf(world, project.id, accountId) !== undefined;
}

function assertOwn({ caller }: CommandContext, { account, domainid }: ListArguments): void {
  if (account !== undefined && account !== caller.account.name) {
    throw permissionDenied(`Can't list account ${account} projects; unauthorized`);
  }
  if (domainid !== undefined && domainid.id !== caller.account.domainId) {
    throw permissionDenied(`Can't list domain id= ${domainid.internalId} projects; unauthorized`);
  }
}
