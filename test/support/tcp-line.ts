// A port that does with connections what a test wants, and keeps what comes.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface Line {
  readonly port: number;
  readonly received: () => Buffer;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Whatever connects is given to `onConnection`; all that comes is kept. */
export async function listening(onConnection: (socket: Socket) => void): Promise<Line> {
  const received: Buffer[] = [];
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => received.push(bytes));
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    received: () => Buffer.concat(received),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}
