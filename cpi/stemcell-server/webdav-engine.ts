import { once } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { v2 as webdav } from 'webdav-server';
import type { ImageFolder } from './image-folder.js';
import { propfindXml, withAskedNames, type PropfindQuestion } from './propfind-question.js';
import { urlPath, type ResourcePath } from './resource-path.js';
import { WebdavFileSystem } from './webdav-file-system.js';

/** A request as far as the library gets to see it: all of it is checked before. */
export type DavRequest = { readonly path: ResourcePath } & (
  | {
      readonly method: 'PROPFIND';
      readonly depth: '0' | '1';
      readonly question: PropfindQuestion;
    }
  | { readonly method: 'MKCOL' }
  | { readonly method: 'DELETE' }
  | ({ readonly method: 'COPY' } & Arrangement)
  | ({ readonly method: 'MOVE' } & Arrangement)
);

interface Arrangement {
  readonly depth: '0' | '1' | 'infinity';
  readonly destination: ResourcePath;
  readonly mayOverwrite: boolean;
}

export interface DavAnswer {
  readonly status: number;
  /** XML, or nothing. */
  readonly body: string;
}

export type DavEngine = (request: DavRequest) => Promise<DavAnswer>;

/**
 * webdav-server for what WebDAV has besides HTTP, in a chamber of its own: it sees no connection
 * and no credentials, and its answer is read, not sent. What it does wrong with those is known (it
 * lets anybody in, allows all origins, answers twice) and has no effect here.
 */
export function webdavEngine(folder: ImageFolder): DavEngine {
  const options = Object.assign(new webdav.WebDAVServerOptions(), {
    rootFileSystem: new WebdavFileSystem(folder),
    respondWithPaths: true,
    // Without one it looks for its package.json, which a bundle does not have.
    version: '1',
  });
  const server = new webdav.WebDAVServer(options);
  const execute = server.executeRequest as (request: object, response: object) => void;
  return async (request) => {
    const answer = new CollectedAnswer();
    const ended = once(answer, 'finish');
    execute(asIncoming(request), answer);
    await ended;
    const body = Buffer.concat(answer.chunks).toString('utf8');
    const { statusCode: status } = answer;
    if (request.method !== 'PROPFIND') return { status, body };
    return { status, body: withAskedNames(body, request.question) };
  };
}

/** What the library uses of a request. */
function asIncoming(request: DavRequest): object {
  const { method, path } = request;
  const body = Buffer.from(method === 'PROPFIND' ? propfindXml(request.question) : '');
  const headers = {
    host: 'localhost',
    'content-length': String(body.length),
    ...headersOf(request),
  };
  return Object.assign(Readable.from([body]), { method, url: urlPath(path), headers });
}

function headersOf(request: DavRequest): Readonly<Record<string, string>> {
  if (request.method === 'PROPFIND') return { depth: request.depth };
  if (request.method === 'MKCOL' || request.method === 'DELETE') return {};
  const { depth, destination, mayOverwrite } = request;
  return { depth, destination: urlPath(destination), overwrite: mayOverwrite ? 'T' : 'F' };
}

/** What the library uses of a response. */
class CollectedAnswer extends Writable {
  statusCode = 200;
  statusMessage = '';
  readonly chunks: Buffer[] = [];

  setHeader(): this {
    return this;
  }

  override _write(chunk: Buffer, _encoding: string, callback: () => void): void {
    this.chunks.push(chunk);
    callback();
  }
}
