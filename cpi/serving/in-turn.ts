import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/** How many may wait on one connection: each costs memory before anybody has looked at it. */
const waitingMax = 64;

/**
 * Handles the requests of a connection one after the other, also where a client sends the next ones
 * before it has its answer: what they change happens in the order in which it is asked for (RFC
 * 9112, 9.3.2), and one connection gets no more of the server than one client needs.
 *
 * What waits on a connection that ends is not handled. One on which too many wait is ended.
 */
export function inTurn(listener: RequestListener): RequestListener {
  /** By connections on which a request is under way. */
  const queues = new WeakMap<Socket, (() => void)[]>();
  const next = (socket: Socket): void => {
    const following = queues.get(socket)?.shift();
    if (following === undefined || !socket.writable) queues.delete(socket);
    else following();
  };
  return (request, response) => {
    const { socket } = request;
    const begin = (): void => {
      response.once('close', () => {
        next(socket);
      });
      listener(request, response);
    };
    const queue = queues.get(socket);
    if (!socket.writable) return;
    if (queue === undefined) {
      queues.set(socket, []);
      begin();
    } else if (queue.length < waitingMax) queue.push(begin);
    else socket.destroy();
  };
}
