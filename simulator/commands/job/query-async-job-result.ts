import { everyRole, flat, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity } from '../../declare/parameter.js';
import { assertMayOperate } from '../../declare/access.js';
import { permissionDenied } from '../../world/cloud-exception.js';
import { accountText } from '../../world/identity/accounts.js';
import type { JobRow } from '../../world/entities.js';
import { pollJob } from '../../world/jobs.js';
import { asyncJobResponse } from './async-job-response.js';

/** Jobs tell their owner what became of them (ApiResponseHelper.queryJobResult). */
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

/** Users see their account's own jobs, domain admins those of their subtree, the others all. */
function assertMaySee(context: CommandContext, job: JobRow): void {
  const { world, caller } = context;
  const owner = world.accounts.require(job.accountId);
  if (caller.role === 'DomainAdmin') assertMayOperate(context, 'account', owner);
  if (caller.role !== 'User' || owner.id === caller.account.id) return;
  throw permissionDenied(
    `Account ${accountText(caller.account)} is not authorized to see job id=${job.internalId}`,
  );
}
