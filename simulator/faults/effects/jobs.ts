import { z } from 'zod';
import type { JobEffect } from '../../world/entities.js';
import type { EffectDeclarations } from '../effect.js';

const milliseconds = z.number().int().positive();

/** A job goes another way than it should. */
export const jobEffects: EffectDeclarations<JobEffect['effect']> = {
  'job-fails': {
    does:
      'The job fails instead of doing the step: what it had begun ends as after a failure of the ' +
      'host (a start in Stopped, a deployment in Error, an attachment without effect). At its ' +
      'completion everything is done, and the job is told as failed all the same.',
    recovery:
      'The job tells that it failed, and nothing moves any more: a client looks at the state of ' +
      'the resource and goes on from there. Of a failed deployment a VM in Error stays, whose name ' +
      'and addresses are taken until it is expunged.',
    phases: ['job-step'],
    atCompletion: true,
    options: {
      status: z
        .number()
        .int()
        .min(400)
        .max(599)
        .default(530)
        .describe('The result code of the job.'),
      text: z.string().min(1).describe('What `errortext` in its result says.'),
    },
    seen: ['ApiAsyncJobDispatcher.runJob'],
  },
  'job-never-ends': {
    does:
      'The job stops before the step and stays pending; the jobs that wait behind it for the same ' +
      'VM stay, too. CloudStack has no way to cancel it, and forgets it after ' +
      '`job.expire.minutes`, or when the management server restarts.',
    recovery:
      'A client needs a time limit of its own, and must take a job that outlives it for neither ' +
      'done nor failed: it may still end.',
    phases: ['job-step'],
    atCompletion: true,
    options: {},
    seen: ['apache/cloudstack#10961'],
  },
  'job-slows-down': {
    does: 'From this step on each wait of the job lasts so many times as long.',
    recovery: 'The job ends well, only late: a client whose time limit is longer notices nothing.',
    phases: ['job-step'],
    options: {
      factor: z.number().positive().max(1_000).describe('How many times as long.'),
    },
    seen: ['apache/cloudstack#3104'],
  },
  'job-finishes-late': {
    does:
      'The job is told as failed before the step, as when the host did not answer in time; the ' +
      'host does the rest later all the same, whatever others have done meanwhile.',
    recovery:
      'After a failure for time a client must expect that it still happens: what it does next to ' +
      'the same resource may be undone, and has to be checked.',
    phases: ['job-step'],
    options: {
      afterMs: milliseconds.describe('Milliseconds of world time until the host goes on.'),
      text: z.string().min(1).describe('What `errortext` in the result of the job says.'),
    },
    seen: ['apache/cloudstack#14214'],
  },
  'vm-stuck-in-starting': {
    does:
      'A job that starts a VM fails once the VM is Starting, and the VM stays there: it neither ' +
      'runs nor can be started. After `forMs` a power report of its host takes it to Stopped. ' +
      'Other jobs, and steps before the VM is Starting, go on as if nothing had been.',
    recovery:
      'Only time helps, or an administrator: a client reports the VM and keeps its name and ' +
      'addresses for taken.',
    phases: ['job-step'],
    options: {
      text: z
        .string()
        .min(1)
        .default('Unable to start the VM: its host does not answer')
        .describe('What `errortext` in the result of the job says.'),
      forMs: milliseconds
        .nullable()
        .default(null)
        .describe('Milliseconds of world time until it is Stopped; for good unless given.'),
    },
    seen: ['apache/cloudstack#3104', 'VirtualMachineManagerImpl.scanStalledVMInTransitionState'],
  },
};
