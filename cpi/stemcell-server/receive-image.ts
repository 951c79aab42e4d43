import type { Request, Response } from 'express';
import { askForBody } from '../serving/expectation.js';
import { pauseIdleLimit } from '../serving/idle-limit.js';
import { conditionOf, unmetCondition } from './conditions.js';
import { denyToUser, type Denial } from './deny.js';
import { reprDigest, sentDigest } from './digest-fields.js';
import type { ImageFolder, Stored } from './image-folder.js';
import { reasons } from './refusal.js';
import { urlPath, type ResourcePath } from './resource-path.js';

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
    denyToUser(request, response, refusal);
    return;
  }
  askForBody(request, response);
  const stored = await storing(request, (content) =>
    folder.store(path, content, {
      bytes: lengthOf(request),
      sha256: sentDigest(request.headers).sha256,
      bytesMax: imageBytesMax,
      isMet: conditionOf(request),
    }),
  );
  if (stored.kind !== 'stored') {
    denyToUser(request, response, refusals[stored.kind]);
    return;
  }
  response.set('Location', `${publicUrl}${urlPath(path)}`);
  response.set('Repr-Digest', reprDigest(stored.sha256));
  response.status(stored.isNew ? 201 : 204).end();
}

const refusals: Readonly<Record<Exclude<Stored['kind'], 'stored'>, Denial>> = {
  'too large': { status: 413, reason: 'the image is larger than image_max_gib allows' },
  'wrong length': { status: 400, reason: 'the image is not as long as Content-Length says' },
  'wrong digest': { status: 400, reason: 'the image does not have the SHA-256 that was sent' },
  'no space': { status: 507, reason: reasons['no space'] },
  exists: unmetCondition,
  changed: unmetCondition,
  'no collection': { status: 409, reason: reasons['no collection'] },
  'is a collection': { status: 405, reason: reasons['is a collection'] },
  'not found': { status: 404, reason: reasons['not found'] },
  'holds the source': { status: 409, reason: reasons['holds the source'] },
};

const noDigest =
  'the SHA-256 that was sent (Repr-Digest, Content-Digest or Digest) is none in Base64, or two ' +
  'were sent that differ';

/** What can be said before anything of the image has come. */
async function refusalOf(
  request: Request,
  path: ResourcePath,
  { folder, imageBytesMax }: ReceiveOptions,
): Promise<Denial | undefined> {
  const { headers } = request;
  // It would be a part, or something to be unpacked (RFC 9110, 9.3.4 and 8.4).
  if (headers['content-range'] !== undefined) {
    return { status: 400, reason: 'a part of an image cannot be put (Content-Range)' };
  }
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    return { status: 415, reason: 'an image is taken as it is, without Content-Encoding' };
  }
  if ((headers['transfer-encoding'] ?? 'chunked').trim().toLowerCase() !== 'chunked') {
    return { status: 501, reason: 'Transfer-Encoding can be chunked, and nothing else' };
  }
  if (sentDigest(headers).isMalformed) {
    return { status: 400, reason: noDigest };
  }
  const there = await folder.find(path);
  if (there?.kind === 'collection') return refusals['is a collection'];
  const holder = await folder.find(path.slice(0, -1));
  if (holder?.kind !== 'collection') return refusals['no collection'];
  if (!conditionOf(request)(there)) return unmetCondition;
  const bytes = lengthOf(request) ?? 0;
  if (bytes > imageBytesMax) return refusals['too large'];
  return bytes > (await folder.freeBytes()) ? refusals['no space'] : undefined;
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
  const pauseLimit = (): void => {
    resumeLimit = pauseIdleLimit(request.socket);
  };
  request.once('end', pauseLimit);
  try {
    // Not destroyed when left early: the answer goes over the same connection.
    return await store(request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>);
  } finally {
    request.off('end', pauseLimit);
    resumeLimit();
  }
}
