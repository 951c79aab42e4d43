import {
  dateField,
  integerField,
  longField,
  objectField,
  responseObject,
  stringField,
  type Field,
} from '../../declare/response.js';
import type { JobRow } from '../../world/entities.js';
import { managementServer } from '../../world/management-servers.js';
import { isBefore } from '../../world/settings/release.js';

const JOB_STATUS = { pending: 0, succeeded: 1, failed: 2 } as const;

/** AsyncJobResponse (AsyncJobJoinDaoImpl.newAsyncJobResponse). */
export const asyncJobResponse = responseObject<JobRow>('asyncjobs', {
  accountid: stringField((job) => job.accountId),
  account: since419(stringField((job, { world }) => world.accounts.require(job.accountId).name)),
  domainid: since419(
    stringField((job, { world }) => world.accounts.require(job.accountId).domainId),
  ),
  domainpath: since419(
    stringField((job, { world }) => {
      const { domainId } = world.accounts.require(job.accountId);
      return world.domains.require(domainId).path;
    }),
  ),
  userid: stringField((job) => job.userId),
  cmd: stringField(javaClassText),
  jobstatus: integerField((job) => JOB_STATUS[job.state]),
  jobprocstatus: integerField(() => 0),
  jobresultcode: integerField((job) => job.resultCode),
  jobresulttype: stringField((job) => (job.result === null ? null : 'object')),
  jobresult: objectField((job) => job.result),
  jobinstancetype: stringField((job) => job.instanceType),
  jobinstanceid: stringField((job) => job.instanceId),
  managementserverid: since419(
    longField((job, { world }) => (job.state === 'pending' ? managementServer(world).msid : null)),
  ),
  created: dateField((job) => job.createdMs),
  completed: dateField((job) => job.completedMs),
  jobid: stringField((job) => job.id),
});

/** Releases before leave the field out. */
function since419(field: Field<JobRow>): Field<JobRow> {
  return {
    ...field,
    value: (job, view) => (isBefore(view.world, '4.19') ? undefined : field.value(job, view)),
  };
}

/** The class that carries the job out, by its full name. */
export function javaClassText({ javaClass }: JobRow): string | null {
  return javaClass === null ? null : `org.apache.cloudstack.api.command.${javaClass}`;
}
