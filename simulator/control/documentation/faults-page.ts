import type { z } from 'zod';
import { declarationOf } from '../../faults/effects.js';
import { answerEffects } from '../../faults/effects/answers.js';
import { cloudEffects } from '../../faults/effects/cloud.js';
import { jobEffects } from '../../faults/effects/jobs.js';
import { refusalEffects } from '../../faults/effects/refusals.js';
import type { FaultPlanInput } from '../../faults/plan-schema.js';
import { whenSchema } from '../../faults/plan-schema.js';
import type { FaultEffectName, FaultPhase } from '../../world/entities.js';
import { bulletList, pageOf } from './page.js';

/** The plan that the page shows. */
export const EXAMPLE_PLAN: FaultPlanInput = [
  {
    name: 'reply-lost',
    when: { command: 'deployVirtualMachine', phase: 'after-apply-before-reply', nth: 1 },
    then: { effect: 'connection-reset' },
  },
  {
    name: 'weather',
    when: { command: 'queryAsyncJobResult', probability: 0.05 },
    then: { effect: 'proxy-error', status: 503 },
  },
  {
    name: 'slow-host',
    when: { command: 'attachVolume', times: 3 },
    then: { effect: 'job-slows-down', factor: 20 },
  },
  {
    name: 'restart',
    when: { command: 'startVirtualMachine', phase: 'job-step', step: 2, nth: 2 },
    then: { effect: 'management-server-restart' },
  },
];

const INTRO =
  'What goes wrong in a simulated cloud is a plan: a JSON list of rules, each of which says when and ' +
  'what. Nothing goes wrong without one. The plan of the start comes from `--faults <file>`, or ' +
  'from `faults` of `createSimulator`; `PUT /_sim/faults`, or `setFaults`, puts another one in its ' +
  'place. A plan with mistakes is refused as a whole, and the error names all of them.';

const RULES: readonly string[] = [
  'At each moment the rules are asked in their order, and the first one that fires is the only ' +
    'one. Those before it have counted the request, those behind it have not.',
  'Chance comes from the seed, by a random stream of each rule: the same seed, requests and plan ' +
    'give the same run, and a plan changes nothing else that is left to chance.',
  'Each rule that counts or fires is an event of the entity `faultrule`, with what the client got ' +
    'in `last.answered`. What an effect does to the cloud has the cause `fault:<name>`.',
  'A reset keeps the plan and begins its counts anew.',
  'In this process, where no connection can break, the request throws `TransportFailure` instead, ' +
    'with the kind of the broken answer.',
  'Uploads are struck only by rules whose command is `/upload`; there come damaged answers, but not ' +
    '`applied-twice`, and what happens to the cloud as a whole. The `resource` is the id of the ' +
    "template. Before it is applied only the head has come, and the template's URL stays usable; " +
    'after it the image is there, and the URL used up.',
];

const PHASES: Readonly<Record<FaultPhase, string>> = {
  'before-apply': 'the request has arrived, and nothing has been done',
  'after-apply-before-reply': 'all that the request does has been done, and nothing told',
  'after-reply': 'the reply has gone',
  'job-step': 'a job is about to do one of its steps, or has done them all (`completion`)',
};

const FAMILIES: readonly (readonly [string, object])[] = [
  ['Answers that do not come as they should', answerEffects],
  ['Refusals', refusalEffects],
  ['Jobs', jobEffects],
  ['The cloud as a whole', cloudEffects],
];

/** The page about fault plans, from the declarations of effects. */
export function faultsPage(): string {
  return pageOf('Fault plans', 'simulator/faults', [
    INTRO,
    `\`\`\`json\n${JSON.stringify(EXAMPLE_PLAN, null, 2)}\n\`\`\``,
    '## Rules',
    bulletList(RULES),
    'A rule has these parts:',
    bulletList([
      '`name` (optional): what it is called in events and counts; `rule-<its place>` unless given.',
      '`when` (optional): the condition; always unless given.',
      '`then` (required): one of the effects below, as an object with `effect` and its options.',
    ]),
    'The condition has these, all of which must hold:',
    bulletList(optionLines(whenSchema.shape)),
    'The phases:',
    bulletList(Object.entries(PHASES).map(([phase, text]) => `\`${phase}\`: ${text}.`)),
    ...FAMILIES.flatMap(([title, family]) => [
      `## ${title}`,
      ...(Object.keys(family) as FaultEffectName[]).flatMap(effectSection),
    ]),
  ]);
}

function effectSection(name: FaultEffectName): string[] {
  const { does, recovery, phases, atCompletion, options, seen } = declarationOf(name);
  const steps = atCompletion === true ? ', also at the completion of a job' : '';
  return [
    `### ${name}`,
    does,
    `For a client: ${recovery}`,
    bulletList([
      `phases: ${phases.map((phase) => `\`${phase}\``).join(', ')}${steps}`,
      ...optionLines(options),
      `seen in: ${seen.join('; ')}`,
    ]),
  ];
}

function optionLines(options: Readonly<Record<string, z.ZodType>>): string[] {
  return Object.entries(options).map(([name, type]) => {
    const fallback = type.safeParse(undefined);
    const presence = fallback.success ? presenceText(fallback.data) : 'required';
    return `\`${name}\` (${presence}): ${type.description ?? ''}`;
  });
}

function presenceText(fallback: unknown): string {
  const isNothing = fallback === null || (Array.isArray(fallback) && fallback.length === 0);
  return isNothing ? 'optional' : `default \`${JSON.stringify(fallback)}\``;
}
