// Whatever plan is in force and whatever requests come: nothing of the simulator itself fails, every
// invariant holds after each step, and the same seed, plan and requests give the same events again.
import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { test } from '@playwright/test';
import fc from 'fast-check';
import type { ClockModeText } from '../../../simulator/kernel/clock.js';
import { TransportFailure } from '../../../simulator/api/http.js';
import { declarationOf, effectNames } from '../../../simulator/faults/effects.js';
import type { FaultPlanInput, FaultRuleInput } from '../../../simulator/faults/plan-schema.js';
import { eventLine } from '../../../simulator/kernel/event-log.js';
import { checkEventLog } from '../../../simulator/world/invariants/event-log-invariants.js';
import { checkInvariants } from '../../../simulator/world/invariants/invariants.js';
import { crampedZone, parametersOf, steps, type Step } from '../../support/fuzz-commands.js';
import { assertProperty } from '../../support/property.js';
import {
  testSimulator,
  type TestClient,
  type TestWorld,
  type Values,
} from '../../support/simulator-client.js';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 60);

const options: Readonly<Record<string, object>> = {
  refused: { text: 'no' },
  'job-fails': { text: 'no' },
  'job-slows-down': { factor: 3 },
  'job-finishes-late': { afterMs: 5_000, text: 'no' },
  'vm-stuck-in-starting': { forMs: 70_000 },
  'no-secondary-storage-vm': { forMs: 70_000 },
  'capacity-gone': { of: 'hosts', forMs: 70_000 },
};

const rules: fc.Arbitrary<FaultRuleInput> = fc
  .record({
    effect: fc.constantFrom(...effectNames),
    phase: fc.nat(5),
    step: fc.constantFrom(1, 1, 2, 3, 'completion' as const),
    probability: fc.constantFrom(1, 0.5, 0.1),
    settlesStates: fc.boolean(),
    pools: fc.boolean(),
  })
  .map(({ effect, phase: pick, step, probability, settlesStates, pools }) => {
    const { phases, atCompletion } = declarationOf(effect);
    const phase = phases[pick % phases.length]!;
    const place = step === 'completion' && atCompletion !== true ? 1 : step;
    return {
      when: { phase, probability, ...(phase === 'job-step' ? { step: place } : {}) },
      then: {
        effect,
        ...options[effect],
        ...(effect === 'management-server-restart' ? { settlesStates } : {}),
        ...(effect === 'capacity-gone' && pools ? { of: 'pools' as const } : {}),
      },
    };
  });
const plans = fc.array(rules, { minLength: 1, maxLength: 4 });
const clocks = fc.constantFrom<ClockModeText[]>('manual', 'manual', 'auto', 'on-poll');

test('no plan breaks the zone, and each runs the same again', async () => {
  await assertProperty(
    fc.property(plans, steps, clocks, (plan, sequence, clock) => {
      strictEqual(live(plan, sequence, clock), live(plan, sequence, clock));
    }),
    RUNS,
  );
});

/** Lives through the steps; answers all that happened. */
function live(plan: FaultPlanInput, sequence: readonly Step[], clock: ClockModeText): string {
  const errors: unknown[] = [];
  const onFault = (error: unknown): number => errors.push(error);
  const world = testSimulator({ world: crampedZone, faults: plan, onFault, clock });
  populate(world);
  for (const step of sequence) {
    const told = `${JSON.stringify(plan)}: ${take(world, step)}`;
    deepStrictEqual(errors.map(stackOf), [], told);
    deepStrictEqual(checkInvariants(world.simulator.world), [], told);
  }
  deepStrictEqual(checkEventLog(world.simulator.world), []);
  return world.simulator.kernel.log.after(0).map(eventLine).join('');
}

/** VMs and a disk to begin with, as far as the plan lets them come about. */
function populate({ simulator, user }: TestWorld): void {
  const { zones, templates, serviceOfferings, diskOfferings } = simulator.world;
  const zoneid = zones.all()[0]!.id;
  const vm = {
    zoneid,
    templateid: templates.all()[0]!.id,
    serviceofferingid: serviceOfferings.all()[0]!.id,
  };
  send(user, 'deployVirtualMachine', vm);
  send(user, 'deployVirtualMachine', { ...vm, startvm: false });
  send(user, 'createVolume', { zoneid, diskofferingid: diskOfferings.all()[0]!.id, size: 3 });
  simulator.kernel.advanceUntilIdle();
}

function take({ simulator, ...clients }: TestWorld, step: Step): string {
  switch (step.kind) {
    case 'advance':
      simulator.kernel.advanceBy(step.ms);
      return `after ${step.ms} ms`;
    case 'until-idle':
    case 'upload':
      simulator.kernel.advanceUntilIdle();
      return 'after everything under way';
    case 'request': {
      const parameters = parametersOf(simulator, step);
      return send(clients[step.caller], step.command, parameters);
    }
  }
}

/** Sends a request, and says what came of it. */
function send(client: TestClient, command: string, values: Values): string {
  const told = `${command} ${JSON.stringify(values)}`;
  try {
    return `${told} -> ${client.send(command, values).status}`;
  } catch (error) {
    const isPage = error instanceof SyntaxError;
    ok(error instanceof TransportFailure || isPage, `${told} -> ${stackOf(error)}`);
    return `${told} -> ${isPage ? 'a page' : error.kind}`;
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
