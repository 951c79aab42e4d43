import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { describeFile, type ImageFile } from './image-file.js';
import { ImageReader } from './image-reader.js';
import { nameFits } from './inspect-image.js';
import type { DownloadOutcome } from './receive-download.js';

/** What the secondary storage VM is told to fetch. */
export interface ImageOrder {
  readonly url: string;
  /** The digest to compute, by its name in Node's crypto. */
  readonly algorithm: string;
  readonly maxBytes: number;
}

export interface FetchOptions {
  /** Ends the download; what it answers is of no use then. */
  readonly signal: AbortSignal;
  readonly onProgress: (receivedBytes: number, expectedBytes: number | null) => void;
}

/** How images come into a simulated cloud. */
export type FetchImage = (order: ImageOrder, options: FetchOptions) => Promise<DownloadOutcome>;

/** What the secondary storage VM is looked at for (HttpTemplateDownloader.MIN_FORMAT_VERIFICATION_SIZE). */
const VERIFIED_BYTES = 1024 ** 2;
/** Progress is told each time so much more has come, or a fiftieth of the whole. */
const PROGRESS_BYTES = 64 * 1024 ** 2;
/** Apache's old client tries once more where no answer came at all. */
const MAX_ATTEMPTS = 2;
const USER_AGENT = 'Jakarta Commons-HttpClient/3.1';

/** Where servers of objects write how long something is that they send in chunks. */
const SIZE_HEADERS = [
  'x-goog-stored-content-length',
  'x-goog-meta-size',
  'x-amz-meta-size',
  'x-amz-meta-content-length',
  'x-object-meta-size',
  'x-original-content-length',
  'x-oss-meta-content-length',
  'x-file-size',
];

/**
 * Fetches an image as the secondary storage VM does (HttpTemplateDownloader): one GET that follows
 * no redirect and wants 200, a length or chunks; a body that ends too early is asked for again from
 * where it ended. Of the bytes, only what they turned out to be is kept.
 */
export const fetchImage: FetchImage = async (order, options) => {
  const image = new ImageReader(fileNameOf(order.url), order.algorithm);
  try {
    const end = await receive(order, image, options);
    if (end.kind === 'failed') {
      image.drop();
      return end;
    }
    const file = await image.finish();
    const mismatch = end.kind === 'unverified' ? mismatchIn(file) : undefined;
    return mismatch ?? { kind: 'file', ...file };
  } catch (error) {
    image.drop();
    return failed(javaText(error, new URL(order.url)));
  }
};

interface Failed {
  readonly kind: 'failed';
  readonly errorText: string;
}

/** How the bytes ended; what is shorter than announced sizes want is looked at when all is there. */
type ReceiptEnd = Failed | { readonly kind: 'verified' | 'unverified' };

async function receive(
  order: ImageOrder,
  image: ImageReader,
  { signal, onProgress }: FetchOptions,
): Promise<ReceiptEnd> {
  let kind: 'verified' | 'unverified' = 'unverified';
  let toldBytes = 0;
  for (;;) {
    const answer = await answerOf(order.url, image.bytes, signal);
    const { response } = answer;
    const size = announcedSize(response, image.bytes);
    const refusal = refusalOf(order, response, image.bytes, size);
    if (refusal !== undefined) {
      response.destroy();
      return failed(refusal);
    }
    // Apache's client takes a file of no bytes for one that has come, and nobody looks at it.
    if (size === 0) return { kind: 'verified' };
    const limit = size ?? order.maxBytes;
    for await (const chunk of bodyOf(answer)) {
      await image.add(chunk.subarray(0, limit - image.bytes));
      if (image.bytes >= limit) {
        response.destroy();
        return { kind };
      }
      if (kind === 'unverified' && image.bytes >= VERIFIED_BYTES && image.isRecognisable) {
        const mismatch = mismatchIn(image.soFar());
        if (mismatch !== undefined) {
          response.destroy();
          return mismatch;
        }
        kind = 'verified';
      }
      if (image.bytes - toldBytes >= Math.min(PROGRESS_BYTES, limit / 50)) {
        toldBytes = image.bytes;
        onProgress(image.bytes, size);
      }
    }
    // Of what came to its end without a size, only the first mebibyte is ever looked at.
    if (size === null) return { kind: 'verified' };
  }
}

function failed(errorText: string): Failed {
  return { kind: 'failed', errorText };
}

/** ImageStoreUtil.checkTemplateFormat, as HttpTemplateDownloader.VerifyFormat tells it. */
function mismatchIn(file: ImageFile): Failed | undefined {
  const description = describeFile(file);
  if (nameFits(file.fileName, description)) return undefined;
  return failed(
    'Failed to install: Template content is unsupported, or mismatch between selected format and ' +
      `template content. Found  : ${description}`,
  );
}

function refusalOf(
  { url, maxBytes }: ImageOrder,
  response: IncomingMessage,
  from: number,
  size: number | null,
): string | undefined {
  const { statusCode = 0, headers } = response;
  if (from > 0) {
    return statusCode === 206 ? undefined : 'HTTP Server does not support partial get';
  }
  if (statusCode === 301 || statusCode === 302) {
    return `Failed to download ${url} due to redirection, response code: ${statusCode}`;
  }
  if (statusCode !== 200) return ` HTTP Server returned ${statusCode} (expected 200 OK) `;
  const hasLength = headers['content-length'] !== undefined || isChunked(response);
  if (!hasLength) return ' Failed to receive length of download ';
  return size !== null && size > maxBytes ? 'Download file size is too large' : undefined;
}

/** How many bytes there are in all; null where the server does not say. */
function announcedSize(response: IncomingMessage, from: number): number | null {
  const { 'content-length': length, 'content-range': range } = response.headers;
  if (length !== undefined) return from + Number(length);
  for (const name of SIZE_HEADERS) {
    const value = response.headers[name];
    if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value);
  }
  const total = /\/\s*(\d{1,15})\s*$/.exec(range ?? '')?.[1];
  return total === undefined ? null : Number(total);
}

function isChunked({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding']?.toLowerCase() === 'chunked';
}

/** The body until its end, or, of one with a length, until the connection ends. */
async function* bodyOf({ response, wasReset }: Answer): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    if (codeOf(error) !== 'ECONNRESET' || wasReset()) throw error;
    if (isChunked(response)) {
      throw new Error('chunked stream ended unexpectedly', { cause: error });
    }
  }
}

interface Answer {
  readonly response: IncomingMessage;
  /** Whether the connection did not end in an orderly way; asked for once it has ended. */
  readonly wasReset: () => boolean;
}

async function answerOf(url: string, from: number, signal: AbortSignal): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await requestOnce(url, from, signal);
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || signal.aborted) throw error;
    }
  }
}

function requestOnce(url: string, from: number, signal: AbortSignal): Promise<Answer> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const headers = { 'User-Agent': USER_AGENT, ...(from > 0 ? { Range: `bytes=${from}-` } : {}) };
  return new Promise((resolve, reject) => {
    let isReset = false;
    send(url, { headers, signal, agent: false }, (response) => {
      resolve({ response, wasReset: () => isReset });
    })
      .on('socket', (socket) => socket.once('error', () => (isReset = true)))
      .on('error', reject)
      .end();
  });
}

function fileNameOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname);
}

/** What Java says where Node has a code. */
const javaTexts: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset',
  EPIPE: 'Connection reset',
  ETIMEDOUT: 'Connection timed out',
  EHOSTUNREACH: 'No route to host',
  ENETUNREACH: 'No route to host',
};

/** The texts that Java, or Apache's client, has for what Node reports. */
function javaText(error: unknown, { hostname }: URL): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error) ?? '';
  if (message === 'socket hang up') return `The server ${hostname} failed to respond`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return hostname;
  if (code.startsWith('HPE_')) {
    return `The server ${hostname} failed to respond with a valid HTTP response`;
  }
  return javaTexts[code] ?? message;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
