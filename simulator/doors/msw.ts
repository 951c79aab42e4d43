import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
// For a project without msw this type becomes any, instead of an error of its compiler.
// eslint-disable-next-line @typescript-eslint/ban-ts-comment -- there is no error to expect here
/** @ts-ignore -- msw is an optional peer dependency */
import type { RequestHandler } from 'msw';
import type { ApiOutcome, ApiResponse } from '../api/http.js';
import type { Simulator } from '../simulator.js';
import { EXTRACT_HEADERS } from './extract-handler.js';
import { takeUpload } from './upload.js';

/**
 * The simulator for msw: `setupServer(...mswHandlers(simulator))` answers requests to the simulator's
 * origin that this process makes, without a port. One handler takes the API and the URLs of images;
 * everything else it leaves to other handlers. Control (`/_sim`) has no handler: who has the simulator
 * in this process calls its methods, and control over HTTP is what `listen` opens.
 *
 * msw is an optional peer dependency: it is looked for only here, so that nobody else needs it.
 * Throws where it is not installed.
 */
export function mswHandlers(simulator: Reached): RequestHandler[] {
  const { http } = loadMsw();
  const path = new RegExp(
    `^${escaped(simulator.origin)}/(?:client/api|upload/[^/]+|userdata/[^/]+/[^/]+)$`,
  );
  return [http.all(path, ({ request }) => answer(simulator, request))];
}

/** As much of a simulator as this door needs. */
type Reached = Pick<Simulator, 'origin' | 'answer' | 'upload' | 'extracted' | 'hostNowMs'>;

/** The part of msw that is used here. */
interface Msw {
  readonly http: {
    readonly all: (
      path: RegExp,
      resolver: (info: { request: Request }) => Promise<Response>,
    ) => RequestHandler;
  };
}

function loadMsw(): Msw {
  try {
    return createRequire(import.meta.url)('msw') as Msw;
  } catch (error) {
    throw new Error('handlers() needs the package msw: npm install --save-dev msw@2', {
      cause: error,
    });
  }
}

async function answer(simulator: Reached, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const [, uploadId] = /^\/upload\/(.*)$/.exec(url.pathname) ?? [];
  if (uploadId !== undefined) return answerUpload(simulator, uploadId, url, request);
  const [, extractId, fileName] = /^\/userdata\/([^/]+)\/([^/]+)$/.exec(url.pathname) ?? [];
  if (extractId !== undefined && fileName !== undefined) {
    return answerExtract(simulator, extractId, fileName);
  }
  const body = await request.text();
  const outcome = await simulator.answer({
    method: request.method,
    query: url.search.slice(1),
    contentType: request.headers.get('content-type') ?? '',
    body,
    hostNowMs: simulator.hostNowMs,
  });
  return responseOf(outcome);
}

function responseOf(outcome: ApiOutcome): Response | Promise<Response> {
  switch (outcome.kind) {
    case 'reply':
      return new Response(outcome.response.body, headOf(outcome.response));
    case 'connection-reset':
      return Response.error();
    case 'no-answer':
      return new Promise(() => undefined);
    case 'truncated-body':
      return truncated(outcome.response, outcome.bytes);
  }
}

function headOf({ status, headers }: ApiResponse): ResponseInit {
  return { status, headers: { ...headers } };
}

/** The connection breaks after some bytes of the body, and after the client had time to read them. */
function truncated(response: ApiResponse, bytes: number): Response {
  const sent = Buffer.from(response.body).subarray(0, bytes);
  const rest = new ReadableStream({
    start: (controller) => controller.enqueue(sent),
    pull: async (controller) => {
      await setImmediate();
      controller.error(new TypeError('terminated'));
    },
  });
  return new Response(rest, headOf(response));
}

function answerExtract(simulator: Reached, extractId: string, fileName: string): Response {
  const image = simulator.extracted(extractId, fileName);
  if (image === 'unreachable') return Response.error();
  if (image === undefined) return new Response('Not Found\n', { status: 404 });
  const body = Readable.toWeb(Readable.from(image.content())) as ReadableStream<Uint8Array>;
  const headers = { ...EXTRACT_HEADERS, 'content-length': String(image.bytes) };
  return new Response(body, { headers });
}

async function answerUpload(
  simulator: Reached,
  uploadId: string,
  url: URL,
  request: Request,
): Promise<Response> {
  const headers = new Headers(request.headers);
  const body = await bodyOf(request, headers);
  // What breaks off is closed, too, and told apart by not being complete.
  body.on('error', () => undefined);
  const outcome = await takeUpload(simulator, uploadId, {
    method: request.method,
    host: url.host,
    header: (name) => headers.get(name),
    body: {
      contentType: headers.get('content-type') ?? '',
      stream: body,
      isComplete: () => body.readableEnded,
    },
  });
  return responseOf(outcome);
}

/**
 * The body as it comes in; where fetch gives up, it breaks off, while node:http does not tell msw
 * that it gave up. What fetch would tell the network only, its length, becomes a header. */
async function bodyOf(request: Request, headers: Headers): Promise<Readable> {
  if (request.body === null) return Readable.from([]);
  if (headers.has('content-length') || headers.has('transfer-encoding')) {
    const { signal } = request;
    return Readable.fromWeb(request.body as NodeReadableStream<Uint8Array>, { signal });
  }
  const bytes = Buffer.from(await request.arrayBuffer());
  headers.set('content-length', String(bytes.length));
  return Readable.from([bytes]);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
