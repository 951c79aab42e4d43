import type { AccountRow, ProjectMemberRow, ProjectRow } from '../entities.js';
import type { ProjectState } from '../states/project.js';
import { removeTags } from '../tags.js';
import type { World } from '../world.js';

/** The project whose resources an account holds; undefined for the account of people. */
export function projectOfAccount(world: World, account: AccountRow): ProjectRow | undefined {
  if (account.type !== 'Project') return undefined;
  const [project] = world.projects.where('accountId', account.id);
  return project;
}

/** An account's part in a project, if it has one. */
export function memberOf(
  world: World,
  projectId: string,
  accountId: string,
): ProjectMemberRow | undefined {
  return world.projectMembers
    .where('accountId', accountId)
    .find((member) => member.projectId === projectId);
}

/** The projects that an account is a member of. */
export function projectsOfMember(world: World, accountId: string): ProjectRow[] {
  return world.projectMembers
    .where('accountId', accountId)
    .map((member) => world.projects.require(member.projectId));
}

/** Whether an account is a member of the project that the other account belongs to. */
export function isMemberOfProjectOf(world: World, account: AccountRow, owner: AccountRow): boolean {
  const project = projectOfAccount(world, owner);
  return project !== undefined && memberOf(world, project.id, account.id) !== undefined;
}

/** Makes a project with an account of its own, administrated by its owner (ProjectManagerImpl.createProject). */
export function createProject(
  world: World,
  values: {
    readonly name: string;
    readonly displayText: string;
    readonly owner: AccountRow;
    readonly state: ProjectState;
  },
): ProjectRow {
  const { name, displayText, owner, state } = values;
  const { domainId } = owner;
  const account = world.accounts.insert({
    name: `PrjAcct-${name}-${world.domains.require(domainId).internalId}`,
    domainId,
    type: 'Project',
    roleId: null,
    state: 'enabled',
    networkDomain: null,
    details: {},
    needsCleanup: false,
    isDefault: false,
    apiKeyAccess: 'INHERIT',
  });
  const project = world.projects.insert({
    name,
    displayText,
    domainId,
    accountId: account.id,
    state,
  });
  joinProject(world, project, owner, 'Admin');
  return project;
}

/** Makes an account a member of a project. */
export function joinProject(
  world: World,
  project: ProjectRow,
  account: AccountRow,
  role: ProjectMemberRow['role'],
): ProjectMemberRow {
  return world.projectMembers.insert({ projectId: project.id, accountId: account.id, role });
}

/** Removes a project whose account is gone, and what its members were in it. */
export function removeProject(world: World, project: ProjectRow): void {
  world.projects.move(project, 'DeletionBegins');
  for (const member of world.projectMembers.where('projectId', project.id)) {
    world.projectMembers.remove(member);
  }
  world.projects.remove(project);
  removeTags(world, project.id);
}
