// Fault plans drawn from what the simulator declares: which effects there are, where each can come and
// which options it has follows from the declarations, so that a new effect takes part unasked.
import fc from 'fast-check';
import { z } from 'zod';
import { roleFor, usersOfRights } from '../../cpi/permissions/role.js';
import { commands } from '../../simulator/commands/index.js';
import { declarationOf, effectNames } from '../../simulator/faults/effects.js';
import type { FaultPlanInput, FaultRuleInput } from '../../simulator/faults/plan-schema.js';
import { UPLOAD, comesOnUpload } from '../../simulator/faults/uploads.js';
import type { FaultEffect } from '../../simulator/world/entities.js';

/** What the CPI may ask for. */
const asked = roleFor(usersOfRights())
  .map(({ right }): string => right)
  .filter((right) => commands.some(({ name }) => name === right));

const changing = asked.filter((name) => !name.startsWith('list'));

/** Where in the life of a request or job, which of them, and how often. */
const places = fc.record({
  command: fc.oneof(
    { weight: 2, arbitrary: fc.constant<string[]>([]) },
    { weight: 4, arbitrary: fc.uniqueArray(fc.constantFrom(...changing), { maxLength: 4 }) },
    { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...asked), { maxLength: 3 }) },
  ),
  phase: fc.nat(10),
  step: fc.constantFrom(1, 2, 3, 'completion' as const),
  probability: fc.constantFrom(0.02, 0.1, 0.3),
  times: fc.constantFrom(null, 1, 2, 5),
});

/** What ends all that is under way is drawn more often than what befalls one request. */
const effects = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...effectNames) },
  { weight: 1, arbitrary: fc.constant('management-server-restart' as const) },
);

const rules: fc.Arbitrary<FaultRuleInput> = effects.chain((effect) => {
  const { phases, atCompletion, options } = declarationOf(effect);
  return fc.record({ place: places, values: optionsOf(options) }).map(({ place, values }) => {
    const phase = phases[place.phase % phases.length]!;
    const step = place.step === 'completion' && atCompletion !== true ? 1 : place.step;
    const { probability, times } = place;
    const isJobs = phase === 'job-step';
    const named = place.command.filter((name) => !isJobs || hasStep(name, step));
    // Rules for all commands never come upon uploads: some are for these instead.
    const mayBeForUploads = place.command.length === 0 && place.phase > 6 && !isJobs;
    const isForUploads = mayBeForUploads && comesOnUpload({ effect } as FaultEffect);
    const command = isForUploads ? [UPLOAD] : named;
    return {
      when: { command, probability, times, phase, ...(isJobs && { step }) },
      then: { effect, ...values },
    };
  });
});

export const faultPlans: fc.Arbitrary<FaultPlanInput> = fc.array(rules, {
  minLength: 1,
  maxLength: 4,
  size: 'max',
});

/** Whether a command has a job that comes to this step. */
function hasStep(name: string, step: number | 'completion'): boolean {
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined || command.kind === 'sync') return false;
  return step === 'completion' || step <= command.steps.length;
}

/** Values for the options of an effect, as far as their types tell. */
function optionsOf(options: Readonly<Record<string, z.ZodType>>): fc.Arbitrary<object> {
  const { properties = {} } = z.toJSONSchema(z.object(options), { io: 'input' });
  return fc.record(
    Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name, valueOf(name, schema as Schema)]),
    ),
  );
}

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Everything ends some time: what lasts until a reset would leave nobody anything to converge to. */
const durationsMs = [1_000, 20_000, 300_000, 1_800_000];

function valueOf(name: string, schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.anyOf !== undefined) {
    const isLasting = name.endsWith('Ms');
    const choices = schema.anyOf.filter(({ type }) => !isLasting || type !== 'null');
    return fc.oneof(...choices.map((one) => valueOf(name, one)));
  }
  if (schema.type === 'null') return fc.constant(null);
  switch (schema.type ?? 'none') {
    case 'boolean':
      return fc.boolean();
    case 'string':
      return fc.constant('it failed, as the fault plan wants it');
    case 'integer':
      if (name.endsWith('Ms')) return fc.constantFrom(...durationsMs);
      return fc.integer({
        min: Math.max(1, schema.minimum ?? 1),
        max: Math.min(600, schema.maximum ?? 600),
      });
    case 'number':
      return fc.constantFrom(2, 10, 100);
    default:
      throw new Error(`no value is known for the option ${name}: ${JSON.stringify(schema)}`);
  }
}
