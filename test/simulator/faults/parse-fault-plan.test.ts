// A fault plan is checked as a whole before any of it counts: what it leaves open gets the value
// that the documentation names, and of a plan with mistakes every one is named with its place.
import { expect, test } from '@playwright/test';
import type { z } from 'zod';
import { commands } from '../../../simulator/commands/index.js';
import { declarationOf, effectNames } from '../../../simulator/faults/effects.js';
import { FaultPlanError, parseFaultPlan } from '../../../simulator/faults/parse-fault-plan.js';

function problemsOf(plan: unknown): string[] {
  try {
    parseFaultPlan(plan, 'plan.json', commands);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(FaultPlanError);
    const [head, ...lines] = (error as Error).message.split('\n');
    expect(head).toBe('plan.json is no fault plan:');
    return lines.map((line) => line.trim());
  }
}

test('what a rule leaves open', () => {
  const [first, second] = parseFaultPlan(
    [
      { then: { effect: 'proxy-error' } },
      {
        name: 'slow',
        when: { command: 'attachVolume' },
        then: { effect: 'job-slows-down', factor: 2 },
      },
    ],
    'plan.json',
    commands,
  );
  expect(first).toEqual({
    name: 'rule-1',
    when: {
      command: [],
      phase: 'before-apply',
      step: null,
      resource: null,
      nth: null,
      probability: 1,
      times: null,
    },
    then: { effect: 'proxy-error', status: 502, retryAfterSeconds: null },
  });
  expect(second).toMatchObject({
    name: 'slow',
    when: { command: ['attachVolume'], phase: 'job-step', step: 1 },
    then: { effect: 'job-slows-down', factor: 2 },
  });
});

test('a checked plan is a plan again', () => {
  const plan = [
    { when: { command: ['deployVirtualMachine'], nth: 2 }, then: { effect: 'no-answer' } },
    { when: { step: 'completion' }, then: { effect: 'job-fails', text: 'no' } },
  ].map((rule) =>
    rule.when.step === undefined ? rule : { ...rule, when: { ...rule.when, phase: 'job-step' } },
  );
  const checked = parseFaultPlan(plan, 'plan.json', commands);
  expect(parseFaultPlan(JSON.parse(JSON.stringify(checked)), 'plan.json', commands)).toEqual(
    checked,
  );
});

test('every effect says what it does, how a client recovers, and who met it', () => {
  expect(effectNames.length).toBeGreaterThan(15);
  for (const name of effectNames) {
    const { does, recovery, seen, ...declaration } = declarationOf(name);
    const options: Readonly<Record<string, z.ZodType>> = declaration.options;
    for (const text of [does, recovery]) expect(text, name).toMatch(/^[A-Z][^]*\.$/);
    expect(seen.length, name).toBeGreaterThan(0);
    for (const [option, type] of Object.entries(options)) {
      expect(type.description, `${name}.${option}`).toMatch(/^.+\.$/);
    }
  }
});

test('all mistakes of all rules are named at once', () => {
  expect(
    problemsOf([
      { then: { effect: 'refused', status: 200 } },
      { when: { probability: 2, nth: 0, colour: 1 }, then: { effect: 'no-answer' } },
      { when: { command: 'lstZones' }, then: { effect: 'proxy-error', statsu: 502 } },
      { when: { command: ['listZones', 5], step: 'end' }, then: { effect: 'no-anser' } },
      { name: 'same', when: { command: 'nothing' }, then: { effect: 'unauthorized' } },
      { name: 'same', when: { phase: 'after-reply' }, then: { effect: 'no-answer' } },
      'no rule',
    ]),
  ).toEqual([
    '1 (rule-1): then.status: must be one of 430, 431, 432, 530, 531, 532, 533, 534, 535, 536, 537, got 200',
    '1 (rule-1): then.text: is missing: set it to a text (What `errortext` says)',
    '2 (rule-2): when.nth: must be above 0, got 0',
    '2 (rule-2): when.probability: must be at most 1, got 2',
    '2 (rule-2): when.colour: is unknown; there are command, phase, step, resource, nth, probability, times',
    '3 (rule-3): then.statsu: is unknown (did you mean status?)',
    '3 (rule-3): when.command: lstZones is not simulated (did you mean listZones?)',
    '4 (rule-4): when.command.1: must be a text, got 5',
    '4 (rule-4): when.step: must be a number or completion, got "end"',
    `4 (rule-4): then.effect: must be one of ${effectNames.join(', ')}, got "no-anser" (did you mean no-answer?)`,
    '5 (same): when.command: nothing is not simulated',
    '6 (same): name: another rule has it',
    '6 (same): when.phase: no-answer comes in before-apply, after-apply-before-reply, not in after-reply',
    '7 (rule-7): must be an object, got "no rule"',
  ]);
});

const refused: readonly (readonly [string, unknown, string])[] = [
  ['no list', {}, 'must be a list of rules, such as [{"when":'],
  ['nothing', undefined, 'must be a list of rules, such as'],
  [
    'a rule without effect',
    [{}],
    '1 (rule-1): then: is missing: set it to an object with effect: one of ',
  ],
  ['an unknown effect', [{ then: { effect: 'fire' } }], 'then.effect: must be one of '],
  ['an unknown option', [{ then: { effect: 'no-answer', forMs: 1 } }], 'then.forMs: is unknown'],
  [
    'an empty name',
    [{ name: '', then: { effect: 'no-answer' } }],
    '1: name: must be a text that is not empty, got ""',
  ],
  [
    'a step of a request',
    [{ when: { step: 1 }, then: { effect: 'no-answer' } }],
    'when.step: only rules of the phase job-step have one',
  ],
  [
    'an effect that cannot come at the completion',
    [{ when: { step: 'completion' }, then: { effect: 'job-slows-down', factor: 2 } }],
    'when.step: job-slows-down cannot come at the completion of a job',
  ],
  [
    'the job of a command without one',
    [{ when: { command: 'listZones' }, then: { effect: 'job-never-ends' } }],
    'when.command: listZones has no job',
  ],
  [
    'a step that the job does not have',
    [{ when: { command: 'stopVirtualMachine', step: 3 }, then: { effect: 'job-never-ends' } }],
    'when.step: the job of stopVirtualMachine has 2 steps',
  ],
  [
    'the nth time, several times',
    [{ when: { nth: 1, times: 2 }, then: { effect: 'no-answer' } }],
    'when.times: a rule with nth fires once anyway',
  ],
];
for (const [what, plan, problem] of refused) {
  test(`${what} is refused`, () => {
    const problems = problemsOf(plan);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
}
