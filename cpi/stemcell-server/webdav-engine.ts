import { once } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { v2 as webdav } from 'webdav-server';
import type { DavRequest } from './dav-request.js';
import type { ImageFolder } from './image-folder.js';
import { propfindXml, withAskedNames } from './propfind-question.js';
import type { Refusal } from './refusal.js';
import { urlPath } from './resource-path.js';
import { WebdavFileSystem } from './webdav-file-system.js';

export interface DavAnswer {
  readonly status: number;
  /** XML, or nothing. */
  readonly body: string;
  /** Why the folder does not allow it, where that is the reason. */
  readonly refusal: Refusal | undefined;
}

/** Answers a request; a PROPFIND for its path alone, whatever its depth. */
export type DavEngine = (request: DavRequest) => Promise<DavAnswer>;

/**
 * webdav-server for what WebDAV has besides HTTP, in a chamber of its own: it sees no connection
 * and no credentials, and its answer is read, not sent. What it does wrong with those is known (it
 * lets anybody in, allows all origins, answers twice) and has no effect here. What the file system
 * fails with, which the library makes a bare 500 of, rejects.
 */
export function webdavEngine(folder: ImageFolder): DavEngine {
  const fileSystem = new WebdavFileSystem(folder);
  const options = Object.assign(new webdav.WebDAVServerOptions(), {
    rootFileSystem: fileSystem,
    respondWithPaths: true,
    // Without one it looks for its package.json, which a bundle does not have.
    version: '1',
  });
  const server = new webdav.WebDAVServer(options);
  const execute = server.executeRequest as (request: object, response: object) => void;
  return async (request) => {
    const answer = new CollectedAnswer();
    const ended = once(answer, 'finish');
    const incoming = asIncoming(request);
    if ('isMet' in request) fileSystem.changeOnlyIf(incoming, request.isMet);
    execute(incoming, answer);
    await ended;
    const { refusal, failure } = fileSystem.problemOf(incoming);
    if (failure !== undefined) throw failure;
    const body = Buffer.concat(answer.chunks).toString('utf8');
    const { statusCode: status } = answer;
    if (request.method !== 'PROPFIND') return { status, body, refusal };
    return { status, body: withAskedNames(body, request.question), refusal };
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
  if (request.method === 'PROPFIND') return { depth: '0' };
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
