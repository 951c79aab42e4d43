import { asyncCommand, everyRole, succeeded, success } from '../../declare/command.js';
import { entity, flag } from '../../declare/parameter.js';
import { deleteAccount } from '../../world/identity/account-cleanup.js';
import { cloudRuntime } from '../../world/cloud-exception.js';
import type { ProjectRow } from '../../world/entities.js';
import { removeProject } from '../../world/identity/projects.js';
import type { World } from '../../world/world.js';
import { assertMayModify } from './project-rules.js';

/** Without cleanup it must own nothing any more (ProjectManagerImpl.deleteProject). */
export const deleteProject = asyncCommand({
  name: 'deleteProject',
  summary: 'Deletes a project, if told so with all that it owns.',
  roles: everyRole,
  javaClass: { user: 'user.project.DeleteProjectCmd' },
  parameters: { id: entity('project', { required: true }), cleanup: flag({ since: '4.16.0' }) },
  response: success,
  steps: [
    (context, { id: project, cleanup }, { jobId }) => {
      const { world } = context;
      assertMayModify(context, project, `Unable to find project by id ${project.internalId}`);
      if (cleanup !== true) assertOwnsNothing(world, project);
      deleteAccount(world, world.accounts.require(project.accountId), jobId);
      removeProject(world, project);
      return succeeded;
    },
  ],
});

/** The first kind of which there is something is told. */
function assertOwnsNothing(world: World, { accountId }: ProjectRow): void {
  const kinds: readonly (readonly [string, number])[] = [
    ['VirtualMachineTemplate', world.templates.where('accountId', accountId).length],
    ['VMSnapshot', world.vmSnapshots.where('accountId', accountId).length],
    ['VirtualMachine', world.vms.where('accountId', accountId).length],
    [
      'Volume',
      world.volumes.where('accountId', accountId).filter((volume) => volume.vmId === null).length,
    ],
    ['Network', world.networks.all().filter((row) => row.accountId === accountId).length],
  ];
  for (const [kind, count] of kinds) {
    if (count === 0) continue;
    throw cloudRuntime(`Can't delete the project yet because it has ${count} ${kind} to clean up`);
  }
}
