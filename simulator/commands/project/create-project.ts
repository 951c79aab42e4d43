import {
  asyncCreateCommand,
  done,
  everyRole,
  objectOf,
  type Arguments,
} from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { finalizeOwner } from '../../declare/ownership.js';
import { sameName } from '../../declare/list-parameters.js';
import { entity, text } from '../../declare/parameter.js';
import { invalidParameter, permissionDenied, serverApiError } from '../../world/cloud-exception.js';
import type { AccountRow } from '../../world/entities.js';
import { createProject as create } from '../../world/identity/projects.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { projectResponse } from './project-response.js';

const parameters = {
  name: text({ required: true }),
  displaytext: text(),
  account: text(),
  domainid: entity('domain'),
} as const;

/**
 * The project and the account that owns its resources are there at once, Disabled; the job makes it
 * Active (ProjectManagerImpl.createProject, enableProject).
 */
export const createProject = asyncCreateCommand({
  name: 'createProject',
  summary: 'Creates a project, which owns resources like an account.',
  roles: everyRole,
  javaClass: { user: 'user.project.CreateProjectCmd' },
  parameters,
  response: objectOf(projectResponse),
  subjectType: 'None',
  create: (context, args) => {
    const { world } = context;
    const owner = ownerOfProject(context, args);
    assertMayCreate(context);
    const isTaken = world.projects
      .all()
      .some((project) => project.domainId === owner.domainId && sameName(project.name, args.name));
    if (isTaken) {
      throw invalidParameter(
        `Project with name ${args.name} already exists in domain id=` +
          `${world.domains.require(owner.domainId).internalId}`,
      );
    }
    assertWithinLimits(world, owner, { project: 1 });
    const { name, displaytext: displayText = name } = args;
    return create(world, { name, displayText, owner, state: 'Disabled' });
  },
  steps: [
    ({ world }, _args, { createdId }) => {
      const project = world.projects.require(createdId);
      if (project.removedMs !== null) throw serverApiError(530, 'Failed to create a project');
      world.projects.move(project, 'Activate');
      return done(project);
    },
  ],
});

function ownerOfProject(context: CommandContext, args: Arguments<typeof parameters>): AccountRow {
  if ((args.account === undefined) !== (args.domainid === undefined)) {
    throw invalidParameter('Account name and domain id must be specified together');
  }
  return finalizeOwner(context, { account: args.account, domainid: args.domainid });
}

function assertMayCreate({ world, caller }: CommandContext): void {
  if (caller.role !== 'User' || world.settings.get('allow.user.create.projects')) return;
  throw permissionDenied('Regular user is not permitted to create a project');
}
