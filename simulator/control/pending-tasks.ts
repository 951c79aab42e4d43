import type { Kernel } from '../kernel/kernel.js';
import type { Task } from '../kernel/scheduler.js';

/** What each kind of task does when it is due, for the documentation and for who wonders. */
export const taskTexts: Readonly<Record<string, string>> = {
  'job.step': 'the next step of a job',
  'job.admission':
    'looks whether the job may wait for others about the same VM, or fails at once (duration.job)',
  'job.late-step': 'goes on with a job that was told as failed, as a fault plan wants it',
  'job.cancel':
    'gives up a job for which others have waited too long (job.cancel.threshold.minutes)',
  'job.expiry': 'forgets a job that has ended (job.expire.minutes)',
  'upload.look': 'looks how far an upload is (upload.monitoring.interval)',
  'download.look': 'looks how far a download is',
  'snapshot.backup': 'ends the backup of a snapshot',
  'snapshot.copy': 'ends the copies of a snapshot to other zones',
  'snapshot.policy': 'takes the next snapshot of a policy',
  'template.preload': 'ends the copy of a template to a pool, as prepareTemplate wants it',
  'host.evacuation': 'has a VM leave a host that is to go into maintenance',
  'host.arrival': 'ends the migration of a VM that leaves such a host',
  'host.maintenance-check': 'looks whether such a host is empty',
  'fault.recovery': 'ends an outage of a fault plan (forMs)',
  'fault.power-report': 'has a host tell that a VM which is stuck in Starting does not run',
  'account.cleanup':
    'tries again what kept an account from being cleaned up (account.cleanup.interval)',
  'vpc.cleanup': 'removes a VPC whose deletion was interrupted (vpc.cleanup.interval)',
  'extract.cleanup': 'takes away a download URL that has lived long enough',
  'vm.expunge-thread': 'expunges VMs that are destroyed since expunge.delay (expunge.interval)',
  'storage.cleanup':
    'removes destroyed volumes and what else the storage keeps (storage.cleanup.interval)',
};

/** The waiting tasks of one kind. */
export interface PendingTasks {
  readonly kind: string;
  readonly does: string;
  readonly count: number;
  /** World time at which the first and the last of them are due. */
  readonly firstDue: string;
  readonly lastDue: string;
  /** Whether `untilIdle` waits for any of them: background work has no end. */
  readonly isUnderWay: boolean;
}

/** What waits for time to come, by kind; the kind that is due first stands first. */
export function pendingTasks({ tasks }: Kernel): readonly PendingTasks[] {
  const byKind = new Map<string, [Task, ...Task[]]>();
  for (const task of tasks) {
    const alike = byKind.get(task.kind);
    if (alike === undefined) byKind.set(task.kind, [task]);
    else alike.push(task);
  }
  return [...byKind].map(([kind, alike]) => ({
    kind,
    does: taskTexts[kind] ?? kind,
    count: alike.length,
    firstDue: dueText(alike[0]),
    lastDue: dueText(alike.at(-1) ?? alike[0]),
    isUnderWay: alike.some(({ item }) => item !== null),
  }));
}

function dueText({ dueAtMs }: Task): string {
  return new Date(dueAtMs).toISOString();
}
