import type { Request, Response } from 'express';
import { underWayMs } from '../serving/access-log.js';
import { tell, type Denial } from '../serving/denial.js';
import { hasBody, isHeldBack } from '../serving/expectation.js';

export type { Denial } from '../serving/denial.js';

/** Enough for a client to see its answer while it still sends. */
const readOnBytesMax = 16 * 2 ** 20;

/** The same for one that sends slowly: how long that goes on. */
const readOnMs = 10_000;

/** Who sends nothing more waits for the end. */
const readOnIdleMs = 2_000;

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
  request.socket.setTimeout(readOnIdleMs);
  readOn(request, response, denial);
}

/**
 * Refuses a request of somebody who is known: the rest of its body is waited for, where it says how
 * long it is, as long as after every answer; if it comes by then the connection goes on.
 */
export function denyToUser(request: Request, response: Response, denial: Denial): void {
  const isEndless = request.headers['content-length'] === undefined;
  if (isEndless || isHeldBack(request) || !isUnread(request)) {
    deny(request, response, denial);
    return;
  }
  tell(response, denial).end();
  // Of a body that somebody has begun to read, Node does not take in the rest by itself.
  request.resume();
}

function isUnread(request: Request): boolean {
  return !request.complete && hasBody(request.headers);
}

/**
 * The answer goes out at once and more of the body is read and thrown away: a connection that ends
 * before would keep the answer from a client that is still sending.
 */
function readOn(request: Request, response: Response, denial: Denial): void {
  tell(response, denial);
  const untilMs = underWayMs(response) + readOnMs;
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > readOnBytesMax || underWayMs(response) > untilMs) response.end();
  });
  request.once('close', () => {
    response.end();
  });
  request.resume();
}
