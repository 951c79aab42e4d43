import type { Request, Response } from 'express';
import { pauseIdleLimit } from '../serving/idle-limit.js';
import { reprDigest, sentDigest } from './digest-fields.js';
import type { ImageFolder, Stored } from './image-folder.js';
import { urlPath, type ResourcePath } from './resource-path.js';
import { listsTag } from './serve-image.js';

export interface ReceiveOptions {
  readonly folder: ImageFolder;
  readonly imageBytesMax: number;
  /** Where readers reach the server; without it they are told a path alone. */
  readonly publicUrl?: string | undefined;
}

/**
 * Answers PUT. Whoever has an answer other than 201 or 204 has changed nothing. The answer says
 * where the image is to be had (`Location`) and which SHA-256 it has (`Repr-Digest`).
 */
export async function receiveImage(
  request: Request,
  response: Response,
  path: ResourcePath,
  options: ReceiveOptions,
): Promise<void> {
  const { folder, imageBytesMax, publicUrl = '' } = options;
  const refusal = await refusalOf(request, path, options);
  if (refusal !== undefined) {
    // Who asked whether to go on has sent nothing, and may go on with another request.
    if (request.headers.expect !== undefined) response.set('Connection', 'close');
    refuse(request, response, refusal);
    return;
  }
  if (request.headers.expect !== undefined) response.writeContinue();
  const stored = await storing(request, (content) =>
    folder.store(path, content, {
      bytes: lengthOf(request),
      sha256: sentDigest(request.headers).sha256,
      bytesMax: imageBytesMax,
      mustBeNew: request.get('If-None-Match')?.trim() === '*',
      mayReplace: (etag) => !isPreconditionFailed(request, etag),
    }),
  );
  if (stored.kind !== 'stored') {
    refuse(request, response, statusFor[stored.kind]);
    return;
  }
  response.set('Location', `${publicUrl}${urlPath(path)}`);
  response.set('Repr-Digest', reprDigest(stored.sha256));
  response.status(stored.isNew ? 201 : 204).end();
}

const statusFor: Readonly<Record<Exclude<Stored['kind'], 'stored'>, number>> = {
  'too large': 413,
  'wrong length': 400,
  'wrong digest': 400,
  'no space': 507,
  exists: 412,
  changed: 412,
  'no collection': 409,
  'is a collection': 405,
  'not found': 404,
  'holds the source': 409,
};

/** What can be said before anything of the image has come. */
async function refusalOf(
  request: Request,
  path: ResourcePath,
  { folder, imageBytesMax }: ReceiveOptions,
): Promise<number | undefined> {
  const { headers } = request;
  // It would be a part, or something to be unpacked (RFC 9110, 9.3.4 and 8.4).
  if (headers['content-range'] !== undefined) return 400;
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') return 415;
  if (sentDigest(headers).isMalformed) return 400;
  const there = await folder.find(path);
  if (there?.kind === 'collection') return 405;
  if ((await folder.find(path.slice(0, -1)))?.kind !== 'collection') return 409;
  if (isPreconditionFailed(request, there?.etag)) return 412;
  const bytes = lengthOf(request) ?? 0;
  if (bytes > imageBytesMax) return 413;
  return bytes > (await folder.freeBytes()) ? 507 : undefined;
}

function isPreconditionFailed(request: Request, etag: string | undefined): boolean {
  const match = request.get('If-Match');
  if (match !== undefined && (etag === undefined || !listsTag(match, etag))) return true;
  const noneMatch = request.get('If-None-Match');
  return noneMatch !== undefined && etag !== undefined && listsTag(noneMatch, etag);
}

/** Node does not let a length through that is no number. */
function lengthOf({ headers }: Request): number | undefined {
  return headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
}

/**
 * Stores the body. When all of it has come the client waits for the disk: the longer, the larger
 * the image is.
 */
async function storing(
  request: Request,
  store: (content: AsyncIterable<Uint8Array>) => Promise<Stored>,
): Promise<Stored> {
  let resumeLimit = (): void => undefined;
  request.once('end', () => {
    resumeLimit = pauseIdleLimit(request.socket);
  });
  try {
    // Not destroyed when left early: the answer goes over the same connection.
    return await store(request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>);
  } finally {
    resumeLimit();
  }
}

/**
 * The answer goes out at once and the rest of the body is read and thrown away: a connection that
 * ends before would keep the answer from a client that is still sending. What is too large and has
 * no length may have no end either.
 */
function refuse(request: Request, response: Response, status: number): void {
  response.status(status).set('Content-Length', '0');
  if (status === 413 && lengthOf(request) === undefined) response.set('Connection', 'close');
  if (request.complete || response.hasHeader('Connection')) {
    response.end();
    return;
  }
  response.flushHeaders();
  request.once('close', () => {
    response.end();
  });
  request.resume();
}
