import { z } from 'zod';
import type { AnswerEffect } from '../../world/entities.js';
import type { EffectDeclarations } from '../effect.js';

const LOST =
  'Before the request is applied nothing has happened, and after it everything has; both look the ' +
  'same from outside. A client recovers by looking for what it asked for under a name that it ' +
  'chose itself; sending a creation again may create twice.';

/** Whoever stands between the client and the API damages the answer. */
export const answerEffects: EffectDeclarations<AnswerEffect['effect']> = {
  'connection-reset': {
    does: 'The connection breaks before a byte of the answer has come.',
    recovery: LOST,
    phases: ['before-apply', 'after-apply-before-reply'],
    options: {},
    seen: ['cloudfoundry/bosh#1631'],
  },
  'no-answer': {
    does: 'The connection stays open, and no answer ever comes.',
    recovery: `A client needs a time limit of its own. ${LOST}`,
    phases: ['before-apply', 'after-apply-before-reply'],
    options: {},
    seen: ['hashicorp/terraform#3171'],
  },
  'truncated-body': {
    does:
      'The head of the answer comes, and half of its body; then the connection breaks. The request ' +
      'has been applied.',
    recovery:
      'The length that the head announces tells that something is missing. What was created is ' +
      'found under the name that the client chose.',
    phases: ['after-apply-before-reply'],
    options: {},
    seen: ['kubernetes-sigs/cluster-api-provider-cloudstack#191'],
  },
  'proxy-error': {
    does:
      'A proxy in front of the management server answers with a page in HTML instead of JSON. ' +
      'Before the request is applied it has not been passed on; afterwards the proxy has lost the ' +
      'answer.',
    recovery:
      'The answer is no JSON, and its status says nothing about whether the request was applied. ' +
      'A client recovers as after a reset.',
    phases: ['before-apply', 'after-apply-before-reply'],
    options: {
      status: z
        .union([z.literal(502), z.literal(503), z.literal(504)])
        .default(502)
        .describe('502, 503 or 504; for 429 see `throttled`.'),
      retryAfterSeconds: z
        .number()
        .int()
        .positive()
        .nullable()
        .default(null)
        .describe('With a header `Retry-After`.'),
    },
    seen: ['apache/cloudstack#2581'],
  },
  'applied-twice': {
    does:
      'The request arrives twice, as when a client or a proxy sends it again behind the back of ' +
      'its caller; both are applied, and the answer to the second one comes.',
    recovery:
      'What was created first is known to nobody but the cloud: it is found under the name that ' +
      'the client chose, or stays as a leak. Deleting twice is told as an error that is none.',
    phases: ['before-apply'],
    options: {},
    seen: ["undici's RetryAgent repeats GETs, by which CloudStack takes changes, too"],
  },
};
