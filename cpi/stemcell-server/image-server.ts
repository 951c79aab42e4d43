import express from 'express';
import type { Clock } from '../flow/clock.js';
import { accessLog, type AccessLine } from '../serving/access-log.js';
import { failureAnswer } from '../serving/failure-answer.js';
import { serve, type Serving } from '../serving/serve.js';
import type { ByteRange } from './byte-range.js';
import { DownloadLimit } from './download-limit.js';
import { serveImage, type ServedImage } from './serve-image.js';

/** A content that can be read from its beginning, as often as one likes. */
export interface ImageContent {
  readonly bytes: number;
  open(): AsyncIterable<Uint8Array>;
}

export interface ImageServerOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly image: ImageContent;
  /** The only path there is, without its slash; it should not be guessed. */
  readonly name: string;
  readonly sha256: string;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

const headerTimeoutMs = 30_000;
const idleTimeoutMs = 60_000;

/** The secondary storage VM is one; who comes besides it is not let to hinder it. */
const downloadsMax = 4;

/**
 * Serves one image, to whoever knows its name, as the stemcell server does: `GET`, `HEAD`, parts
 * and conditions, and nothing else.
 *
 * @throws what Node says of the port.
 */
export async function openImageServer(options: ImageServerOptions): Promise<Serving> {
  const { name, clock, log } = options;
  const image = servedImage(options);
  const limit = new DownloadLimit({ most: downloadsMax, waitMs: idleTimeoutMs, clock });
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const onAccess = ({ method, path, status, durationMs, from }: AccessLine): void => {
    // The name is a secret.
    const what = path === `/${name}` ? 'the image' : 'something else';
    log(`${from}: ${method} of ${what} answered ${status} after ${durationMs} ms`);
  };
  app.use(accessLog(() => clock.nowMs(), onAccess));
  app.use(async (request, response) => {
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (!isReading) response.set('Allow', 'GET, HEAD').status(405).end();
    else if (request.path === `/${name}`) await serveImage(request, response, image, { limit });
    else response.status(404).end();
  });
  const onFailure = (failure: unknown): void => {
    log(`warning: the image could not be served: ${String(failure)}`);
  };
  app.use(failureAnswer(onFailure));
  return serve(app, {
    ...options,
    requestTimeoutMs: headerTimeoutMs,
    idleTimeoutMs,
    onAccess,
    onUnreadable: ({ from, reason }) => {
      log(`${from}: no request: ${reason}`);
    },
    onFailure,
  });
}

function servedImage({ image, sha256, clock }: ImageServerOptions): ServedImage {
  return {
    bytes: image.bytes,
    etag: `"${sha256}"`,
    modifiedMs: clock.nowMs(),
    read: (range) => part(image.open(), range),
  };
}

/** A packed image has no middle that one could begin at. */
async function* part(
  content: AsyncIterable<Uint8Array>,
  { start, end }: ByteRange,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const chunk of content) {
    const wanted = chunk.subarray(Math.max(0, start - at), Math.max(0, end + 1 - at));
    at += chunk.length;
    if (wanted.length > 0) yield wanted;
    if (at > end) return;
  }
}
