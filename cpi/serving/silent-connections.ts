import type { Socket } from 'node:net';

/**
 * Connections on which no request has come yet. Node counts them among those with a request under
 * way, or, before their TLS is set up, does not know them at all: a stop would wait for them.
 */
export class SilentConnections {
  readonly #sockets = new Map<string, Socket>();

  add(socket: Socket): void {
    const key = otherEnd(socket);
    this.#sockets.set(key, socket);
    socket.once('close', () => {
      if (this.#sockets.get(key) === socket) this.#sockets.delete(key);
    });
  }

  /** Of TLS, another object than was added has the request. */
  delete(socket: Socket): void {
    this.#sockets.delete(otherEnd(socket));
  }

  destroy(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
  }
}

function otherEnd({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
