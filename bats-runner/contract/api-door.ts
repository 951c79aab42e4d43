import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request to CloudStack's API that came through the door. */
export interface ApiRequest {
  readonly command: string;
  /** Without keys and signature. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Undefined as long as there is no answer. */
  status: number | undefined;
  /** What the caller got; shortened if it is long. */
  answer: string;
}

/** What a request gets instead of CloudStack's answer. */
export type Interception =
  /** This answer; CloudStack does not hear of the request. */
  | {
      readonly status: number;
      readonly body: string | Buffer;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** A connection that breaks; CloudStack does not hear of the request. */
  | 'connection breaks'
  /** A connection that breaks after CloudStack has carried out the request. */
  | 'answer is lost';

/** Decides over a request before it goes on; undefined lets it pass. */
export type Intercept = (
  request: ApiRequest,
) => Interception | undefined | Promise<Interception | undefined>;

/**
 * A door in front of a cloud's API, through which a CPI goes: it notes each request, and lets a test
 * come between, so that what happens on bad lines can be tried on any cloud.
 */
export interface ApiDoor {
  /** What stands for the endpoint in the CPI's configuration. */
  readonly endpoint: string;
  /** In the order in which they came. */
  readonly requests: readonly ApiRequest[];
  /** From now on this decides over each request. */
  readonly intercept: (decide: Intercept) => void;
  readonly close: () => Promise<void>;
}

export interface ApiDoorOptions {
  /** CloudStack's endpoint. */
  readonly endpoint: string;
  /** Key and certificate, in PEM form; with them the door speaks TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** Opens a door on a free port of the loopback address. */
export async function openApiDoor({ endpoint, tls }: ApiDoorOptions): Promise<ApiDoor> {
  const requests: ApiRequest[] = [];
  let intercept: Intercept = () => undefined;
  const serve = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    handle(incoming, outgoing, {
      endpoint,
      note: (request) => void requests.push(request),
      decide: (request) => intercept(request),
    }).catch(() => outgoing.destroy());
  };
  const server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { pathname } = new URL(endpoint);
  return {
    endpoint: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}${pathname}`,
    requests,
    intercept: (decide) => (intercept = decide),
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

interface Passage {
  readonly endpoint: string;
  readonly note: (request: ApiRequest) => void;
  readonly decide: Intercept;
}

async function handle(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { endpoint, note, decide }: Passage,
): Promise<void> {
  const body = await buffer(incoming);
  const query = new URL(incoming.url ?? '/', endpoint).search;
  const request = requestOf(query, body);
  note(request);
  const interception = await decide(request);
  if (interception === 'connection breaks') {
    request.answer = '(the connection broke)';
    outgoing.destroy();
    return;
  }
  const answer = isAnswer(interception)
    ? interception
    : await forward(`${endpoint}${query}`, incoming, body);
  if (interception === 'answer is lost') {
    request.answer = `(lost: ${shortened(answer.body)})`;
    outgoing.destroy();
    return;
  }
  request.status = answer.status;
  request.answer = shortened(answer.body);
  // CloudStack sends no date, and this is not the door's to tell.
  outgoing.sendDate = false;
  outgoing.writeHead(answer.status, answer.headers ?? {});
  outgoing.end(answer.body);
}

type Answer = Exclude<Interception, string>;

function isAnswer(interception: Interception | undefined): interception is Answer {
  return typeof interception === 'object';
}

/** What is about the request itself, or secret. */
const notNoted: readonly string[] = [
  'command',
  'apikey',
  'signature',
  'signatureversion',
  'expires',
  'response',
];

function requestOf(query: string, body: Buffer): ApiRequest {
  const all = [...new URLSearchParams(query), ...new URLSearchParams(body.toString())];
  const command = all.find(([name]) => name === 'command')?.[1] ?? '';
  const parameters = all.filter(([name]) => !notNoted.includes(name.toLowerCase()));
  return { command, parameters: new Map(parameters), status: undefined, answer: '' };
}

/** Headers that belong to one connection. */
const ownHeaders: readonly string[] = [
  'connection',
  'content-encoding',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
];

async function forward(url: string, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  const method = incoming.method ?? 'GET';
  const response = await fetch(url, {
    method,
    headers: kept(headers),
    ...(method === 'POST' && { body: Uint8Array.from(body) }),
  });
  return {
    status: response.status,
    headers: kept([...response.headers]),
    body: Buffer.from(await response.arrayBuffer()),
  };
}

function kept(headers: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(headers.filter(([name]) => !ownHeaders.includes(name)));
}

const answerCharacters = 400;

function shortened(body: string | Buffer): string {
  const text = body.toString();
  return text.length <= answerCharacters ? text : `${text.slice(0, answerCharacters)} …`;
}
