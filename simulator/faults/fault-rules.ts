import type { FaultRuleRow } from '../world/entities.js';
import type { World } from '../world/world.js';
import type { FaultRule } from './parse-fault-plan.js';

/** Puts a plan into force, in place of the one before; all counts begin anew. */
export function setFaultRules(world: World, rules: readonly FaultRule[]): void {
  clearFaultRules(world);
  for (const { name, when, then } of rules) {
    world.faultRules.insert({ id: name, when, then, matched: 0, fired: 0, last: null });
  }
}

/** Takes all rules away; what they have done stays done. */
export function clearFaultRules(world: World): void {
  for (const row of world.faultRules.all()) world.faultRules.purge(row);
}

/** A rule of the plan in force, and how often it counted and fired. */
export interface FaultRuleStatus extends FaultRule {
  readonly matched: number;
  readonly fired: number;
  readonly last: FaultRuleRow['last'];
}

/** The plan in force, in its order. */
export function faultRules(world: World): FaultRuleStatus[] {
  return world.faultRules.all().map(({ id, when, then, matched, fired, last }) => ({
    name: id,
    when,
    then,
    matched,
    fired,
    last,
  }));
}
