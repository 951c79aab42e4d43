import { assertMayModifyProject } from '../../declare/access.js';
import type { CommandContext } from '../../declare/context.js';
import { accountNamed } from '../../world/identity/accounts.js';
import { invalidParameter, type CloudException } from '../../world/cloud-exception.js';
import type { AccountRow, ProjectMemberRow, ProjectRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';

/** Throws for a project that is gone. */
export function assertExists(project: ProjectRow, text: string): void {
  if (project.removedMs === null) return;
  throw invalidParameter(text, [{ uuid: String(project.internalId), description: 'projectId' }]);
}

/** Throws for a project that is gone, or that the caller does not administrate. */
export function assertMayModify(context: CommandContext, project: ProjectRow, text: string): void {
  assertExists(project, text);
  assertMayModifyProject(context, project);
}

/** An account that is or may become a member: one of the domain of the project. */
export function accountOfDomain(
  world: World,
  project: ProjectRow,
  name: string,
  textOf: (domainId: number) => string,
): AccountRow {
  const domain = world.domains.require(project.domainId);
  const account = accountNamed(world, name, domain.id);
  if (account !== undefined) return account;
  throw invalidParameter(textOf(domain.internalId), [{ uuid: domain.id, description: 'domainId' }]);
}

/** The role that a caller names; undefined if it names none. */
export function memberRoleNamed(name: string | undefined): ProjectMemberRow['role'] | undefined {
  if (name === undefined || name === '') return undefined;
  const role = (['Admin', 'Regular'] as const).find(
    (known) => known.toLowerCase() === name.toLowerCase(),
  );
  if (role !== undefined) return role;
  throw invalidParameter('Only Admin or Regular project role types are valid');
}

/** Whether the member is the only one that administrates the project. */
export function isOnlyOwner(world: World, member: ProjectMemberRow): boolean {
  if (member.role !== 'Admin') return false;
  return world.projectMembers
    .where('projectId', member.projectId)
    .every((other) => other.id === member.id || other.role !== 'Admin');
}

export function notAMember(name: string): CloudException {
  return invalidParameter(
    `Account ${name} doesn't belong to the project. Add it to the project first and then change the ` +
      "project's ownership",
  );
}
