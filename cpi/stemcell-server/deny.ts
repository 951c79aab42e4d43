import type { Request, Response } from 'express';
import { giveReason } from '../serving/access-log.js';
import { hasBody } from '../serving/expectation.js';

/** A status, and why, for the client and for the log: a sentence without what the client sent. */
export interface Denial {
  readonly status: number;
  readonly reason: string;
}

/** Refuses a request. Whoever is refused unread has to come anew. */
export function deny(request: Request, response: Response, { status, reason }: Denial): void {
  if (!request.complete && hasBody(request.headers)) response.set('Connection', 'close');
  giveReason(response, reason);
  response.status(status).type('text/plain').end(`${reason}\n`);
}
