import type { AnyCommand } from '../declare/command.js';
import type { FaultCondition, FaultEffect } from '../world/entities.js';
import { declarationOf } from './effects.js';
import { ruleSchema } from './plan-schema.js';

/** A rule of a plan, checked, with every default filled in. */
export interface FaultRule {
  readonly name: string;
  readonly when: FaultCondition;
  readonly then: FaultEffect;
}

/** A fault plan that is none; every problem is named with its place. */
export class FaultPlanError extends Error {
  constructor(source: string, problems: readonly string[]) {
    super(`${source} is no fault plan:\n${problems.map((line) => `  ${line}`).join('\n')}`);
    this.name = 'FaultPlanError';
  }
}

/** Checks a plan against the commands there are; `source` names it in the error. */
export function parseFaultPlan(
  value: unknown,
  source: string,
  commands: readonly AnyCommand[],
): readonly FaultRule[] {
  if (!Array.isArray(value)) throw new FaultPlanError(source, ['(top): must be a list of rules']);
  const parsed = value.map((rule: unknown, index) => parseRule(rule, index));
  const rules = parsed.flatMap(({ rule }) => rule ?? []);
  const problems = parsed.flatMap(({ rule, issues }, index) =>
    rule === undefined
      ? issues.map((issue) => `${index + 1}: ${issue}`)
      : [...nameProblems(rule, rules), ...ruleProblems(rule, commands)].map(
          (problem) => `${index + 1} (${rule.name}): ${problem}`,
        ),
  );
  if (problems.length > 0) throw new FaultPlanError(source, problems);
  return rules;
}

/** A rule, with every default filled in, or what is wrong with its parts. */
function parseRule(
  value: unknown,
  index: number,
): { readonly rule?: FaultRule; readonly issues: readonly string[] } {
  const parsed = ruleSchema.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(
      ({ path, message }) => `${path.length === 0 ? '(top)' : path.join('.')}: ${message}`,
    );
    return { issues };
  }
  const { name, when, then } = parsed.data;
  const phase = when.phase ?? declarationOf(then.effect).phases[0];
  const step = phase === 'job-step' ? (when.step ?? 1) : when.step;
  const rule = { name: name ?? `rule-${index + 1}`, when: { ...when, phase, step }, then };
  return { rule, issues: [] };
}

function nameProblems(rule: FaultRule, rules: readonly FaultRule[]): string[] {
  const isFirst = rules.find(({ name }) => name === rule.name) === rule;
  return isFirst ? [] : ['name: another rule has it'];
}

function ruleProblems({ when, then }: FaultRule, commands: readonly AnyCommand[]): string[] {
  const { phases } = declarationOf(then.effect);
  return [
    ...(phases.includes(when.phase)
      ? []
      : [`when.phase: ${then.effect} comes in ${phases.join(', ')}, not in ${when.phase}`]),
    ...stepProblems({ when, then }),
    ...(when.nth !== null && when.times !== null
      ? ['when.times: a rule with nth fires once anyway']
      : []),
    ...when.command.flatMap((name) => commandProblems(name, when, commands)),
  ];
}

function stepProblems({ when, then }: Pick<FaultRule, 'when' | 'then'>): string[] {
  if (when.step === null) return [];
  if (when.phase !== 'job-step') return ['when.step: only rules of the phase job-step have one'];
  if (when.step !== 'completion' || declarationOf(then.effect).atCompletion === true) return [];
  return [`when.step: ${then.effect} cannot come at the completion of a job`];
}

function commandProblems(
  name: string,
  { phase, step }: FaultCondition,
  commands: readonly AnyCommand[],
): string[] {
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) return [`when.command: ${name} is not simulated`];
  if (phase !== 'job-step') return [];
  if (command.kind === 'sync') return [`when.command: ${name} has no job`];
  const { length } = command.steps;
  if (typeof step !== 'number' || step <= length) return [];
  return [`when.step: the job of ${name} has ${length} ${length === 1 ? 'step' : 'steps'}`];
}
