// What a stemcell server may answer, by what it holds; what it acknowledges is done in the tree.
import { createHash } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import { secretName } from '../../cpi/stemcell-server/running-server.js';
import type { ServerAnswer } from './answers.js';
import { headerOf, isWhole, type SentRequest } from './conversation.js';
import { isOfUser } from './draw-parts.js';
import {
  copyWithin,
  membersOf,
  parentOf,
  placeOf,
  removeFrom,
  type ImageTree,
} from './image-tree.js';

/** What is asked of a place, and what was said. */
interface Exchange {
  readonly tree: ImageTree;
  readonly request: SentRequest;
  readonly answer: ServerAnswer;
  readonly place: string;
}

export function wrongInImageAnswer(
  tree: ImageTree,
  request: SentRequest,
  answer: ServerAnswer,
  user: string,
): string | undefined {
  const { method, target } = request;
  const { status } = answer;
  const text = answer.body.toString('latin1');
  if (text.includes('outside-the-folder')) return 'it tells what is outside of its folder';
  if (/^\/health\/?$/.test(target.replace(/^https?:\/\/[^/?]*/i, '').replace(/\?.*$/s, ''))) {
    if (method === 'GET' || method === 'HEAD') return undefined;
  }
  const place = placeOf(target);
  const isReading = method === 'GET' || method === 'HEAD';
  const isOpen = isReading && place?.includes(secretName.slice(1)) === true;
  const isAsking = method === 'OPTIONS' && headerOf(request, 'authorization') === undefined;
  if (!isOfUser(request, user) && !isOpen && !isAsking) return wrongToNobody(status, text);
  if (status === 401) return 'a user, or who knows a name, is refused';
  if (status >= 400) {
    const isThere = isReading && place !== undefined && tree.get(place) instanceof Buffer;
    return isThere && status === 404 ? 'what is there is not found' : undefined;
  }
  if (!isWhole(request)) return 'a request that has no end is done';
  if (method === 'OPTIONS') return status === 200 ? undefined : 'it has options';
  if (place === undefined) return 'it is done at a path that nothing can have';
  const exchange = { tree, request, answer, place };
  return (checks[method] ?? ((): string => 'a method that is not offered is done'))(exchange);
}

/** Who is nobody is told the same of everything, whether it is there or not. */
function wrongToNobody(status: number, text: string): string | undefined {
  if (text.includes('inside-the-folder')) return 'nobody reads an image';
  return [400, 401, 405, 408, 417, 431].includes(status) ? undefined : 'nobody gets that';
}

const checks: Readonly<Record<string, (exchange: Exchange) => string | undefined>> = {
  GET: wrongInReading,
  HEAD: wrongInReading,
  PUT: wrongInPutting,
  PROPFIND: wrongInListing,
  MKCOL: ({ tree, place, answer }) => {
    if (tree.has(place) || tree.get(parentOf(place)) !== 'collection')
      return 'it is no place for it';
    tree.set(place, 'collection');
    return answer.status === 201 ? undefined : 'it is made';
  },
  DELETE: ({ tree, place, answer, request }) => {
    if (place === '' || !tree.has(place)) return 'there was nothing to be deleted';
    removeFrom(tree, place);
    return answer.status === 204 ? wrongInCondition(request, true) : 'it is deleted';
  },
  MOVE: wrongInArranging,
  COPY: wrongInArranging,
};

function wrongInReading({ tree, request, answer, place }: Exchange): string | undefined {
  const image = tree.get(place);
  if (!(image instanceof Buffer)) return 'it reads what is no image';
  const { status, headers, body } = answer;
  if (status === 304) {
    const asks = ['if-none-match', 'if-modified-since'];
    return asks.some((name) => headerOf(request, name) !== undefined) ? undefined : 'nobody asked';
  }
  if (request.method === 'HEAD') {
    return headers.get('content-length') === String(image.length) ? undefined : 'another length';
  }
  if (status === 200) return body.equals(image) ? undefined : 'it is another image';
  if (status !== 206) return 'a success of reading';
  if (headerOf(request, 'range') === undefined) return 'nobody asked for a part';
  const [, first, last, whole] =
    /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers.get('content-range') ?? '') ?? [];
  const part = image.subarray(Number(first), Number(last) + 1);
  const isPart = Number(whole) === image.length && body.length > 0 && body.equals(part);
  return isPart ? undefined : `another part: ${String(headers.get('content-range'))}`;
}

function wrongInPutting({ tree, request, answer, place }: Exchange): string | undefined {
  const before = tree.get(place);
  if (before === 'collection') return 'an image takes the place of a collection';
  if (tree.get(parentOf(place)) !== 'collection') return 'an image is in no collection';
  const image = Buffer.from(request.body, 'latin1');
  tree.set(place, image);
  if (answer.status !== (before === undefined ? 201 : 204)) return 'it is new, or it is not';
  const sha256 = createHash('sha256').update(image).digest('base64');
  if (answer.headers.get('repr-digest') !== `sha-256=:${sha256}:`) return 'another digest';
  return wrongInCondition(request, before !== undefined);
}

/** Of conditions that need no knowledge of tags. */
function wrongInCondition(request: SentRequest, isThere: boolean): string | undefined {
  if (headerOf(request, 'if-match') !== undefined && !isThere) return 'If-Match is not met';
  return headerOf(request, 'if-none-match') === '*' && isThere
    ? 'If-None-Match is not met'
    : undefined;
}

function wrongInArranging({ tree, request, answer, place }: Exchange): string | undefined {
  const destination = headerOf(request, 'destination');
  const to = destination === undefined ? undefined : placeOf(destination);
  const source = tree.get(place);
  if (to === undefined || to === '' || place === '') return 'it has no place';
  if (source === undefined) return 'there is nothing';
  if (`${to}/`.startsWith(`${place}/`) || place.startsWith(`${to}/`)) return 'it comes into itself';
  if (tree.get(parentOf(to)) !== 'collection') return 'it comes into no collection';
  const isThere = tree.has(to);
  if (isThere && headerOf(request, 'overwrite')?.toUpperCase() === 'F') return 'it is overwritten';
  const isCopy = request.method === 'COPY';
  copyWithin(tree, place, to, !isCopy || headerOf(request, 'depth') !== '0');
  if (!isCopy) removeFrom(tree, place);
  if (answer.status !== (isThere ? 204 : 201)) return 'it is new, or it is not';
  return wrongInCondition(request, true);
}

interface Listing {
  readonly multistatus?: { readonly response: readonly { readonly href: string }[] };
}

const listing = new XMLParser({
  removeNSPrefix: true,
  parseTagValue: false,
  // Properties are called as the client asked for them, also by names that the parser refuses.
  transformTagName: (name) => (Object.hasOwn(Object.prototype, name) ? 'property' : name),
  isArray: (name) => name === 'response',
});

function wrongInListing({ tree, request, answer, place }: Exchange): string | undefined {
  const text = answer.body.toString();
  if (answer.status !== 207) return 'a success of listing';
  if (!tree.has(place)) return 'it lists what is not there';
  const { multistatus } = listing.parse(text) as Listing;
  if (multistatus === undefined) return 'no XML that lists';
  const hrefs = multistatus.response.map(({ href }) =>
    decodeURIComponent(href).replace(/^\/|\/$/g, ''),
  );
  const isDeep = headerOf(request, 'depth') === '1' && tree.get(place) === 'collection';
  const expected = [place, ...(isDeep ? membersOf(tree, place) : [])];
  const isSame = hrefs.sort().join('\n') === expected.sort().join('\n');
  return isSame ? undefined : `it lists ${hrefs.join()} and holds ${expected.join()}`;
}
