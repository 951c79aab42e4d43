import { resourceTypes } from '../../world/identity/resource-types.js';
import { z } from 'zod';
import type { RefusalEffect } from '../../world/entities.js';
import type { EffectDeclarations } from '../effect.js';

/** The statuses with which ApiServer answers to an exception of a command. */
export const REFUSAL_STATUSES = [430, 431, 432, 530, 531, 532, 533, 534, 535, 536, 537] as const;

/** The API answers, and says no. */
export const refusalEffects: EffectDeclarations<RefusalEffect['effect']> = {
  unauthorized: {
    does: 'The API answers 401, with the one text that it has for all reasons.',
    recovery:
      'Nothing has changed. Keys that were right before are right again later when the reason was ' +
      'the database or the clock of the management server; a client cannot tell.',
    phases: ['before-apply'],
    options: {},
    seen: ['ApiServer.verifyRequest answers 401 also when the database fails it'],
  },
  throttled: {
    does: 'The API answers 429: the account has sent too many requests.',
    recovery:
      'Nothing has changed, and the text tells when to come again. CloudStack throttles only where ' +
      '`api.throttling.enabled` is set, and never a root admin.',
    phases: ['before-apply'],
    options: {
      retryAfterMs: z
        .number()
        .int()
        .nonnegative()
        .default(1_000)
        .describe('The milliseconds that the text names.'),
      retryAfterHeader: z
        .boolean()
        .default(false)
        .describe('Also a header `Retry-After`, which CloudStack does not send but a proxy may.'),
    },
    seen: ['apache/cloudstack#13342', 'ApiRateLimitServiceImpl'],
  },
  refused: {
    does: 'The command refuses, with a status and a text of your choice, and changes nothing.',
    recovery:
      'Nothing has changed. Whether to try again only the text tells, and of 530, 533 and 534 ' +
      'ordinary users do not see it.',
    phases: ['before-apply'],
    options: {
      status: z
        .literal(REFUSAL_STATUSES)
        .default(530)
        .describe('430 to 432 or 530 to 537, which decides `cserrorcode`, too.'),
      text: z.string().min(1).describe('What `errortext` says.'),
      masked: z
        .boolean()
        .default(true)
        .describe(
          'Whether ordinary users get a general text for 530, 533 and 534, as from most commands; ' +
            'deployVirtualMachine gives the text itself.',
        ),
    },
    seen: ['apache/cloudstack-terraform-provider#25', 'ApiServer.handleRequest'],
  },
  'limit-reached': {
    does: 'A limit of the account is reached: 535, with the text of CloudStack 4.20.',
    recovery:
      'Nothing has changed, and trying again does not help before something is deleted or the ' +
      'limit raised.',
    phases: ['before-apply'],
    options: {
      type: z.enum(resourceTypes).default('user_vm').describe('What there is too much of.'),
    },
    seen: ['ResourceLimitManagerImpl.checkResourceLimit'],
  },
};
