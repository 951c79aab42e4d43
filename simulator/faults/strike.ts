import type { FaultCondition, FaultEffect, FaultPhase, FaultRuleRow } from '../world/entities.js';
import type { World } from '../world/world.js';

/** A moment at which a fault can come. */
export interface Occasion {
  readonly phase: FaultPhase;
  readonly command: string;
  /** Of a job. */
  readonly step: number | 'completion' | null;
  /** Whether only rules that name the command come: those for any mean commands of the API. */
  readonly isOnlyByName?: true;
  /** Whether it is about the resource with this id or name. */
  readonly isAbout: (resource: string) => boolean;
}

/** A rule that fires, and what it does. */
export interface Strike {
  readonly rule: FaultRuleRow;
  readonly effect: FaultEffect;
}

/**
 * The first rule of the plan that fires. The rules before it have counted the occasion, those behind
 * it do not learn of it. Chance is drawn from a stream of the rule's own: a plan never changes what
 * else is left to chance.
 */
export function strike(world: World, occasion: Occasion): Strike | undefined {
  const rule = world.faultRules
    .all()
    .find((row) => holds(row.when, occasion) && fires(world, row, occasion));
  return rule === undefined ? undefined : { rule, effect: rule.then };
}

/** Writes down what the client got of a request that a rule struck. */
export function noteAnswer(world: World, { rule }: Strike, answered: string): void {
  if (rule.last !== null) world.faultRules.change(rule, { last: { ...rule.last, answered } });
}

function holds(when: FaultCondition, occasion: Occasion): boolean {
  return (
    when.phase === occasion.phase &&
    when.step === occasion.step &&
    isFor(when.command, occasion) &&
    (when.resource === null || occasion.isAbout(when.resource))
  );
}

function isFor(commands: readonly string[], { command, isOnlyByName }: Occasion): boolean {
  return commands.length === 0 ? isOnlyByName !== true : commands.includes(command);
}

function fires(world: World, rule: FaultRuleRow, { command, phase }: Occasion): boolean {
  const { when, fired } = rule;
  const matched = rule.matched + 1;
  const isTurn = when.nth === null || when.nth === matched;
  const isLeft = when.times === null || fired < when.times;
  if (!isTurn || !isLeft || !isChance(world, rule)) {
    world.faultRules.change(rule, { matched });
    return false;
  }
  const last = { command, phase, answered: null };
  world.faultRules.change(rule, { matched, fired: fired + 1, last });
  return true;
}

function isChance(world: World, { id, when }: FaultRuleRow): boolean {
  if (when.probability === 1) return true;
  return world.kernel.random.fraction(`faults/${id}`) < when.probability;
}
