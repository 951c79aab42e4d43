import type { AnyCommand } from '../declare/command.js';
import { nameHint } from '../input/nearest-name.js';
import { problemText } from '../input/problems.js';
import { readInput, UNREADABLE } from '../input/readable.js';
import type { FaultCondition, FaultEffect, FaultPhase } from '../world/entities.js';
import type { EffectDeclaration } from './effect.js';
import { declarationOf, effectNames } from './effects.js';
import { ruleSchema } from './plan-schema.js';
import { UPLOAD, comesOnUpload } from './uploads.js';

/** A rule of a plan, checked, with every default filled in. */
export interface FaultRule {
  readonly name: string;
  readonly when: FaultCondition;
  readonly then: FaultEffect;
}

/** A fault plan that is none; every problem is named with its place. */
export class FaultPlanError extends Error {
  constructor(
    source: string,
    /** One for each mistake, beginning with the number of the rule. */
    readonly problems: readonly string[],
  ) {
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
  if (!Array.isArray(value)) throw new FaultPlanError(source, [`must be a list of rules, ${SUCH}`]);
  const parsed = value.map((rule: unknown, index) => readRule(rule, index));
  const rules = parsed.map(({ rule }) => rule);
  const problems = parsed.flatMap(({ rule, problems: own }, index) =>
    [...own, ...nameProblems(rule, rules), ...ruleProblems(rule, commands)].map(
      (problem) => `${placeOf(rule, index)}: ${problem}`,
    ),
  );
  if (problems.length > 0) throw new FaultPlanError(source, problems);
  return rules;
}

const SUCH =
  'such as [{"when":{"command":"listZones","nth":1},"then":{"effect":"connection-reset"}}]';

/** A rule whose name cannot be read has its number only. */
function placeOf({ name }: FaultRule, index: number): string {
  return name === UNREADABLE ? String(index + 1) : `${index + 1} (${name})`;
}

/** A rule, with every default filled in, as far as it can be read; and what is wrong with its form. */
function readRule(
  value: unknown,
  index: number,
): { readonly rule: FaultRule; readonly problems: readonly string[] } {
  const { read, problems } = readInput(ruleSchema, value);
  const { name = `rule-${index + 1}`, when, then } = read;
  const phase = when.phase ?? declaredEffect(then)?.phases[0];
  const step = phase === 'job-step' ? (when.step ?? 1) : when.step;
  // Where the effect cannot be read, neither can the phase that it brings.
  const rule = { name, when: { ...when, phase: phase ?? (UNREADABLE as FaultPhase), step }, then };
  return { rule, problems: problems.map(problemText) };
}

/** Undefined for an effect that could not be read. */
function declaredEffect({ effect }: FaultEffect): EffectDeclaration<FaultEffect> | undefined {
  return effectNames.includes(effect) ? declarationOf(effect) : undefined;
}

function nameProblems(rule: FaultRule, rules: readonly FaultRule[]): string[] {
  const isFirst = rules.find(({ name }) => name === rule.name) === rule;
  return isFirst || rule.name === UNREADABLE ? [] : ['name: another rule has it'];
}

function ruleProblems({ when, then }: FaultRule, commands: readonly AnyCommand[]): string[] {
  const phases = declaredEffect(then)?.phases;
  return [
    ...(phases === undefined || isUnreadable(when.phase) || phases.includes(when.phase)
      ? []
      : [`when.phase: ${then.effect} comes in ${phases.join(', ')}, not in ${when.phase}`]),
    ...stepProblems({ when, then }),
    ...(when.nth !== null && when.times !== null
      ? ['when.times: a rule with nth fires once anyway']
      : []),
    ...when.command.flatMap((name) => commandProblems(name, { when, then }, commands)),
  ];
}

function stepProblems({ when, then }: Pick<FaultRule, 'when' | 'then'>): string[] {
  if (when.step === null || isUnreadable(when.phase)) return [];
  if (when.phase !== 'job-step') return ['when.step: only rules of the phase job-step have one'];
  const effect = declaredEffect(then);
  if (when.step !== 'completion' || effect === undefined || effect.atCompletion === true) return [];
  return [`when.step: ${then.effect} cannot come at the completion of a job`];
}

/** A choice that could not be read is none of those that there are. */
function isUnreadable(choice: string): boolean {
  return choice === UNREADABLE;
}

function commandProblems(
  name: string,
  { when: { phase, step }, then }: Pick<FaultRule, 'when' | 'then'>,
  commands: readonly AnyCommand[],
): string[] {
  if (name === UNREADABLE) return [];
  if (name === UPLOAD) {
    if (declaredEffect(then) !== undefined && !comesOnUpload(then))
      return [`when.command: ${then.effect} does not come on ${UPLOAD}`];
    return phase === 'job-step' ? [`when.command: ${UPLOAD} has no job`] : [];
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const names = commands.map((candidate) => candidate.name);
    return [`when.command: ${name} is not simulated${nameHint(name, names)}`];
  }
  if (phase !== 'job-step') return [];
  if (command.kind === 'sync') return [`when.command: ${name} has no job`];
  const { length } = command.steps;
  if (typeof step !== 'number' || step <= length) return [];
  return [`when.step: the job of ${name} has ${length} ${length === 1 ? 'step' : 'steps'}`];
}
