import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The requests that have been begun and have not ended. */
export class UnderWay {
  readonly #responses = new Set<ServerResponse>();
  #isStopping = false;

  add(response: ServerResponse): void {
    const { socket } = response.req;
    this.#responses.add(response);
    response.once('close', () => {
      this.#responses.delete(response);
      // The last of an answer may still be on its way to a client that reads slowly.
      if (this.#isStopping && this.on(socket) === undefined) socket.destroySoon();
    });
    if (this.#isStopping) response.setHeader('Connection', 'close');
  }

  /** The one on a connection, where there is one. */
  on(socket: Socket): ServerResponse | undefined {
    return [...this.#responses].find(({ req }) => req.socket === socket);
  }

  /** From now on each answer ends its connection. */
  stop(): void {
    this.#isStopping = true;
    for (const response of this.#responses) {
      if (!response.headersSent) response.setHeader('Connection', 'close');
    }
  }
}
