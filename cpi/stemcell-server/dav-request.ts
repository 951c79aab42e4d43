import type { Request } from 'express';
import { conditionOf, type Condition } from './conditions.js';
import type { Denial } from './deny.js';
import { readPropfind, type PropfindQuestion } from './propfind-question.js';
import { readPath, type ResourcePath } from './resource-path.js';

/** A request as far as webdav-server gets to see it: all of it is checked before. */
export type DavRequest = { readonly path: ResourcePath } & (
  | {
      readonly method: 'PROPFIND';
      readonly depth: '0' | '1';
      readonly question: PropfindQuestion;
    }
  | { readonly method: 'MKCOL' }
  | { readonly method: 'DELETE'; readonly isMet: Condition }
  | ({ readonly method: 'COPY' } & Arrangement)
  | ({ readonly method: 'MOVE' } & Arrangement)
);

interface Arrangement {
  readonly isMet: Condition;
  readonly depth: '0' | '1' | 'infinity';
  readonly destination: ResourcePath;
  readonly mayOverwrite: boolean;
}

export const davMethods = ['PROPFIND', 'MKCOL', 'COPY', 'MOVE', 'DELETE'] as const;

/** The request as the library may have it, or why it may not. */
export function readDavRequest(
  request: Request,
  path: ResourcePath,
  body: Buffer,
): DavRequest | Denial {
  const method = davMethods.find((name) => name === request.method);
  if (method === undefined) return notOffered;
  if (request.get('If') !== undefined) {
    return { status: 412, reason: 'no condition on locks is met (If): there are no locks' };
  }
  if (method === 'PROPFIND') return readListing(request, path, body);
  if (method === 'MKCOL') return body.length > 0 ? bodyOfCollection : { method, path };
  if (path.length === 0) {
    return { status: 403, reason: 'the root stays: it can be neither copied, moved nor removed' };
  }
  if (method === 'DELETE') return { method, path, isMet: conditionOf(request) };
  const arrangement = readArrangement(request, path);
  return 'reason' in arrangement ? arrangement : { method, path, ...arrangement };
}

const bodyOfCollection: Denial = {
  status: 415,
  reason: 'a collection is made without a body: none is known',
};

function readListing(request: Request, path: ResourcePath, body: Buffer): DavRequest | Denial {
  const depth = depthOf(request);
  const question = readPropfind(body);
  if (depth === undefined) return oddDepth;
  if (question === undefined) {
    return { status: 400, reason: 'the body is no PROPFIND of RFC 4918, or has a document type' };
  }
  if (question === 'too much') {
    return { status: 413, reason: 'the names of the properties are longer than 8 KiB' };
  }
  if (depth === 'infinity') {
    return { status: 403, reason: 'one collection is listed at a time: ask with Depth: 0 or 1' };
  }
  return { method: 'PROPFIND', path, depth, question };
}

function readArrangement(request: Request, path: ResourcePath): Arrangement | Denial {
  const destination = readDestination(request);
  if ('reason' in destination) return destination;
  const { path: to } = destination;
  if (path.every((name, index) => to[index] === name)) {
    return to.length === path.length
      ? { status: 403, reason: 'it is at its Destination already' }
      : { status: 409, reason: 'nothing comes into itself (Destination)' };
  }
  const depth = depthOf(request);
  if (depth === undefined) return oddDepth;
  const overwrite = request.get('Overwrite')?.trim().toUpperCase() ?? 'T';
  if (!['T', 'F'].includes(overwrite)) return { status: 400, reason: 'Overwrite is T or F' };
  const isMet = conditionOf(request);
  return { destination: to, depth, mayOverwrite: overwrite === 'T', isMet };
}

const oddDepth: Denial = { status: 400, reason: 'Depth is 0, 1 or infinity' };

function depthOf(request: Request): '0' | '1' | 'infinity' | undefined {
  const depth = request.get('Depth')?.trim().toLowerCase() ?? 'infinity';
  return depth === '0' || depth === '1' || depth === 'infinity' ? depth : undefined;
}

/** Where to; other servers are none of ours. */
function readDestination(request: Request): { readonly path: ResourcePath } | Denial {
  const destination = request.get('Destination')?.trim() ?? '';
  const host = /^https?:\/\/([^/]*)/i.exec(destination)?.[1];
  if (host !== undefined && host.toLowerCase() !== request.get('Host')?.toLowerCase()) {
    return { status: 502, reason: 'the Destination is on another server' };
  }
  const read = readPath(destination);
  if (read.kind === 'malformed') {
    return { status: 400, reason: 'a Destination is needed, with the path of a URL' };
  }
  if (read.kind === 'impossible') return impossibleName;
  if (read.path.length > 0) return read;
  return { status: 403, reason: 'nothing takes the place of the root (Destination)' };
}

export const notOffered: Denial = {
  status: 405,
  reason: 'the server does not offer this method',
};

/** For a place at which nothing can ever be. */
export const impossibleName: Denial = {
  status: 403,
  reason:
    'nothing can have this path: names have up to 200 bytes, begin with no dot and hold none of ' +
    '/ \\ # ? % * : | " < >, a path has up to 8, and /health tells how the server is',
};
