import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { sendHttp } from '../cloud/http.js';

/** A request to CloudStack's API that came through the door. */
export interface ApiRequest {
  readonly command: string;
  /** Without keys and signature. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Undefined as long as there is no answer. */
  status: number | undefined;
  /** What the caller got. */
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
  /** Of the endpoint's authority, in PEM form; needed for one that is private. */
  readonly caCertificate?: string | undefined;
  /** Hears of each request before it goes on, and of what CloudStack answered to it. */
  readonly witness?: ApiWitness | undefined;
  /** Key and certificate, in PEM form; with them the door speaks TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** Who keeps what becomes of requests, also if this process ends at any moment. */
export interface ApiWitness {
  readonly asked: (request: ApiRequest) => void;
  readonly answered: (request: ApiRequest, body: string, status: number) => void;
}

/** One that tells all of them. */
export function allWitnesses(witnesses: readonly ApiWitness[]): ApiWitness {
  return {
    asked: (request) => witnesses.forEach(({ asked }) => asked(request)),
    answered: (...answer) => witnesses.forEach(({ answered }) => answered(...answer)),
  };
}

/** Opens a door on a free port of the loopback address. */
export async function openApiDoor(options: ApiDoorOptions): Promise<ApiDoor> {
  const { endpoint, caCertificate, witness, tls } = options;
  const requests: ApiRequest[] = [];
  let intercept: Intercept = () => undefined;
  const serve = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    handle(incoming, outgoing, {
      endpoint,
      caCertificate,
      witness,
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

interface Passage extends Pick<ApiDoorOptions, 'endpoint' | 'caCertificate' | 'witness'> {
  readonly note: (request: ApiRequest) => void;
  readonly decide: Intercept;
}

async function handle(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { endpoint, caCertificate, witness, note, decide }: Passage,
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
    : await passOn({ request, url: `${endpoint}${query}`, incoming, body, caCertificate, witness });
  if (interception === 'answer is lost') {
    request.answer = `(lost: ${answer.body.toString()})`;
    outgoing.destroy();
    return;
  }
  request.status = answer.status;
  request.answer = answer.body.toString();
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
  // An answer that is compressed could not be told.
  'accept-encoding',
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
];

interface Forwarding extends Pick<ApiDoorOptions, 'caCertificate' | 'witness'> {
  readonly request: ApiRequest;
  readonly url: string;
  readonly incoming: IncomingMessage;
  readonly body: Buffer;
}

async function passOn(forwarding: Forwarding): Promise<Answer> {
  const { request, url, incoming, body: asked, caCertificate, witness } = forwarding;
  witness?.asked(request);
  const method = incoming.method ?? 'GET';
  const headers = { ...kept(incoming.headers), 'content-length': String(asked.length) };
  const answer = await sendHttp({ url, method, headers, body: asked, caCertificate });
  witness?.answered(request, answer.body.toString(), answer.status);
  return { status: answer.status, headers: kept(answer.headers), body: answer.body };
}

function kept(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && !ownHeaders.includes(name) ? [[name, value] as const] : [],
    ),
  );
}
