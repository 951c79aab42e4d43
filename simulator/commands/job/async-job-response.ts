import {
  dateField,
  integerField,
  longField,
  objectField,
  responseObject,
  stringField,
} from '../../declare/response.js';
import type { JobRow } from '../../world/entities.js';
import { managementServer } from '../../world/management-servers.js';

const JOB_STATUS = { pending: 0, succeeded: 1, failed: 2 } as const;

/** AsyncJobResponse (AsyncJobJoinDaoImpl.newAsyncJobResponse). */
export const asyncJobResponse = responseObject<JobRow>('asyncjobs', {
  accountid: stringField((job) => job.accountId),
  account: stringField((job, { world }) => world.accounts.require(job.accountId).name),
  domainid: stringField((job, { world }) => world.accounts.require(job.accountId).domainId),
  domainpath: stringField((job, { world }) => {
    const { domainId } = world.accounts.require(job.accountId);
    return world.domains.require(domainId).path;
  }),
  userid: stringField((job) => job.userId),
  cmd: stringField(javaClassText),
  jobstatus: integerField((job) => JOB_STATUS[job.state]),
  jobprocstatus: integerField(() => 0),
  jobresultcode: integerField((job) => job.resultCode),
  jobresulttype: stringField((job) => (job.result === null ? null : 'object')),
  jobresult: objectField((job) => job.result),
  jobinstancetype: stringField((job) => job.instanceType),
  jobinstanceid: stringField((job) => job.instanceId),
  managementserverid: longField((job, { world }) =>
    job.state === 'pending' ? managementServer(world).msid : null,
  ),
  created: dateField((job) => job.createdMs),
  completed: dateField((job) => job.completedMs),
  jobid: stringField((job) => job.id),
});

/** The class that carries the job out, by its full name. */
export function javaClassText({ javaClass }: JobRow): string | null {
  return javaClass === null ? null : `org.apache.cloudstack.api.command.${javaClass}`;
}
