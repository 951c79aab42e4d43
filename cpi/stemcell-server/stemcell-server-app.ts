// The stemcell server's HTTP: readers who know a name, and users by WebDAV (RFC 4918, class 1 but
// for PROPPATCH).
import express, { type Express, type Request, type Response } from 'express';
import { accessLog, giveReason, type AccessLine } from '../serving/access-log.js';
import { basicCredentials, isKnown, type Credentials } from '../serving/credentials.js';
import { failureAnswer, isClientFault } from '../serving/failure-answer.js';
import { readBody } from '../serving/read-body.js';
import type { DownloadLimit } from './download-limit.js';
import { FolderGone } from './file-failure.js';
import type { ImageFolder } from './image-folder.js';
import { readPropfind } from './propfind-question.js';
import { receiveImage } from './receive-image.js';
import { healthName, isUnguessable, readPath, type ResourcePath } from './resource-path.js';
import type { RunningDownloads } from './running-downloads.js';
import { serveImage } from './serve-image.js';
import { webdavEngine, type DavEngine, type DavRequest } from './webdav-engine.js';

export interface StemcellServerOptions {
  readonly folder: ImageFolder;
  readonly users: readonly Credentials[];
  readonly limit: DownloadLimit;
  readonly downloads: RunningDownloads;
  readonly imageBytesMax: number;
  /** Where readers reach the server, told to whoever puts an image. */
  readonly publicUrl?: string | undefined;
  readonly nowMs: () => number;
  readonly onAccess: (line: AccessLine) => void;
  /** What went wrong inside, for the operator; the client is told no details. */
  readonly onFailure: (failure: unknown) => void;
}

/** The server as a request handler. */
export function stemcellServerApp(options: StemcellServerOptions): Express {
  const engine = webdavEngine(options.folder);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(accessLog(options.nowMs, options.onAccess));
  app.get(`/${healthName}`, async (_, response) => {
    await options.folder.check().then(
      () => response.json({ status: 'ok' }),
      (failure: unknown) => {
        options.onFailure(failure);
        response.status(503).json({ status: 'unavailable' });
      },
    );
  });
  app.use((request, response) => answer(options, engine, request, response));
  app.use(
    failureAnswer(options.onFailure, (response, failure) => {
      const isAway = failure instanceof FolderGone;
      response.status(isAway ? 503 : isClientFault(failure) ? 400 : 500).end();
    }),
  );
  return app;
}

const davMethods = ['PROPFIND', 'MKCOL', 'COPY', 'MOVE', 'DELETE'] as const;

const offered: readonly string[] = ['OPTIONS', 'GET', 'HEAD', 'PUT', ...davMethods];

/** Those that say 403 of a place that nothing can be at; for others nothing is there. */
const creating: readonly string[] = ['PUT', 'MKCOL'];

async function answer(
  options: StemcellServerOptions,
  engine: DavEngine,
  request: Request,
  response: Response,
): Promise<void> {
  const { method } = request;
  if (!offered.includes(method)) {
    response.set('Allow', offered.join(', '));
    end(request, response, 405);
    return;
  }
  const read = readPath(request.url);
  const isReading = method === 'GET' || method === 'HEAD';
  const isOpen = isReading && read.kind === 'path' && isUnguessable(read.path);
  const isUser = isKnown(basicCredentials(request.headers.authorization), options.users);
  const isAsking = method === 'OPTIONS' && request.headers.authorization === undefined;
  if (!isUser && !isOpen && !isAsking) {
    response.set('WWW-Authenticate', 'Basic realm="stemcells", charset="UTF-8"');
    end(request, response, 401);
    return;
  }
  if (read.kind === 'malformed') end(request, response, 400);
  else if (method === 'OPTIONS') tellOptions(request, response);
  else if (read.kind === 'impossible') {
    if (creating.includes(method)) end(request, response, 403, impossibleName);
    else end(request, response, 404);
  } else if (isReading) await sendImage(options, request, response, read.path);
  else if (method === 'PUT') await receiveImage(request, response, read.path, options);
  else await arrange(options, engine, request, response, read.path);
}

function tellOptions(request: Request, response: Response): void {
  response.set({ DAV: '1', Allow: offered.join(', '), 'Content-Length': '0' });
  end(request, response, 200);
}

async function sendImage(
  { folder, limit, downloads }: StemcellServerOptions,
  request: Request,
  response: Response,
  path: ResourcePath,
): Promise<void> {
  const image = await folder.openImage(path);
  if (image === undefined) {
    const isCollection = (await folder.find(path)) !== undefined;
    if (isCollection) response.set('Allow', 'OPTIONS, PROPFIND, MKCOL, COPY, MOVE, DELETE');
    end(request, response, isCollection ? 405 : 404);
    return;
  }
  try {
    await downloads.during(path, (signal) =>
      serveImage(request, response, image, { limit, signal }),
    );
  } finally {
    await image.close();
  }
}

/** Bodies of these are small where there are any. */
const bodyBytesMax = 65_536;

/** What webdav-server does, once everything is checked that it does not check. */
async function arrange(
  { folder, downloads }: StemcellServerOptions,
  engine: DavEngine,
  request: Request,
  response: Response,
  path: ResourcePath,
): Promise<void> {
  const { method } = request;
  const body = await readBody(request, bodyBytesMax);
  if (body === 'too large') {
    end(request, response, 413);
    return;
  }
  const asked = davRequestOf(request, path, body);
  if (typeof asked === 'number') {
    end(request, response, asked);
    return;
  }
  const isThere = (await folder.find(path)) !== undefined;
  if (!isThere && method !== 'MKCOL') {
    end(request, response, 404);
    return;
  }
  const { status, body: told } = await engine(asked);
  if (method === 'DELETE' && status === 200) downloads.endAt(path);
  if (told !== '') response.set('Content-Type', 'application/xml; charset=utf-8');
  response.status(status === 200 ? 204 : status).end(told);
}

/** The request as the library may have it, or the status with which it is refused. */
function davRequestOf(request: Request, path: ResourcePath, body: Buffer): DavRequest | number {
  const method = davMethods.find((name) => name === request.method);
  if (method === undefined) return 405;
  // Conditions on locks, of which there are none, and so none is met.
  if (request.get('If') !== undefined) return 412;
  if (method === 'PROPFIND') {
    const depth = depthOf(request);
    const question = readPropfind(body);
    if (depth === undefined || question === undefined) return 400;
    if (question === 'too much') return 413;
    return depth === 'infinity' ? 403 : { method, path, depth, question };
  }
  if (method === 'MKCOL') return body.length > 0 ? 415 : { method, path };
  if (path.length === 0) return 403;
  if (method === 'DELETE') return { method, path };
  const destination = destinationOf(request);
  if (typeof destination === 'number') return destination;
  if (isBelow(destination, path)) return 409;
  const depth = depthOf(request);
  const overwrite = request.get('Overwrite')?.trim().toUpperCase() ?? 'T';
  if (depth === undefined || !['T', 'F'].includes(overwrite)) return 400;
  return { method, path, destination, depth, mayOverwrite: overwrite === 'T' };
}

function depthOf(request: Request): '0' | '1' | 'infinity' | undefined {
  const depth = request.get('Depth')?.trim().toLowerCase() ?? 'infinity';
  return depth === '0' || depth === '1' || depth === 'infinity' ? depth : undefined;
}

function isBelow(path: ResourcePath, above: ResourcePath): boolean {
  return path.length > above.length && above.every((name, index) => path[index] === name);
}

/** Where to, or the status with which that is refused; other servers are none of ours. */
function destinationOf(request: Request): ResourcePath | number {
  const destination = request.get('Destination')?.trim() ?? '';
  const host = /^https?:\/\/([^/]*)/i.exec(destination)?.[1];
  if (host !== undefined && host !== request.get('Host')) return 502;
  const read = readPath(destination);
  if (read.kind === 'malformed') return 400;
  return read.kind === 'impossible' || read.path.length === 0 ? 403 : read.path;
}

const impossibleName =
  'nothing can have this path: names have up to 200 bytes, begin with no dot and hold none of / \\ # ? ' +
  '% * : | " < >, and a path has up to 8';

/** An answer of a sentence or nothing. Whoever was refused unread has to come anew. */
function end(request: Request, response: Response, status: number, reason?: string): void {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  const isUnread = !request.complete && (length !== '0' || encoding !== undefined);
  if (isUnread && status >= 400) response.set('Connection', 'close');
  response.status(status);
  if (reason === undefined) {
    response.end();
    return;
  }
  giveReason(response, reason);
  response.type('text/plain').end(`${reason}\n`);
}
