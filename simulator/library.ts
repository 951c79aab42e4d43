import { mswHandlers } from './doors/msw.js';
import { Simulator, type SimulatorOptions } from './simulator.js';

/** A simulator as the library hands it out: with the door that needs no port. */
export class LibrarySimulator extends Simulator {
  /**
   * For msw: after `setupServer(...simulator.handlers()).listen()`, what this process asks of
   * `${simulator.origin}/client/api` is answered. Throws where msw is not installed. There is no control (`/_sim`) behind
   * this door: the methods of the simulator do the same.
   *
   * `origin` says where clients find the simulator from now on, such as `http://cloudstack.test`.
   */
  handlers({ origin = this.origin }: { origin?: string } = {}): ReturnType<typeof mswHandlers> {
    this.openedAt(origin);
    return mswHandlers(this);
  }
}

/** A CloudStack zone in this process. */
export function createSimulator(options: SimulatorOptions = {}): LibrarySimulator {
  return new LibrarySimulator(options);
}
