// A simulator behind HTTP on a free port of the loopback interface, for the length of one test.
import { listen } from '../../simulator/doors/listen.js';
import {
  createSimulator,
  type Simulator,
  type SimulatorOptions,
} from '../../simulator/simulator.js';

export interface Opened {
  readonly simulator: Simulator;
  readonly origin: string;
}

/** Opens a simulator with manual time, hands it to `action`, and closes it whatever happens. */
export async function whileListening(
  options: SimulatorOptions,
  action: (opened: Opened) => Promise<void>,
): Promise<void> {
  const simulator = createSimulator({ seed: 1, clock: 'manual', ...options });
  const { origin, close } = await listen(simulator, { port: 0, host: '127.0.0.1' });
  try {
    await action({ simulator, origin });
  } finally {
    await close();
  }
}
