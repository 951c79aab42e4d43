// What a client says to a server, as plain data: connections, one after the other, and on each of
// them requests that do not wait for answers. Bytes are texts of Latin-1.
import type { Draw } from '../inputs/damage.js';

export interface Conversation {
  readonly connections: readonly Connection[];
}

export interface Connection {
  readonly requests: readonly SentRequest[];
  /** In how many parts it is sent, with turns of the event loop between them. */
  readonly parts: number;
  /** The client goes away after so many bytes of the only request. */
  readonly cutAt: number | null;
}

export interface SentRequest {
  readonly method: string;
  readonly target: string;
  /** In a value `{etag}` stands for the entity tag that an answer told last. */
  readonly headers: readonly Header[];
  readonly body: string;
  readonly framing: FramingName;
}

export type Header = readonly [name: string, value: string];

export type FramingName = keyof typeof framings;

interface Framing {
  readonly headers: readonly string[];
  readonly bytes: Buffer;
}

/** How a request says where its body ends. All but the first three say what is not so. */
const framings = {
  length: (body: Buffer) => ({ headers: [`Content-Length: ${body.length}`], bytes: body }),
  chunks: (body: Buffer) => ({
    headers: ['Transfer-Encoding: chunked'],
    bytes: Buffer.concat([chunksOf(body), Buffer.from('0\r\n\r\n')]),
  }),
  'chunks with trailers': (body: Buffer) => ({
    headers: ['Transfer-Encoding: chunked'],
    bytes: Buffer.concat([chunksOf(body), Buffer.from('0\r\nIf-Match: "x"\r\nX: y\r\n\r\n')]),
  }),
  'chunks that break': (body: Buffer) => ({
    headers: ['Transfer-Encoding: chunked'],
    bytes: Buffer.concat([chunksOf(body), Buffer.from('zz\r\n\r\n')]),
  }),
  'two lengths': (body: Buffer) => ({
    headers: [`Content-Length: ${body.length}`, `Content-Length: ${body.length + 1}`],
    bytes: body,
  }),
  'a length and chunks': (body: Buffer) => ({
    headers: [`Content-Length: ${body.length}`, 'Transfer-Encoding: chunked'],
    bytes: Buffer.concat([chunksOf(body), Buffer.from('0\r\n\r\n')]),
  }),
  'a negative length': (body: Buffer) => ({ headers: ['Content-Length: -1'], bytes: body }),
  'a length in words': (body: Buffer) => ({ headers: ['Content-Length: ten'], bytes: body }),
  'a header that is none': (body: Buffer) => ({ headers: ['no colon'], bytes: body }),
  'a NUL in a header': (body: Buffer) => ({ headers: ['X: a\0b'], bytes: body }),
  'a space before a colon': (body: Buffer) => ({
    headers: [`Content-Length : ${body.length}`],
    bytes: body,
  }),
} satisfies Readonly<Record<string, (body: Buffer) => Framing>>;

const sound: readonly FramingName[] = ['length', 'chunks', 'chunks with trailers'];
const broken = (Object.keys(framings) as FramingName[]).filter((name) => !sound.includes(name));

/** Mostly a length. */
export function drawFraming(draw: Draw, kind: 'sound' | 'any'): FramingName {
  if (draw(2) === 0) return 'length';
  const names = kind === 'any' && draw(2) === 0 ? broken : sound;
  return names[draw(names.length)]!;
}

/** Whether a request ends where it says that it does, so that it is to be answered. */
export function isWhole({ framing }: SentRequest): boolean {
  return sound.includes(framing);
}

export function bytesOf({ requests, cutAt }: Connection): Buffer {
  const all = requests.map((request, index) =>
    requestBytes(request, index === requests.length - 1),
  );
  const bytes = Buffer.concat(all);
  return cutAt === null ? bytes : bytes.subarray(0, Math.min(cutAt, bytes.length - 1));
}

function requestBytes(request: SentRequest, isLast: boolean): Buffer {
  const { method, target, headers, body, framing } = request;
  const { headers: framed, bytes } = framings[framing](Buffer.from(body, 'latin1'));
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'Host: server.test',
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...framed,
    ...(isLast ? ['Connection: close'] : []),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), bytes]);
}

/** One for each seven bytes at least, so that there are some. */
function chunksOf(body: Buffer): Buffer {
  const size = Math.max(7, Math.ceil(body.length / 20));
  const chunks = Array.from({ length: Math.ceil(body.length / size) }, (_, at) => {
    const chunk = body.subarray(at * size, (at + 1) * size);
    return [Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')];
  });
  return Buffer.concat(chunks.flat());
}

/** As it is sent when an answer has told this entity tag. */
export function withEtag(connection: Connection, etag: string): Connection {
  const requests = connection.requests.map((request) => ({
    ...request,
    headers: request.headers.map(([name, value]): Header => [
      name,
      value.replaceAll('{etag}', etag),
    ]),
  }));
  return { ...connection, requests };
}

/** The value of a header as a server has it: the first one, without the space around it. */
export function headerOf({ headers }: SentRequest, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1].trim();
}
