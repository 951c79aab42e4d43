import { everyRole, flat, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity } from '../../declare/parameter.js';
import { isAdmin } from '../../declare/caller.js';
import { mayActFor } from '../../declare/access.js';
import { permissionDenied } from '../../world/cloud-exception.js';
import type { JobRow } from '../../world/entities.js';
import { pollJob } from '../../world/jobs.js';
import { asyncJobResponse } from './async-job-response.js';

/** Jobs tell their owner what became of them (AsyncJobJoinDaoImpl.newAsyncJobResponse). */
export const queryAsyncJobResult = syncCommand({
  name: 'queryAsyncJobResult',
  summary: 'Tells the state of an asynchronous job, and its result once it has ended.',
  roles: everyRole,
  parameters: { jobid: entity('asyncjob', { required: true }) },
  response: flat(asyncJobResponse.fields, asyncJobResponse.name),
  run: (context, { jobid: job }) => {
    assertMaySee(context, job);
    pollJob(context.world, job);
    return job;
  },
});

function assertMaySee({ world, caller }: CommandContext, job: JobRow): void {
  const owner = world.accounts.require(job.accountId);
  const visible = isAdmin(caller)
    ? mayActFor(world, caller, owner)
    : owner.id === caller.account.id;
  if (visible) return;
  throw permissionDenied(
    `Account ${caller.account.name} is not authorized to see job id=${job.id}`,
  );
}
