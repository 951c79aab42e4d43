import type { Request, Response } from 'express';
import { pauseIdleLimit } from '../serving/idle-limit.js';
import { readRange, type ByteRange } from './byte-range.js';
import { isAsKnown } from './conditions.js';
import { deny } from './deny.js';
import type { DownloadLimit } from './download-limit.js';
import { endOf, send } from './send.js';

/** An image as it goes out. */
export interface ServedImage {
  readonly bytes: number;
  /** In its quotes, as in the header. */
  readonly etag: string;
  readonly modifiedMs: number;
  /** A piece is there until the next one is asked for. Of an image of no bytes nothing is asked. */
  read(range: ByteRange): AsyncIterable<Uint8Array>;
}

/** How long somebody should wait who came when too many were being served. */
const retryAfterSeconds = 30;

/**
 * Answers GET and HEAD: the whole, a part (`Range`), or that there is no need (conditions, RFC 9110
 * section 13). Of several parts the whole is sent, as is allowed. Resolves when all is sent, or the
 * client or `signal` has ended it.
 */
export async function serveImage(
  request: Request,
  response: Response,
  image: ServedImage,
  { limit, signal }: { readonly limit: DownloadLimit; readonly signal?: AbortSignal },
): Promise<void> {
  const answer = answerFor(request, response, image);
  response.status(answer.status);
  if ('range' in answer) response.set('Content-Range', rangeText(answer.range, image));
  if (answer.status !== 200 && answer.status !== 206) {
    response.end();
    return;
  }
  const range = 'range' in answer ? answer.range : { start: 0, end: image.bytes - 1 };
  response.set('Content-Length', String(range.end - range.start + 1));
  if (request.method === 'HEAD' || image.bytes === 0) {
    response.end();
    return;
  }
  const connection = endOf(request.socket);
  try {
    const resumeLimit = pauseIdleLimit(request.socket);
    const leave = await limit.enter(connection.ended);
    resumeLimit();
    if (leave === undefined) {
      busy(request, response);
      return;
    }
    const over = signal ? AbortSignal.any([connection.ended, signal]) : connection.ended;
    await send(image.read(range), response, over).finally(leave);
  } finally {
    connection.forget();
  }
}

type Answer =
  | { readonly status: 200 | 304 | 412 }
  | { readonly status: 206; readonly range: ByteRange }
  | { readonly status: 416; readonly range: undefined };

function answerFor(request: Request, response: Response, image: ServedImage): Answer {
  const modified = new Date(image.modifiedMs).toUTCString();
  response.set({
    ETag: image.etag,
    'Last-Modified': modified,
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private',
    'Content-Type': 'application/octet-stream',
    'X-Content-Type-Options': 'nosniff',
  });
  if (!isAsKnown(request, image)) return { status: 412 };
  response.status(200);
  if (request.fresh) return { status: 304 };
  if (request.method === 'HEAD' || !isForThis(request.get('If-Range'), image.etag, modified)) {
    return { status: 200 };
  }
  const range = readRange(request.get('Range'), image.bytes);
  if (range === 'unsatisfiable') return { status: 416, range: undefined };
  return range === undefined ? { status: 200 } : { status: 206, range };
}

function isForThis(ifRange: string | undefined, etag: string, modified: string): boolean {
  return ifRange === undefined || ifRange === etag || ifRange === modified;
}

function rangeText(range: ByteRange | undefined, { bytes }: ServedImage): string {
  return range === undefined ? `bytes */${bytes}` : `bytes ${range.start}-${range.end}/${bytes}`;
}

function busy(request: Request, response: Response): void {
  if (response.destroyed) return;
  for (const name of ['Content-Length', 'Content-Range', 'ETag', 'Last-Modified']) {
    response.removeHeader(name);
  }
  response.set('Retry-After', String(retryAfterSeconds));
  deny(request, response, {
    status: 503,
    reason: 'as many downloads are running as may (downloads_max); come again later',
  });
}
