// The stemcell server's HTTP: readers who know a name, and users by WebDAV (RFC 4918, class 1 but
// for PROPPATCH).
import express, { type Express, type Request, type Response } from 'express';
import { accessLog, type AccessLine } from '../serving/access-log.js';
import { basicCredentials, isKnown, type Credentials } from '../serving/credentials.js';
import { failureAnswer, isClientFault } from '../serving/failure-answer.js';
import { healthOf } from '../serving/health.js';
import { arrange } from './arrange.js';
import { davMethods, impossibleName, notOffered } from './dav-request.js';
import { deny, type Denial } from './deny.js';
import type { DownloadLimit } from './download-limit.js';
import { FolderGone, withAdvice } from './file-failure.js';
import type { ImageFolder } from './image-folder.js';
import { receiveImage } from './receive-image.js';
import { reasons } from './refusal.js';
import { healthName, isUnguessable, readPath, type ResourcePath } from './resource-path.js';
import type { RunningDownloads } from './running-downloads.js';
import { serveImage } from './serve-image.js';
import { webdavEngine, type DavEngine } from './webdav-engine.js';

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
  /** The folder can be read and written again, after its health check had failed. */
  readonly onRecovery?: (() => void) | undefined;
}

/** The server as a request handler. */
export function stemcellServerApp(options: StemcellServerOptions): Express {
  const engine = webdavEngine(options.folder);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // Names are told apart by it, and so is what nothing else can have.
  app.enable('case sensitive routing');
  app.use(accessLog(options.nowMs, options.onAccess));
  const isHealthy = healthOf({
    check: () => options.folder.check(),
    nowMs: options.nowMs,
    onFailure: (failure) => {
      options.onFailure(withAdvice(failure, 'the health check'));
    },
    onRecovery: options.onRecovery,
  });
  app.get(`/${healthName}`, async (_, response) => {
    if (await isHealthy()) response.json({ status: 'ok' });
    else response.status(503).json({ status: 'unavailable' });
  });
  app.use((request, response) => answer(options, engine, request, response));
  const onFailure = (failure: unknown, { method, path }: Request): void => {
    // Who reads without being known may ask as often as they like: health tells it once.
    if (failure instanceof FolderGone) void isHealthy();
    else options.onFailure(withAdvice(failure, `${method} ${path}`));
  };
  app.use(
    failureAnswer(onFailure, (response, failure) => {
      deny(response.req, response, denialOf(failure));
    }),
  );
  return app;
}

function denialOf(failure: unknown): Denial {
  if (failure instanceof FolderGone) return { status: 503, reason: 'its folder is not there' };
  if (isClientFault(failure)) return malformedPath;
  return { status: 500, reason: 'the server could not do it; its log says why' };
}

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
    deny(request, response, notOffered);
    return;
  }
  const read = readPath(request.url);
  const isReading = method === 'GET' || method === 'HEAD';
  const isOpen = isReading && read.kind === 'path' && isUnguessable(read.path);
  const isUser = isKnown(basicCredentials(request.headers.authorization), options.users);
  const isAsking = method === 'OPTIONS' && request.headers.authorization === undefined;
  if (!isUser && !isOpen && !isAsking) {
    response.set('WWW-Authenticate', 'Basic realm="stemcells", charset="UTF-8"');
    deny(request, response, request.headers.authorization === undefined ? noUser : unknownUser);
    return;
  }
  const isOfWhole = request.url === '*';
  if (method === 'OPTIONS' && (isOfWhole || read.kind !== 'malformed')) tellOptions(response);
  else if (read.kind === 'malformed') deny(request, response, malformedPath);
  else if (read.kind === 'impossible') {
    deny(request, response, creating.includes(method) ? impossibleName : notThere);
  } else if (isReading) await sendImage(options, request, response, read.path);
  else if (method === 'PUT') await receiveImage(request, response, read.path, options);
  else await arrange({ ...options, engine }, request, response, read.path);
}

const malformedPath: Denial = { status: 400, reason: 'that is no path of a URL' };
const notThere: Denial = { status: 404, reason: reasons['not found'] };

// The same for everything, whether it is there or not.
const noUser: Denial = {
  status: 401,
  reason:
    'this needs user name and password (HTTP Basic); without them, images are read whose names ' +
    'cannot be guessed, such as with a UUID',
};
const unknownUser: Denial = {
  status: 401,
  reason: 'user name or password is wrong, or they were not sent by HTTP Basic',
};

function tellOptions(response: Response): void {
  response.set({ DAV: '1', Allow: offered.join(', '), 'Content-Length': '0' }).end();
}

const ofCollection: Denial = {
  status: 405,
  reason: 'a collection has no content; name the image in it, or list it (PROPFIND)',
};

/** Counts as a download before there is one: what is deleted meanwhile reaches nobody. */
function sendImage(
  { folder, limit, downloads }: StemcellServerOptions,
  request: Request,
  response: Response,
  path: ResourcePath,
): Promise<void> {
  return downloads.during(path, async (signal) => {
    const image = await folder.openImage(path);
    if (image === undefined) {
      const isCollection = (await folder.find(path)) !== undefined;
      if (isCollection) response.set('Allow', 'OPTIONS, PROPFIND, MKCOL, COPY, MOVE, DELETE');
      deny(request, response, isCollection ? ofCollection : notThere);
      return;
    }
    try {
      await serveImage(request, response, image, { limit, signal });
    } finally {
      await image.close();
    }
  });
}
