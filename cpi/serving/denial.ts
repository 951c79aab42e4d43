import type { ServerResponse } from 'node:http';
import { giveReason } from './access-log.js';

/** A status, and why, for the client and for the log: a sentence without what the client sent. */
export interface Denial {
  readonly status: number;
  readonly reason: string;
}

/** Answers with a denial, but for the end of the response. */
export function tell(response: ServerResponse, { status, reason }: Denial): ServerResponse {
  const text = `${reason}\n`;
  giveReason(response, reason);
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.write(text);
  return response;
}
