import {
  done,
  succeeded,
  wait,
  type JobProgress,
  type JobStep,
  type Parameters,
  type StepOutcome,
} from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { serverApiError } from '../../world/cloud-exception.js';
import type { FirewallRuleRow } from '../../world/entities.js';
import { applyRule, purgeRule, revokeRule } from '../../world/network/port-rules.js';
import { assertMayChange, type deletionParameters } from './firewall-rules.js';

/** How a rule begins to work, unless somebody has deleted it in the meantime. */
export const creationSteps: readonly JobStep<Parameters, FirewallRuleRow>[] = [tellRouter, apply];

/** Afterwards CloudStack does not know the id any more, unlike that of other removed things. */
export const deletionSteps: readonly JobStep<typeof deletionParameters, undefined>[] = [
  revoke,
  purge,
];

interface OfRule {
  readonly id: FirewallRuleRow;
}

function tellRouter(): StepOutcome<never> {
  return wait('duration.address');
}

function apply(
  { world }: CommandContext,
  _: unknown,
  { createdId }: JobProgress,
): StepOutcome<FirewallRuleRow> {
  const rule = world.firewallRules.get(createdId);
  if (rule === undefined || rule.state === 'Revoke') {
    throw serverApiError(530, 'Failed to create firewall rule');
  }
  applyRule(world, world.firewallRules, rule);
  return done(rule);
}

function revoke(context: CommandContext, { id: rule }: OfRule): StepOutcome<never> {
  assertMayChange(context, rule, 'delete');
  revokeRule(context.world, context.world.firewallRules, rule);
  return wait('duration.address');
}

function purge({ world }: CommandContext, { id: rule }: OfRule): StepOutcome<undefined> {
  purgeRule(world, world.firewallRules, rule);
  return succeeded;
}
