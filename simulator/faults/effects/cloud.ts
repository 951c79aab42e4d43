import { z } from 'zod';
import type { CloudEffect } from '../../world/entities.js';
import type { EffectDeclarations } from '../effect.js';

const forMs = z
  .number()
  .int()
  .positive()
  .nullable()
  .default(null)
  .describe('Milliseconds of world time until it is over; until a reset unless given.');

/** Something happens to the cloud as a whole. */
export const cloudEffects: EffectDeclarations<CloudEffect['effect']> = {
  'management-server-restart': {
    does:
      'The management server restarts. All jobs that are not done fail with the code 530 and ' +
      'without a result; what they had in hand leaves its state between two, as after a failure: ' +
      'Starting becomes Stopped, Stopping Running, Attaching Ready. Before its reply a request ' +
      'ends with a reset connection, whether it was applied or not; after its reply, or in the ' +
      'step of a job, no connection breaks.',
    recovery:
      'A failed job without `jobresult` says nothing about what was done: a client looks at the ' +
      'resource. A deployment that is lost leaves a Stopped VM, not one in Error.',
    phases: ['after-reply', 'before-apply', 'after-apply-before-reply', 'job-step'],
    atCompletion: true,
    options: {
      settlesStates: z
        .boolean()
        .default(true)
        .describe(
          'Whether resources leave their states between two; releases without #8394 left them there.',
        ),
    },
    seen: ['apache/cloudstack#8394', 'AsyncJobManagerImpl.cleanupLeftOverJobs'],
  },
  'no-secondary-storage-vm': {
    does:
      'No zone has a running secondary storage VM: templates can be neither uploaded nor ' +
      'downloaded, nor deleted, copied or made of snapshots. An upload that it comes upon before ' +
      'its reply ends with a reset connection; uploads and downloads under way fail.',
    recovery:
      'What is refused can be asked for again once one runs, which only an administrator can ' +
      'bring about. It fetches by itself what did not come from a URL; what was to be posted has ' +
      'failed, and is to be deleted and asked for anew.',
    phases: ['before-apply', 'after-apply-before-reply', 'after-reply', 'job-step'],
    atCompletion: true,
    options: { forMs },
    seen: ['apache/cloudstack#11341', 'apache/cloudstack#11051'],
  },
  'capacity-gone': {
    does:
      'All hosts, or all primary storage pools, are full: nothing more is placed there. What is ' +
      'there stays.',
    recovery:
      'Starts and deployments fail with the texts that CloudStack has for it. A deployment that ' +
      'fails in its job leaves a VM in Error; waiting helps once others have left.',
    phases: ['before-apply', 'after-apply-before-reply', 'after-reply', 'job-step'],
    atCompletion: true,
    options: {
      of: z.enum(['hosts', 'pools']).describe('`hosts` or `pools`.'),
      forMs,
    },
    seen: ['apache/cloudstack#7834', 'FirstFitPlanner.orderClusters'],
  },
};
