// A CloudStack client for tests of the simulator, which looks by the way what the requests show of
// CloudStack's API.
import { createSimulator, Simulator, type SimulatorOptions } from '../../simulator/simulator.js';
import { lookAtParameters } from './observing/parameter-effects.js';
import { lookAtReply } from './observing/reply-contents.js';
import { lookAtTransitions } from './observing/transitions.js';
import { watchRows } from './sound-world.js';
import {
  SignedClient,
  senderOf,
  type Keys,
  type Reachable,
  type Sent,
  type Values,
} from './signed-client.js';

export {
  keysOf,
  senderOf,
  signedQuery,
  type JobOutcome,
  type Keys,
  type Reachable,
  type Refused,
  type Reply,
  type Values,
} from './signed-client.js';

export class TestClient extends SignedClient {
  readonly #simulator: Reachable;

  constructor(simulator: Reachable, keys: Keys) {
    super(simulator, keys);
    this.#simulator = simulator;
    lookAtTransitions(simulator);
    if (simulator instanceof Simulator) watchRows(simulator);
  }

  override send(command: string, values: Values = {}): Sent {
    lookAtParameters(this.#simulator, command, values, senderOf(this.keys));
    const reply = super.send(command, values);
    lookAtReply(command, reply.body);
    return reply;
  }
}

export interface TestWorld {
  readonly simulator: Simulator;
  readonly admin: TestClient;
  readonly user: TestClient;
}

/** Nothing in these tests leaves the process: what is to be downloaded never comes. */
const nothingOutside = (): Promise<never> => new Promise<never>(() => undefined);

/** A simulator in this process with manual time, and a client for each of its two accounts. */
export function testSimulator(options: SimulatorOptions = {}): TestWorld {
  const simulator = createSimulator({
    seed: 1,
    clock: 'manual',
    fetchImage: nothingOutside,
    ...options,
  });
  return {
    simulator,
    admin: new TestClient(simulator, simulator.userWithRole('Admin')),
    user: new TestClient(simulator, simulator.userWithRole('User')),
  };
}
