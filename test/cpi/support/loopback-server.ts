import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A server on 127.0.0.1 for one test. */
export interface LoopbackServer {
  readonly url: string;
  readonly server: Server;
  [Symbol.asyncDispose](): Promise<void>;
}

export function startServer(listener: RequestListener): Promise<LoopbackServer> {
  return listen(createServer(listener), 'http');
}

export function startTlsServer(
  options: ServerOptions,
  listener: RequestListener,
): Promise<LoopbackServer> {
  return listen(createTlsServer(options, listener), 'https');
}

async function listen(server: Server, scheme: string): Promise<LoopbackServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    server,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The whole body of a request. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
