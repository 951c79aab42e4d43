// What tests of saved worlds share: what a client sees of a request, and what the log has of it.
import { TransportFailure } from '../../simulator/api/http.js';
import { inProcess } from '../../simulator/doors/in-process.js';
import { eventLine } from '../../simulator/kernel/event-log.js';
import type { Simulator } from '../../simulator/simulator.js';
import { signedQuery, type Keys, type Values } from './simulator-client.js';

/** All that a client sees of the answer to a request, be it that there is none. */
export function answerTo(
  simulator: Simulator,
  keys: Keys,
  command: string,
  values: Values,
): string {
  const url = `/client/api?${signedQuery(keys, command, values)}`;
  try {
    return JSON.stringify(inProcess(simulator)({ method: 'GET', url }));
  } catch (error) {
    if (error instanceof TransportFailure) return error.kind;
    throw error;
  }
}

/** The event log, byte for byte. */
export function eventsOf(simulator: Simulator): string {
  return simulator.kernel.log.after(0).map(eventLine).join('');
}
