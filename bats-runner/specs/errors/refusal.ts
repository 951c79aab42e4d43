import type { Interception } from '../../contract/api-door.js';

/** What CloudStack answers when it refuses a command (ApiErrorCode; 431 is PARAM_ERROR). */
export function cloudRefusal(command: string, errortext: string, errorcode = 431): Interception {
  return {
    status: errorcode,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      [`${command.toLowerCase()}response`]: { errorcode, cserrorcode: 4350, errortext },
    }),
  };
}

/** What CloudStack answers when it has taken a command and made a job of it. */
export function jobTaken(command: string, jobid: string): Interception {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ [`${command.toLowerCase()}response`]: { jobid } }),
  };
}

/** What CloudStack answers about a job that has failed. */
export function jobFailed(errortext: string, errorcode = 530): Interception {
  const jobresult = { errorcode, errortext };
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      queryasyncjobresultresponse: { jobstatus: 2, jobresultcode: errorcode, jobresult },
    }),
  };
}
