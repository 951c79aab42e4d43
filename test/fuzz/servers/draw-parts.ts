// What requests are made of, for any server: credentials, headers, codings of paths, bodies, and
// how a connection goes.
import { bent, damaged, type Draw } from '../inputs/damage.js';
import {
  bytesOf,
  drawFraming,
  type Connection,
  type Conversation,
  type Header,
  type SentRequest,
} from './conversation.js';

export function pick<T>(draw: Draw, items: readonly T[]): T {
  return items[draw(items.length)]!;
}

export function basic(user: string): string {
  return `Basic ${Buffer.from(user).toString('base64')}`;
}

/** Who asks: mostly a user of the server (`name:password`), else nobody, in many ways. */
export function drawCredentials(draw: Draw, user: string): readonly Header[] {
  if (draw(5) > 0) return [['Authorization', basic(user)]];
  const [name = '', password = ''] = user.split(':');
  return pick<readonly Header[]>(draw, [
    [],
    [],
    ['', 'Basic', 'Basic ====', 'Basic Og==', `Bearer ${password}`, user].map((value): Header => [
      'Authorization',
      value,
    ]),
    [['Authorization', basic(`${name}:`)]],
    [['Authorization', basic(`:${password}`)]],
    [['Authorization', basic(`${user}\0`)]],
    [['Authorization', basic(user.toUpperCase())]],
    [['Authorization', basic(`${user}${user}`)]],
    [['Authorization', basic('x'.repeat(3_000))]],
    [['Authorization', `Digest username="${name}"`]],
    [['X-Forwarded-User', name]],
    [['Cookie', `user=${name}`]],
  ]);
}

/** Whether somebody who sends this may be known: the credentials stand where they belong. */
export function isOfUser({ headers }: SentRequest, user: string): boolean {
  const given = headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  return given?.trim() === basic(user);
}

/** Headers that mean nothing to these servers, or nothing good. */
export function drawOtherHeaders(draw: Draw): readonly Header[] {
  if (draw(4) > 0) return [];
  const value = pick(draw, [
    ...['', ' ', ',', '*', '"', '"x"', 'W/"x"', 'T', '0', '-1', '9'.repeat(400), 'bytes=0-0'],
    ...['\xe9\xff', 'a=b;c', '{{x}}', '%00', '../..', 'x'.repeat(8_000), '__proto__', 'chunked'],
  ]);
  const name = pick(draw, [
    ...['Accept', 'Accept-Encoding', 'Content-Type', 'Content-Language', 'Origin', 'Range'],
    ...['X-HTTP-Method-Override', 'X-Forwarded-For', 'X-Original-URL', 'Forwarded', 'Referer'],
    ...['Date', 'Via', 'Lock-Token', 'Timeout', 'TE', 'Trailer', 'Max-Forwards', '__proto__'],
    ...['Expect', 'Upgrade', 'Content-MD5', 'If-Unmodified-Since', 'If-Modified-Since', 'Prefer'],
  ]);
  const many = draw(20) === 0 ? 1 + draw(60) : 1;
  return Array.from({ length: many }, (_, at) => [many > 1 ? `${name}-${at}` : name, value]);
}

/** Who waits for `100 Continue`, and sends its body all the same. */
export function drawExpectation(draw: Draw): readonly Header[] {
  return draw(12) === 0 ? [['Expect', '100-continue']] : [];
}

/** What a change depends on; `{etag}` is what is there, perhaps. */
export function drawConditions(draw: Draw): readonly Header[] {
  if (draw(3) > 0) return [];
  const name = pick(draw, ['If-Match', 'If-None-Match', 'if-match', 'IF-NONE-MATCH']);
  const value = pick(draw, [
    ...['*', '{etag}', ' {etag} ', '"x", {etag}', 'W/{etag}', '"x"', '', '**', ',,', '{etag}x'],
  ]);
  return [[name, value]];
}

/** Some signs of a path written as their codes, which changes nothing, or everything. */
export function coded(path: string, draw: Draw): string {
  if (draw(6) > 0) return path;
  return Array.from(path)
    .map((sign, index) => {
      // Without it in front it is no target at all.
      if (index === 0 || draw(6) > 0 || sign.charCodeAt(0) > 126 || sign === '%') return sign;
      const code = sign.charCodeAt(0).toString(16).padStart(2, '0');
      return `%${draw(2) === 0 ? code : code.toUpperCase()}`;
    })
    .join('');
}

/** Targets of requests that lead nowhere, or should. */
export const strangeTargets: readonly string[] = [
  ...['/../outside', '/%2e%2e/outside', '/..%2foutside', '/..%5coutside', '/\\..\\outside'],
  ...['/x/../../outside', '//outside', '/./x', '/x//y', '/%00', '/x%00', '/x%0d%0aX:%20y'],
  ...['/%', '/%zz', '/%ff', '/%c0%ae%c0%ae/outside', '/%u002e', '*', '/*', '?', '/?x', '/x#y'],
  ...['http://elsewhere/x', 'http://elsewhere', 'http://[::1/x', 'https://u:p@elsewhere/x'],
  ...[
    'http://x:99999/x',
    'http://a%zz/x',
    'http://',
    'http://*/x',
    'ftp://elsewhere/x',
    'x:y',
    'x',
  ],
  ...['/__proto__', '/constructor', '/e%cc%81', '/%e2%80%ae', '/x%20', '/%20x', '/\xe9', '/ x'],
  ...['/HEALTH', '/health/', '/health/x', '/%68ealth', '/health', '/health?x', '/etc/passwd'],
  ...[`/${'x'.repeat(300)}`, `/${'x'.repeat(9_000)}`, `/${'x/'.repeat(40)}`, `/${'../'.repeat(9)}`],
];

/** A JSON document as nobody should write it, or another text; Latin-1 stands for bytes. */
export function drawJson(document: unknown, draw: Draw): string {
  return damaged(document, draw).bytes.toString('latin1');
}

/** A text, mostly as it is. */
export function drawBent(text: string, draw: Draw): string {
  return draw(4) === 0 ? bent(text, draw).bytes.toString('latin1') : text;
}

/**
 * Up to four connections. One that HTTP itself may end in the middle of has one request alone:
 * nobody could tell what became of others before it.
 */
export function drawConversation(
  draw: Draw,
  drawRequest: (kind: 'plain' | 'odd') => Omit<SentRequest, 'framing'>,
): Conversation {
  return {
    connections: Array.from({ length: 1 + draw(4) }, () => {
      const parts = draw(5) === 0 ? 2 + draw(30) : 1;
      if (draw(8) === 0) return cut({ ...drawRequest('odd'), framing: 'length' }, parts, draw);
      const requests =
        draw(2) === 0
          ? [withOddFraming(drawRequest('odd'), draw)]
          : Array.from({ length: 1 + draw(5) }, () => ({
              ...drawRequest('plain'),
              framing: drawFraming(draw, 'sound'),
            }));
      return { requests, parts, cutAt: null };
    }),
  };
}

/** What is done before a body has come is done, however that ends. */
function withOddFraming(request: Omit<SentRequest, 'framing'>, draw: Draw): SentRequest {
  const framing = drawFraming(draw, 'any');
  const isDoneBefore = ['GET', 'HEAD', 'OPTIONS', 'DELETE'].includes(request.method);
  const isLate = framing === 'chunks that break';
  return { ...request, framing: isLate && isDoneBefore ? 'chunks' : framing };
}

/** Before its end; of what may be done before the body has come, in its head. */
function cut(request: SentRequest, parts: number, draw: Draw): Connection {
  const whole: Connection = { requests: [request], parts, cutAt: null };
  const length = bytesOf(whole).length;
  const needsBody = request.method === 'PUT' && request.body !== '';
  const most = needsBody ? length - 1 : length - request.body.length - 4;
  return { ...whole, cutAt: 1 + draw(Math.max(1, most)) };
}
