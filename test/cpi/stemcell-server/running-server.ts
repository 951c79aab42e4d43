// A stemcell server in this process, on a folder of its own, and a client that sends whatever it is
// told, as it is told.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { realClock } from '../../../cpi/flow/clock.js';
import type { AccessLine, UnreadableLine } from '../../../cpi/serving/access-log.js';
import {
  openStemcellServer,
  type OpenServerOptions,
} from '../../../cpi/stemcell-server/open-server.js';
import type { Swept } from '../../../cpi/stemcell-server/sweep.js';

export const user = 'stemcells:pass:word-é';

/** A name that nobody guesses. */
export const secretName = '/0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9.qcow2';

export interface Sent {
  readonly as?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
}

export interface Told {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface TestServer {
  readonly url: string;
  /** The folder of the images. */
  readonly folder: string;
  readonly access: AccessLine[];
  /** What came and was no request. */
  readonly unreadable: UnreadableLine[];
  readonly failures: unknown[];
  readonly swept: Swept[];
  send(method: string, path: string, sent?: Sent): Promise<Told>;
  /** The same, by the user. */
  asUser(method: string, path: string, sent?: Sent): Promise<Told>;
  /** A connection on which nothing has been sent. */
  connect(): Promise<Socket>;
  /** The names in the folder besides those that the server has for itself. */
  stored(): string[];
  /** Cuts off what is under way. */
  stop(): Promise<void>;
  /** What is being uploaded, or was left behind. */
  staged(): string[];
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startServer(options: Partial<OpenServerOptions> = {}): Promise<TestServer> {
  const parent = mkdtempSync(join(tmpdir(), 'stemcells-'));
  const folder = options.directory ?? join(parent, 'images');
  const access: AccessLine[] = [];
  const unreadable: UnreadableLine[] = [];
  const failures: unknown[] = [];
  const swept: Swept[] = [];
  const [username = '', ...password] = user.split(':');
  const server = await openStemcellServer({
    directory: folder,
    host: '127.0.0.1',
    port: 0,
    users: [{ username, password: password.join(':') }],
    downloadsMax: 100,
    imageBytesMax: 2 ** 30,
    idleTimeoutMs: 60_000,
    clock: realClock,
    newId: randomUUID,
    onAccess: (line) => access.push(line),
    onUnreadable: (line) => unreadable.push(line),
    onFailure: (failure) => failures.push(failure),
    onSwept: (one) => swept.push(one),
    ...options,
  });
  const send: TestServer['send'] = (method, path, sent) => ask(server.endpoint, method, path, sent);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= server.stop(0));
  return {
    url: server.endpoint,
    stop,
    folder,
    access,
    unreadable,
    failures,
    swept,
    send,
    asUser: (method, path, sent) => send(method, path, { as: user, ...sent }),
    connect: async () => {
      const { port, hostname } = new URL(server.endpoint);
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      return socket;
    },
    stored: () => storedIn(folder),
    staged: () => readdirSync(join(folder, '.staging')),
    [Symbol.asyncDispose]: async () => {
      await stop();
      rmSync(parent, { recursive: true, force: true });
    },
  };
}

/** The names in the folder of a server besides those that it has for itself: uploads, its lock. */
export function storedIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !/^\.(staging$|images\.lock-)/.test(name))
    .sort();
}

export function basic(as: string): string {
  return `Basic ${Buffer.from(as).toString('base64')}`;
}

/** Sends exactly this path: nothing is made better on the way. */
export async function ask(
  url: string,
  method: string,
  path: string,
  { as, headers = {}, body }: Sent = {},
): Promise<Told> {
  const { hostname, port } = new URL(url);
  const length =
    typeof body === 'string' || body instanceof Uint8Array
      ? { 'content-length': String(Buffer.byteLength(body)) }
      : {};
  const outgoing = request({
    hostname,
    port,
    method,
    path,
    agent: false,
    headers: {
      ...length,
      ...(as !== undefined && { authorization: basic(as) }),
      ...headers,
    },
  });
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  // An answer may come before all is sent, and end the connection.
  outgoing.on('error', () => undefined);
  if (body === undefined) outgoing.end();
  else if (typeof body === 'string' || body instanceof Uint8Array) outgoing.end(body);
  else Readable.from(body).pipe(outgoing);
  const [response] = await answered;
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: await buffer(response),
  };
}
