import type { Socket } from 'node:net';

/**
 * Stops the limit of how long nothing may move on a connection, which is for clients, as long as one
 * of them waits for the server.
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
