import { z } from 'zod';
import type { FaultEffect } from '../world/entities.js';
import { effectNames, effects } from './effects.js';

const commandName = z.string().min(1);

export const FAULT_PHASES = [
  'before-apply',
  'after-apply-before-reply',
  'after-reply',
  'job-step',
] as const;

/** When a rule fires, as its author writes it. */
export const whenSchema = z.strictObject({
  command: z
    .union([commandName.transform((name) => [name]), z.array(commandName)])
    .default([])
    .describe(
      'A command, or a list of some; any unless given. `/upload` stands for requests to the upload ' +
        'URLs of templates and volumes.',
    ),
  phase: z
    .enum(FAULT_PHASES)
    .nullable()
    .default(null)
    .describe('Where in the life of the request or job; the first of the effect unless given.'),
  step: z
    .union([z.number().int().positive(), z.literal('completion')])
    .nullable()
    .default(null)
    .describe(
      'In the phase `job-step`: which step of the job, counted from 1, or `completion`, when all is ' +
        'done and nothing told yet; 1 unless given.',
    ),
  resource: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'Only requests and jobs with this id or name as the value of a parameter, or in its list; of ' +
        'jobs also those whose resource has this id.',
    ),
  nth: z
    .number()
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('Only the nth of the requests or jobs for which the rest holds, counted from 1.'),
  probability: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('With this probability, drawn from a random stream of the rule.'),
  times: z
    .number()
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('At most so many times; without end unless given.'),
});

/** What happens then: one of the declared effects with its options. */
export const thenSchema = z.discriminatedUnion(
  'effect',
  effectNames.map((name) =>
    z.strictObject({ effect: z.literal(name), ...effects[name].options }),
  ) as unknown as [z.ZodObject, ...z.ZodObject[]],
  { error: `must be an object with effect: one of ${effectNames.join(', ')}` },
) as unknown as z.ZodType<FaultEffect>;

export const ruleSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('What the rule is called in events and counts; `rule-<its place>` unless given.'),
  when: whenSchema.prefault({}).describe('When it happens; always unless given.'),
  then: thenSchema.describe('What happens.'),
});

/** A fault plan as its author writes it. */
export type FaultPlanInput = readonly FaultRuleInput[];

export interface FaultRuleInput {
  readonly name?: string;
  readonly when?: z.input<typeof whenSchema>;
  readonly then: { readonly effect: FaultEffect['effect'] } & Readonly<Record<string, unknown>>;
}
