// The way between a call and the cloud: each request and each answer travels for a while, mostly for
// milliseconds and now and then for seconds, so that calls that run at once overtake each other.
import {
  TransportError,
  type HttpRequest,
  type HttpResponse,
  type Transport,
} from '../../cpi/cloudstack/transport.js';
import { Aborted } from '../../cpi/flow/errors.js';
import type { Lane } from './virtual-time.js';

/** Draws a whole number from 0 to below a limit. */
export type Draw = (limit: number) => number;

/** As in the CPI, for a request that names none. */
const usualTimeoutMs = 60_000;

export function throughNetwork(lane: Lane, draw: Draw): (transport: Transport) => Transport {
  return (transport) => ({
    close: () => {
      transport.close();
    },
    send: async (request) => {
      await travel(lane, draw, request.signal);
      const response = await answered(lane, transport, request);
      await travel(lane, draw, request.signal);
      return response;
    },
  });
}

/** Images take the way of a real client; what goes to the registry is answered at no time of the cloud's. */
export function leavesProcess(request: HttpRequest): boolean {
  return typeof request.body === 'object' || isForRegistry(request);
}

export function isForRegistry({ url }: HttpRequest): boolean {
  return new URL(url).pathname.startsWith('/instances');
}

async function answered(
  lane: Lane,
  transport: Transport,
  request: HttpRequest,
): Promise<HttpResponse> {
  try {
    if (leavesProcess(request)) return await lane.outside(() => transport.send(request));
    return await transport.send(request);
  } catch (error) {
    if (error instanceof TransportError && error.failure === 'timeout') {
      await lane.sleep(request.idleTimeoutMs ?? usualTimeoutMs);
    }
    throw error;
  }
}

async function travel(lane: Lane, draw: Draw, signal: AbortSignal | undefined): Promise<void> {
  try {
    await lane.travel(travelMs(draw), signal);
  } catch (error) {
    if (!(error instanceof Aborted)) throw error;
    throw new TransportError('aborted', 'maybe', 'the request was stopped', error);
  }
}

function travelMs(draw: Draw): number {
  const kind = draw(40);
  if (kind === 0) return 1_000 + draw(9_000);
  return kind < 8 ? 50 + draw(950) : 1 + draw(30);
}
