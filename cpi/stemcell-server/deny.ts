import type { Request, Response } from 'express';
import { underWayMs } from '../serving/access-log.js';
import { tell, type Denial } from '../serving/denial.js';
import { hasBody, isHeldBack } from '../serving/expectation.js';

export type { Denial } from '../serving/denial.js';

/** How much of the rest of a body is read. */
interface Rest {
  readonly bytesMax: number;
  /** How long it may come. */
  readonly forMs: number;
  /** How long nothing of it may come. */
  readonly idleMs: number;
}

/** Enough for a client to see its answer while it still sends. */
const restOfAnybody: Rest = { bytesMax: 16 * 2 ** 20, forMs: 10_000, idleMs: 2_000 };

/** As after every answer (unread-body.ts). */
const restOfUser: Rest = { bytesMax: Infinity, forMs: 20_000, idleMs: 20_000 };

/**
 * Refuses a request. Of a body that nobody has read no more is waited for than it takes the client
 * to see that; then the connection ends.
 */
export function deny(request: Request, response: Response, denial: Denial): void {
  if (!isUnread(request)) {
    tell(response, denial).end();
    return;
  }
  response.set('Connection', 'close');
  if (isHeldBack(request) || request.method === 'HEAD') {
    tell(response, denial).end();
    return;
  }
  readOn(request, response, denial, restOfAnybody);
}

/**
 * Refuses a request of somebody who is known: the rest of its body is waited for, where it says how
 * long it is, and the connection goes on.
 */
export function denyToUser(request: Request, response: Response, denial: Denial): void {
  const isEndless = request.headers['content-length'] === undefined;
  if (isEndless || isHeldBack(request) || !isUnread(request)) deny(request, response, denial);
  else readOn(request, response, denial, restOfUser);
}

function isUnread(request: Request): boolean {
  return !request.complete && hasBody(request.headers);
}

/**
 * The answer goes out at once and the rest of the body is read and thrown away: a connection that
 * ends before, as with a response that has ended it may, would keep the answer from a client that
 * is still sending.
 */
function readOn(
  request: Request,
  response: Response,
  denial: Denial,
  { bytesMax, forMs, idleMs }: Rest,
): void {
  tell(response, denial);
  request.socket.setTimeout(idleMs);
  const untilMs = underWayMs(response) + forMs;
  let bytes = 0;
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes <= bytesMax && underWayMs(response) <= untilMs) return;
    request.off('data', onData);
    request.socket.destroySoon();
  };
  request.on('data', onData);
  request.once('close', () => {
    response.end();
  });
  request.resume();
}
