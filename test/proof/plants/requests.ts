// What plants do to requests of the CPI and to their answers.
import type { HttpRequest, HttpResponse, Transport } from '../../../cpi/cloudstack/transport.js';
import { commandOf } from '../../crash/interruption.js';
import type { CallOptions, CpiZone } from '../../support/cpi-zone.js';
import { signedQuery, type Values } from '../../support/signed-client.js';

/** Another way to the cloud: `send` sends what it wants to `next`. */
export type Detour = (request: HttpRequest, next: Transport) => Promise<HttpResponse>;

export function detour(send: Detour): (transport: Transport) => Transport {
  return (transport) => ({
    close: () => {
      transport.close();
    },
    send: (request) => send(request, transport),
  });
}

/** The options of a call whose requests take a detour. */
export function withDetour(options: CallOptions | undefined, send: Detour): CallOptions {
  const { through = (transport: Transport) => transport } = options ?? {};
  return { ...options, through: (transport) => detour(send)(through(transport)) };
}

const ofEveryRequest: ReadonlySet<string> = new Set([
  ...['command', 'response', 'apiKey', 'signature', 'signatureVersion', 'expires'],
]);

/** The parameters of a request for CloudStack. */
export function parametersOf({ body }: HttpRequest): Record<string, string> {
  if (typeof body !== 'string') return {};
  const all = [...new URLSearchParams(body)].filter(([name]) => !ofEveryRequest.has(name));
  return Object.fromEntries(all);
}

/** The same request with other parameters, signed anew. */
export function withParameters(zone: CpiZone, request: HttpRequest, values: Values): HttpRequest {
  return { ...request, body: signedQuery(zone.user.keys, commandOf(request), values) };
}

const pretendedJob = 'ffffffff-ffff-4fff-8fff-ffffffffffff';

/** Never sends a command, and answers as if its job had been done. */
export function pretend(command: string): Detour {
  return async (request, next) => {
    const asked = commandOf(request);
    const { id = '', jobid } = parametersOf(request);
    if (asked === command) {
      return answer({ [`${command.toLowerCase()}response`]: { id, jobid: pretendedJob } });
    }
    if (asked !== 'queryAsyncJobResult' || jobid !== pretendedJob) return next.send(request);
    const jobresult = { success: true, virtualmachine: { id } };
    return answer({
      queryasyncjobresultresponse: { jobid, jobstatus: 1, jobresultcode: 0, jobresult },
    });
  };
}

function answer(content: object): HttpResponse {
  return { status: 200, headers: {}, body: JSON.stringify(content) };
}

export { commandOf };
