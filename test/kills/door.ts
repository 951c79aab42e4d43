// A door before the simulator through which all requests of the CPI go: it counts them, and kills
// their sender at a chosen moment. What the sender had sent by then is carried out nevertheless, as
// it is by a CloudStack that never hears of its caller's end.
import { once } from 'node:events';
import {
  createServer,
  request as send,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';

export const occasions = [
  'it arrives',
  'it is passed on',
  'its answer comes',
  'its answer is passed on',
] as const;

/** When a process dies. */
export interface Moment {
  /** Counted from 1 over the requests of a call; 0 is its start. */
  readonly request: number;
  /** What has happened to that request. */
  readonly occasion: (typeof occasions)[number];
  /** So much later. */
  readonly laterMs: number;
}

/** What the door saw of a call. */
export interface Watch {
  /** Its requests in turn: commands, or the path of what is no command. */
  readonly requests: readonly string[];
}

export interface Door extends AsyncDisposable {
  readonly origin: string;
  /** From now on, requests go to the simulator at this origin. */
  readonly leadTo: (origin: string) => void;
  /** From now on, requests are those of another call, which is killed if it gets to the moment. */
  readonly watch: (moment?: Moment, kill?: () => void) => Watch;
  /** Resolves when all that was sent is carried out. */
  readonly quiet: () => Promise<void>;
}

/** What a call has sent, and when it is to die. */
class Watched implements Watch {
  readonly requests: string[] = [];
  readonly #moment: Moment | undefined;
  readonly #kill: () => void;

  constructor(moment?: Moment, kill: () => void = () => undefined) {
    this.#moment = moment;
    this.#kill = kill;
  }

  arrived(name: string): number {
    return this.requests.push(name);
  }

  /** Kills if this is the moment; resolves when it has. */
  async happens(request: number, occasion: Moment['occasion']): Promise<void> {
    if (request !== this.#moment?.request || occasion !== this.#moment.occasion) return;
    if (this.#moment.laterMs > 0) await pause(this.#moment.laterMs);
    this.#kill();
  }
}

/** Opens a door on a free port. */
export async function openDoor(): Promise<Door> {
  let target = new URL('http://127.0.0.1:1');
  let watched = new Watched();
  const underWay = new Set<Promise<void>>();
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    const work = serve(request, response, target, watched).finally(() => underWay.delete(work));
    underWay.add(work);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (origin) => (target = new URL(origin)),
    watch: (moment, kill) => (watched = new Watched(moment, kill)),
    quiet: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  target: URL,
  watched: Watched,
): Promise<void> {
  // A sender that is dead reads no answer.
  response.on('error', () => undefined);
  const isApi = request.url?.startsWith('/client/api') === true;
  const body = isApi ? await bodyOf(request) : request;
  if (body === undefined) return;
  const number = watched.arrived(nameOf(request, body));
  await watched.happens(number, 'it arrives');
  const passedOn = watched.happens(number, 'it is passed on');
  const answer = await answerOf(request, body, target);
  await passedOn;
  if (answer === undefined) {
    response.destroy();
    return;
  }
  await watched.happens(number, 'its answer comes');
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
  // The answer to a process that dies while it goes on is not waited for.
  void watched.happens(number, 'its answer is passed on');
}

interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** Of a sender that died meanwhile, nothing has arrived that could be carried out. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  try {
    return await buffer(request);
  } catch {
    return undefined;
  }
}

/** What the simulator answers; undefined if the request, an image, broke off on its way. */
async function answerOf(
  { method, url, headers }: IncomingMessage,
  body: Buffer | IncomingMessage,
  target: URL,
): Promise<Answer | undefined> {
  const { hostname, port } = target;
  const onward = send({ hostname, port, method, path: url, headers });
  const answered = once(onward, 'response') as Promise<[IncomingMessage]>;
  try {
    if (Buffer.isBuffer(body)) onward.end(body);
    else await Promise.all([pipeline(body, onward), answered]);
    const [answer] = await answered;
    return {
      status: answer.statusCode ?? 0,
      headers: answer.headers,
      body: await buffer(answer),
    };
  } catch (error) {
    if (Buffer.isBuffer(body)) throw error;
    // The secondary storage VM notices that its client has gone.
    answered.catch(() => undefined);
    onward.destroy();
    return undefined;
  }
}

function nameOf({ url = '' }: IncomingMessage, body: Buffer | IncomingMessage): string {
  const command = Buffer.isBuffer(body) && /(?:^|&)command=(\w+)/.exec(body.toString())?.[1];
  return command || url.split('/')[1] || url;
}
