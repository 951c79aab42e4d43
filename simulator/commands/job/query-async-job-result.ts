import { everyRole, flat, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity } from '../../declare/parameter.js';
import { isAdmin } from '../../declare/caller.js';
import { mayActFor } from '../../declare/access.js';
import { dateField, integerField, objectField, stringField } from '../../declare/response.js';
import { permissionDenied } from '../../world/cloud-exception.js';
import type { JobRow } from '../../world/entities.js';
import { pollJob } from '../../world/jobs.js';

const JOB_STATUS = { pending: 0, succeeded: 1, failed: 2 } as const;

/** Jobs tell their owner what became of them (AsyncJobJoinDaoImpl.newAsyncJobResponse). */
export const queryAsyncJobResult = syncCommand({
  name: 'queryAsyncJobResult',
  summary: 'Tells the state of an asynchronous job, and its result once it has ended.',
  roles: everyRole,
  parameters: { jobid: entity('asyncjob', { required: true }) },
  response: flat<JobRow>({
    accountid: stringField((job) => job.accountId),
    account: stringField((job, { world }) => world.accounts.require(job.accountId).name),
    domainid: stringField((job, { world }) => world.accounts.require(job.accountId).domainId),
    domainpath: stringField((job, { world }) => {
      const { domainId } = world.accounts.require(job.accountId);
      return world.domains.require(domainId).path;
    }),
    userid: stringField((job) => job.userId),
    cmd: stringField((job) =>
      job.javaClass === null ? null : `org.apache.cloudstack.api.command.${job.javaClass}`,
    ),
    jobstatus: integerField((job) => JOB_STATUS[job.status]),
    jobprocstatus: integerField(() => 0),
    jobresultcode: integerField((job) => job.resultCode),
    jobresulttype: stringField((job) => (job.result === null ? null : 'object')),
    jobresult: objectField((job) => job.result),
    jobinstancetype: stringField((job) => job.instanceType),
    jobinstanceid: stringField((job) => job.instanceId),
    created: dateField((job) => job.createdMs),
    completed: dateField((job) => job.completedMs),
    jobid: stringField((job) => job.id),
  }),
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
