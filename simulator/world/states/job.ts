import { stateTable } from '../state-table.js';

export type JobState = 'pending' | 'succeeded' | 'failed';

export type JobStateEvent =
  | 'Dequeued'
  | 'OperationSucceeded'
  | 'OperationFailed'
  | 'BlockedTooLong'
  | 'ManagementServerRestarted';

/**
 * The states of a job (JobInfo.Status, AsyncJobManagerImpl): one that waits in the queue of its VM
 * looks to clients as one that is at work.
 */
export const jobStates = stateTable<JobState, JobStateEvent>({
  entity: 'asyncjob',
  initial: ['pending'],
  transitions: [
    ['pending', 'Dequeued', 'pending'],
    ['pending', 'OperationSucceeded', 'succeeded'],
    ['pending', 'OperationFailed', 'failed'],
    ['pending', 'BlockedTooLong', 'failed'],
    ['pending', 'ManagementServerRestarted', 'failed'],
  ],
});
