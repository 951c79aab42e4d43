import type { Request, Response } from 'express';
import { readBody } from '../serving/read-body.js';
import { unmetCondition } from './conditions.js';
import { readDavRequest, type DavRequest } from './dav-request.js';
import { deny, type Denial } from './deny.js';
import type { ImageFolder } from './image-folder.js';
import { listing } from './listing.js';
import { reasons, type Refusal } from './refusal.js';
import type { ResourcePath } from './resource-path.js';
import type { RunningDownloads } from './running-downloads.js';
import { endOf, send } from './send.js';
import type { DavEngine } from './webdav-engine.js';

export interface ArrangeOptions {
  readonly folder: ImageFolder;
  readonly engine: DavEngine;
  readonly downloads: RunningDownloads;
}

/** Bodies of these are small where there are any. */
const bodyBytesMax = 65_536;

const tooLong: Denial = { status: 413, reason: 'a body of this method has up to 64 KiB' };

/**
 * Answers what WebDAV has besides HTTP: what webdav-server does, once everything is checked that it
 * does not check.
 *
 * @throws what the file system fails with.
 */
export async function arrange(
  options: ArrangeOptions,
  request: Request,
  response: Response,
  path: ResourcePath,
): Promise<void> {
  const body = await readBody(request, bodyBytesMax);
  const asked = body === 'too large' ? tooLong : readDavRequest(request, path, body);
  const denial = 'reason' in asked ? asked : await answer(options, asked, request, response);
  if (denial !== undefined) deny(request, response, denial);
}

/** Resolves with why it is not done, where it is not. */
async function answer(
  { folder, engine, downloads }: ArrangeOptions,
  asked: DavRequest,
  request: Request,
  response: Response,
): Promise<Denial | undefined> {
  const denial = await denialOf(folder, asked);
  if (denial !== undefined) return denial;
  const { status, body, refusal } = await engine(asked);
  if (refusal === 'changed') return unmetCondition;
  if (status >= 400) return { status, reason: reasonOf(status, refusal) };
  if (asked.method === 'DELETE') downloads.endAt(asked.path);
  response.status(status === 200 ? 204 : status);
  if (asked.method !== 'PROPFIND') {
    response.end();
    return undefined;
  }
  response.set('Content-Type', 'application/xml; charset=utf-8');
  const { ended, forget } = endOf(request.socket);
  await send(listing({ folder, engine }, asked, body), response, ended).finally(forget);
  return undefined;
}

/** What can be said before the library is asked; it says the same without a word. */
async function denialOf(folder: ImageFolder, asked: DavRequest): Promise<Denial | undefined> {
  const { method, path } = asked;
  const found = await folder.find(path);
  if (method !== 'MKCOL') {
    if (found === undefined) return { status: 404, reason: reasons['not found'] };
    return 'isMet' in asked && !asked.isMet(found) ? unmetCondition : undefined;
  }
  if (found !== undefined) return { status: 405, reason: reasons.exists };
  const holder = await folder.find(path.slice(0, -1));
  return holder?.kind === 'collection'
    ? undefined
    : { status: 409, reason: reasons['no collection'] };
}

/** Why the library refuses something: the folder's reason, or what its status stands for. */
function reasonOf(status: number, refusal: Refusal | undefined): string {
  if (status === 412) return `${reasons.exists} (Overwrite: F)`;
  if (refusal !== undefined) return reasons[refusal];
  return status === 404 ? reasons['not found'] : 'what is there does not allow it';
}
