// A zone under a fault plan, and what tests of faults ask of it: what a client sees of one request,
// and what is left behind.
import { inProcess } from '../../simulator/doors/in-process.js';
import { TransportFailure, type ApiResponse } from '../../simulator/api/http.js';
import type { FaultPlanInput, FaultRuleInput } from '../../simulator/faults/plan-schema.js';
import type { SimulatorOptions } from '../../simulator/simulator.js';
import {
  signedQuery,
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from './simulator-client.js';
import { deployment } from './simulator-vms.js';

/** The default world, with time by hand, under this plan. */
export function faultyZone(faults: FaultPlanInput, options: SimulatorOptions = {}): TestWorld {
  return testSimulator({ faults, ...options });
}

/** One rule without more ado. */
export function rule(when: FaultRuleInput['when'], then: FaultRuleInput['then']): FaultPlanInput {
  return [when === undefined ? { then } : { when, then }];
}

/** What came of one request of the ordinary user: a reply, or the kind of a broken answer. */
export function ask(
  { simulator, user }: TestWorld,
  command: string,
  values: Values = {},
): ApiResponse | TransportFailure['kind'] {
  try {
    return inProcess(simulator)({
      method: 'GET',
      url: `/client/api?${signedQuery(user.keys, command, values)}`,
    });
  } catch (error) {
    if (error instanceof TransportFailure) return error.kind;
    throw error;
  }
}

/** Asks for a VM called `web`; answers what the client got. */
export function askForVm(world: TestWorld, values: Values = {}): ReturnType<typeof ask> {
  return ask(world, 'deployVirtualMachine', { ...deployment(world), name: 'web', ...values });
}

/** The VMs that there are, whoever may see them. */
export function vmStates({ simulator }: TestWorld): (readonly [string, string])[] {
  return simulator.world.vms.all().map(({ name, state }) => [name, state] as const);
}

/** How often each rule of the plan fired. */
export function fired({ simulator }: TestWorld): number[] {
  return simulator.faults.map((row) => row.fired);
}

/** Everything that happened in a zone, apart from what its fault plan noted about itself. */
export function eventsBesideFaults({ simulator }: TestWorld): unknown[] {
  return simulator.kernel.log
    .after(0)
    .filter(({ entity }) => entity !== 'faultrule')
    .map((event) => ({ ...event, seq: 0 }));
}

/** The content of a reply that must have come as JSON. */
export function contentOf(answer: ReturnType<typeof ask>): Reply {
  if (typeof answer === 'string') throw new Error(`no reply came: ${answer}`);
  return Object.values(JSON.parse(answer.body) as Record<string, Reply>)[0]!;
}
