import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { accountListParameters, contains } from '../../declare/list-parameters.js';
import { date, entity } from '../../declare/parameter.js';
import { ownerFilter } from '../../declare/visibility.js';
import { managementServer } from '../../world/management-servers.js';
import { asyncJobResponse, javaClassText } from './async-job-response.js';

/** Jobs that have ended are not listed any more (QueryManagerImpl.searchForAsyncJobs). */
export const listAsyncJobs = syncCommand({
  name: 'listAsyncJobs',
  summary: 'Lists the asynchronous jobs that have not ended.',
  roles: everyRole,
  parameters: {
    startdate: date({ description: 'only jobs that were submitted at this moment or later' }),
    managementserverid: entity('managementserver', { since: '4.19' }),
    ...accountListParameters,
  },
  response: listOf(asyncJobResponse),
  run: (context, args) => {
    const { startdate: startMs, keyword, managementserverid: server } = args;
    const isShown = ownerFilter(context, args, false);
    return context.world.jobs
      .all()
      .filter((job) => job.state === 'pending' && isShown(job.accountId))
      .filter(() => server === undefined || server.id === managementServer(context.world).id)
      .filter((job) => startMs === undefined || job.createdMs >= startMs)
      .filter((job) => keyword === undefined || contains(javaClassText(job) ?? '', keyword));
  },
});
