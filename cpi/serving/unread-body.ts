import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../flow/clock.js';
import { hasBody } from './expectation.js';

/** How long the rest of a body may come once its request is answered. */
const restMs = 20_000;

/**
 * Node takes in the rest of a body that nobody has read, however long it is, before the connection
 * has its next request. Whoever does not come to an end of it loses the connection.
 */
export function endUnreadBody(
  request: IncomingMessage,
  response: ServerResponse,
  clock: Clock,
): void {
  const { socket } = request;
  if (!hasBody(request.headers)) return;
  response.once('finish', () => {
    if (request.complete || socket.destroyed) return;
    const hasEnded = new AbortController();
    const stop = (): void => {
      socket.off('close', stop);
      hasEnded.abort();
    };
    request.once('end', stop);
    socket.once('close', stop);
    clock.sleep(restMs, hasEnded.signal).then(
      () => socket.destroy(),
      () => undefined,
    );
  });
}
