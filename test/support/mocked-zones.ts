// Simulators that this process reaches through msw instead of a port. They share one msw server,
// since there is one set of functions in Node that it can replace.
import { syncBuiltinESMExports } from 'node:module';
import { setupServer, type SetupServer } from 'msw/node';
import { mswHandlers } from '../../simulator/doors/msw.js';
import type { Simulator } from '../../simulator/simulator.js';

export interface MockedZone {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

const open = new Set<Simulator>();
let server: SetupServer | undefined;
let opened = 0;

/** Opens a simulator at an origin of its own, for requests of this process only. */
export function mockZone(simulator: Simulator): MockedZone {
  opened += 1;
  simulator.openedAt(`http://zone-${opened}.test`);
  open.add(simulator);
  serve();
  return {
    origin: simulator.origin,
    close: () => {
      open.delete(simulator);
      serve();
      return Promise.resolve();
    },
  };
}

function serve(): void {
  if (open.size === 0) {
    server?.close();
    server = undefined;
  } else {
    if (server === undefined) {
      server = setupServer();
      server.listen({ onUnhandledRequest: 'bypass' });
    }
    server.resetHandlers(...[...open].flatMap(mswHandlers));
  }
  // The CPI calls the functions of node:http by their names in the module, which follow only so.
  syncBuiltinESMExports();
}
