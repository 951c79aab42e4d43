import type { Socket } from 'node:net';

/**
 * Stops the limit of how long nothing may move on a connection. It is for clients: while one of
 * them waits for the server it must not run.
 *
 * @returns what lets it run again.
 */
export function pauseIdleLimit(socket: Socket): () => void {
  const { timeout = 0 } = socket;
  socket.setTimeout(0);
  return () => {
    socket.setTimeout(timeout);
  };
}
