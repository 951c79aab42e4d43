import { asyncCommand, done, everyRole, objectOf, type Arguments } from '../../declare/command.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { ProjectMemberRow, ProjectRow } from '../../world/entities.js';
import { memberOf } from '../../world/identity/projects.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import type { World } from '../../world/world.js';
import { projectResponse } from './project-response.js';
import {
  accountOfDomain,
  assertMayModify,
  isOnlyOwner,
  memberRoleNamed,
  notAMember,
} from './project-rules.js';

const parameters = {
  id: entity('project', { required: true }),
  account: text(),
  displaytext: text(),
  name: text(),
  swapowner: flag({ since: '4.15.0' }),
  roletype: text(),
} as const;

type UpdateArguments = Arguments<typeof parameters>;

/**
 * With `account` the project gets that owner instead of the one it has; with `swapowner=false` the
 * account only gets another role in it (ProjectManagerImpl.updateProject).
 */
export const updateProject = asyncCommand({
  name: 'updateProject',
  summary: 'Changes the names of a project, or who owns it.',
  roles: everyRole,
  javaClass: { user: 'user.project.UpdateProjectCmd' },
  parameters,
  response: objectOf(projectResponse),
  steps: [
    (context, args) => {
      const { world } = context;
      const { id: project, name, displaytext, account } = args;
      assertMayModify(context, project, `Unable to find the project id=${project.internalId}`);
      const changeMembers =
        account === undefined ? () => undefined : plannedChange(world, args, account);
      world.projects.change(project, {
        ...(name !== undefined && { name }),
        ...(displaytext !== undefined && { displayText: displaytext }),
      });
      changeMembers();
      return done(project);
    },
  ],
});

/** Checks what is to become of the members, and answers how to do it. */
function plannedChange(
  world: World,
  { id: project, swapowner, roletype }: UpdateArguments,
  name: string,
): () => void {
  const role = memberRoleNamed(roletype) ?? 'Regular';
  const account = accountOfDomain(
    world,
    project,
    name,
    (domainId) => `Unable to find account name=${name} in domain id=${domainId}`,
  );
  const member = memberOf(world, project.id, account.id);
  if (swapowner === false) {
    if (member === undefined) throw notAMember(name);
    if (isOnlyOwner(world, member) && role !== 'Admin') {
      throw invalidParameter('Cannot demote the only admin of the project');
    }
    if (role === 'Admin') assertWithinLimits(world, account, { project: 1 });
    return () => {
      world.projectMembers.change(member, { role });
    };
  }
  const owner = firstOwner(world, project);
  if (owner.accountId === account.id) return () => undefined;
  if (member === undefined) throw notAMember(name);
  assertWithinLimits(world, account, { project: 1 });
  return () => {
    world.projectMembers.change(owner, { role: 'Regular' });
    world.projectMembers.change(member, { role: 'Admin' });
  };
}

function firstOwner(world: World, project: ProjectRow): ProjectMemberRow {
  const owner = world.projectMembers
    .where('projectId', project.id)
    .find((member) => member.role === 'Admin');
  if (owner !== undefined) return owner;
  throw invalidParameter(`Unable to find the current owner for the project ${project.name}`);
}
