// Requests to a stemcell server: images are put, read in parts, listed, moved and deleted, by users
// and by nobody, at any path, with any XML.
import { createHash } from 'node:crypto';
import { secretName, user } from '../../cpi/stemcell-server/running-server.js';
import type { Draw } from '../inputs/damage.js';
import type { Header, SentRequest } from './conversation.js';
import {
  coded,
  drawConditions,
  drawCredentials,
  drawExpectation,
  drawOtherHeaders,
  pick,
  strangeTargets,
} from './draw-parts.js';
import { drawXml } from './hostile-xml.js';

/** Longer images are refused. */
export const imageBytesMax = 3_000;

const places = [
  ...[
    '/',
    '/a.qcow2',
    '/a.qcow2',
    '/a.qcow2/',
    secretName,
    secretName,
    '/c',
    '/c/',
    '/c/b',
    '/c/b',
  ],
  ...['/c/new', '/new.img', '/new.img', '/d', '/d/e', '/d/e/f', '/none/x', '/a.qcow2/x', '/link'],
  ...['/links', '/links/x', '/.staging', '/.staging/x', '/a.qcow2?x=/../y', `/c${secretName}`],
];

const weights: Readonly<Record<string, number>> = {
  ...{ PUT: 6, GET: 6, HEAD: 2, DELETE: 4, PROPFIND: 6, MKCOL: 4, MOVE: 4, COPY: 4, OPTIONS: 1 },
  ...{ PROPPATCH: 2, LOCK: 2, UNLOCK: 1, POST: 1, PATCH: 1, TRACE: 1, REPORT: 1, ACL: 1 },
};
const methods = Object.entries(weights).flatMap(([method, weight]) =>
  Array.from({ length: weight }, () => method),
);

export function drawImageRequest(draw: Draw, kind: 'plain' | 'odd'): Omit<SentRequest, 'framing'> {
  const method = pick(draw, methods);
  const isOdd = kind === 'odd' && draw(2) === 0;
  const body = bodyOf(draw, method);
  return {
    method,
    target: isOdd ? pick(draw, strangeTargets) : coded(pick(draw, places), draw),
    headers: [
      ...drawCredentials(draw, user),
      ...drawConditions(draw),
      ...drawExpectation(draw),
      ...(headersOf[method]?.(draw, body) ?? []),
      ...(isOdd ? drawOtherHeaders(draw) : []),
    ],
    body,
  };
}

function bodyOf(draw: Draw, method: string): string {
  if (method === 'PUT') {
    const length = pick(draw, [0, 1, 20, 500, 2_999, 3_000, 3_001, 6_000]);
    return Array.from({ length }, () => String.fromCharCode(draw(256))).join('');
  }
  if (['PROPFIND', 'PROPPATCH', 'LOCK'].includes(method) && draw(5) > 0)
    return drawXml(draw, method);
  return draw(10) === 0 ? drawXml(draw, method) : '';
}

const depths = [
  '0',
  '0',
  '0',
  '1',
  '1',
  '1',
  '1',
  '1',
  'infinity',
  'Infinity',
  ' 1',
  '2',
  '',
  '-1',
  '0,1',
  'x'.repeat(99),
];
const ranges = [
  ...['bytes=0-0', 'bytes=2-5', 'bytes=-3', 'bytes=5-', 'bytes=-0', 'bytes=9999-', 'bytes=5-2'],
  ...['bytes=0-1,3-4', `bytes=0-${'9'.repeat(400)}`, `bytes=-${'9'.repeat(30)}`, 'lines=1-2'],
  ...['bytes = 0-1', 'bytes=0x1-2', 'bytes=1e1-', 'BYTES=0-1', 'bytes=', 'bytes=-', 'bytes=a-b'],
];
const dates = [
  ...['Thu, 01 Jan 1970 00:00:00 GMT', 'Fri, 01 Jan 2100 00:00:00 GMT', 'never', '0', '-1'],
  ...['9'.repeat(300), 'Thu, 32 Feb 2026 25:00:00 GMT'],
];

const headersOf: Readonly<Record<string, (draw: Draw, body: string) => readonly Header[]>> = {
  GET: reading,
  HEAD: reading,
  PUT: (draw, body) => [
    ...sometimes(draw, 6, 'Repr-Digest', [
      `sha-256=:${sha256(body)}:`,
      `sha-256=:${sha256('x')}:`,
      ...['sha-256=:x:', 'md5=:x:', 'sha-256=', `sha-256=:${sha256(body)}:, sha-256=:x:`],
    ]),
    ...sometimes(draw, 12, 'Digest', [`SHA-256=${sha256(body)}`, 'SHA-256=x', 'MD5=x']),
    ...sometimes(draw, 15, 'Content-Range', ['bytes 0-1/2', '', 'x']),
    ...sometimes(draw, 15, 'Content-Encoding', ['gzip', 'identity', '', 'x']),
  ],
  PROPFIND: (draw) => sometimes(draw, 1, 'Depth', depths),
  DELETE: (draw) => [...sometimes(draw, 4, 'Depth', depths), ...locks(draw)],
  COPY: arranging,
  MOVE: arranging,
  LOCK: locks,
  UNLOCK: locks,
};

function reading(draw: Draw): Header[] {
  return [
    ...sometimes(draw, 2, 'Range', ranges),
    ...sometimes(draw, 4, 'If-Range', ['{etag}', 'W/{etag}', '"x"', ...dates]),
    ...sometimes(draw, 6, 'If-Modified-Since', dates),
  ];
}

function arranging(draw: Draw): Header[] {
  const place = coded(pick(draw, draw(4) === 0 ? strangeTargets : places), draw);
  const host = pick(draw, ['', '', '', 'http://server.test', 'HTTP://SERVER.TEST', 'http://other']);
  return [
    ...(draw(12) === 0 ? [] : [['Destination', `${host}${place}`] as const]),
    ...sometimes(draw, 3, 'Overwrite', ['T', 'F', 'F', 'f', '', 'X']),
    ...sometimes(draw, 3, 'Depth', depths),
    ...locks(draw),
  ];
}

function locks(draw: Draw): Header[] {
  return sometimes(draw, 10, 'If', ['(<urn:x>)', '(Not <DAV:no-lock>)', '</a> (["x"])', '', '(']);
}

function sometimes(draw: Draw, of: number, name: string, values: readonly string[]): Header[] {
  return draw(of) === 0 ? [[name, pick(draw, values)]] : [];
}

function sha256(body: string): string {
  return createHash('sha256').update(Buffer.from(body, 'latin1')).digest('base64');
}
