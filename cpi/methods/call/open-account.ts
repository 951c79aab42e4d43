import type { Call } from './call.js';
import { openCall, type CallSurroundings } from './open-call.js';
import type { Redactor } from '../../protocol/redactor.js';
import { newestApiVersion } from '../../protocol/request.js';

/**
 * Works in the account of the configuration where no Director has called.
 *
 * @throws BoshError of type CpiError that names every problem of the configuration; what `work`
 *   throws.
 */
export async function openAccount<T>(
  surroundings: CallSurroundings,
  redactor: Redactor,
  log: (line: string) => void,
  work: (call: Call) => Promise<T>,
): Promise<T> {
  const request = {
    method: '',
    arguments: [],
    apiVersion: newestApiVersion,
    context: { directorUuid: '', properties: {} },
  };
  const call = openCall(surroundings, request, redactor, (line) => {
    log(redactor.redact(line));
  });
  try {
    return await work(call);
  } finally {
    call.close();
  }
}
