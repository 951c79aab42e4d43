import type { Socket } from 'node:net';

interface Paused {
  /** How many wait for the server at the moment. */
  pauses: number;
  readonly timeoutMs: number;
}

const paused = new WeakMap<Socket, Paused>();

/**
 * Stops the limit of how long nothing may move on a connection. It is for clients: while one of
 * them waits for the server it must not run. Whoever pauses it while it is paused has it stand
 * still until both have let it run again.
 *
 * @returns what lets it run again; to call that twice is to call it once.
 */
export function pauseIdleLimit(socket: Socket): () => void {
  const { timeout = 0 } = socket;
  const own = paused.get(socket) ?? { pauses: 0, timeoutMs: timeout };
  own.pauses += 1;
  paused.set(socket, own);
  socket.setTimeout(0);
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    own.pauses -= 1;
    if (own.pauses > 0) return;
    paused.delete(socket);
    socket.setTimeout(own.timeoutMs);
  };
}
