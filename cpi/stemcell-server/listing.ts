import type { DavRequest } from './dav-request.js';
import type { ImageFolder } from './image-folder.js';
import type { DavEngine } from './webdav-engine.js';

export interface ListingContext {
  readonly folder: Pick<ImageFolder, 'find' | 'names'>;
  readonly engine: DavEngine;
}

const start = '<D:multistatus xmlns:D="DAV:">';
const end = '</D:multistatus>';

/**
 * The answer to a PROPFIND, piece by piece: each member of a collection is looked at when those
 * before it are on their way. So of a collection of many thousands no more is in memory than of a
 * small one, and others are served meanwhile.
 *
 * @param own what the engine says of the collection, or the image, itself.
 */
export async function* listing(
  { folder, engine }: ListingContext,
  asked: DavRequest & { readonly method: 'PROPFIND' },
  own: string,
): AsyncGenerator<Uint8Array> {
  const { path, depth } = asked;
  yield Buffer.from(`<?xml version="1.0" encoding="utf-8"?>${start}${responsesIn(own)}`);
  if (depth === '1' && (await folder.find(path))?.kind === 'collection') {
    for await (const name of folder.names(path)) {
      const { body } = await engine({ ...asked, path: [...path, name] });
      const responses = responsesIn(body);
      if (responses !== '') yield Buffer.from(responses);
    }
  }
  yield Buffer.from(end);
}

/** Of what has gone meanwhile there is none. */
function responsesIn(multistatus: string): string {
  const from = multistatus.indexOf(start);
  const to = multistatus.lastIndexOf(end);
  return from < 0 || to < 0 ? '' : multistatus.slice(from + start.length, to);
}
