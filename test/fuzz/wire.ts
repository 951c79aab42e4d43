// Requests as bytes of HTTP, right and wrong, and what comes back over a real socket.
import { once } from 'node:events';
import { connect } from 'node:net';
import { listen } from '../../simulator/doors/listen.js';
import type { Answered, Exchanged, OpenDoor } from './door.js';
import type { RawRequest } from './raw-request.js';

/** So long may an answer take before the request counts as hanging. */
const HANG_MS = 10_000;
/** Node refuses a head of more than 16 KiB itself. */
const LONG_QUERY = 8_000;

/** What goes over one connection. */
interface Script {
  readonly parts: readonly Buffer[];
  /** The method of each request that must be answered; after bad HTTP a server may say no more. */
  readonly methods: readonly string[];
  readonly mayBeHttp: boolean;
  /** The client ends in the middle of its request: nobody is there to be answered. */
  readonly isBrokenOff?: boolean;
}

type Form = (raw: RawRequest, salt: number) => Script;

const whole: Form = (raw) => script([http(raw, { connection: 'close' })], [raw.method]);

/** Every way in which a request is sent, and how often. */
export const wireForms: Readonly<Record<string, { weight: number; make: Form }>> = {
  plain: { weight: 12, make: whole },
  pipelined: {
    weight: 6,
    make: (raw) => {
      const again = http({ ...raw, method: raw.method === 'HEAD' ? 'HEAD' : raw.method }, {});
      const last = http(raw, { connection: 'close' });
      return script([Buffer.concat([again, again, last])], [raw.method, raw.method, raw.method]);
    },
  },
  chunked: { weight: 6, make: (raw, salt) => chunked(raw, 1 + (salt % 400), '0\r\n\r\n') },
  'broken chunks': { weight: 3, make: (raw, salt) => chunked(raw, 1 + (salt % 400), 'zz\r\n\r\n') },
  'in small parts': {
    weight: 2,
    make: (raw, salt) => {
      const bytes = http(raw, { connection: 'close' });
      const at = salt % bytes.length;
      return script([bytes.subarray(0, at), bytes.subarray(at)], [raw.method]);
    },
  },
  'bytes that are no UTF-8': { weight: 6, make: withBytes },
  'long head': {
    weight: 3,
    make: (raw, salt) => bad(raw, { 'x-long': 'a'.repeat(8_000 + (salt % 20_000)) }),
  },
  'many headers': {
    weight: 2,
    make: (raw, salt) =>
      bad(raw, Object.fromEntries(Array.from({ length: salt % 900 }, (_, at) => [`x-${at}`, '1']))),
  },
  'long URL': {
    weight: 2,
    make: (raw, salt) => bad({ ...raw, query: `${raw.query}&x=${'a'.repeat(salt % 40_000)}` }, {}),
  },
  'large body': {
    weight: 0.3,
    make: (raw, salt) =>
      bad(
        { ...raw, method: 'POST', body: `${raw.body}&x=${'a'.repeat((salt % 10) * 1_000_000)}` },
        {},
      ),
  },
  'encoded body': {
    weight: 2,
    make: (raw, salt) => bad(raw, { 'content-encoding': ['gzip', 'br', 'x', ''][salt % 4]! }),
  },
  'charset of the body': {
    weight: 2,
    make: (raw, salt) => {
      const charset = ['utf-16', 'latin1', 'nonsense', '"', ''][salt % 5]!;
      return bad({ ...raw, contentType: `${raw.contentType}; charset=${charset}` }, {});
    },
  },
  'lengths that contradict': { weight: 2, make: withTwoLengths },
  'broken off': {
    weight: 2,
    make: (raw, salt) => {
      const bytes = http(raw, { connection: 'close' });
      const parts = [bytes.subarray(0, salt % bytes.length)];
      return { parts, methods: [], mayBeHttp: true, isBrokenOff: true };
    },
  },
  'no HTTP': { weight: 2, make: noHttp },
  'other path': { weight: 4, make: otherPath },
};

/** The express door on a port of its own. */
export const wireDoor: OpenDoor = async (simulator) => {
  const { origin, close } = await listen(simulator, { port: 0, host: '127.0.0.1' });
  const port = Number(new URL(origin).port);
  const forms = Object.entries(wireForms).flatMap(([form, { weight, make }]) =>
    Array.from({ length: Math.ceil(weight * 4) }, () => ({ form, make })),
  );
  return {
    send: async (raw, salt) => {
      const { form, make } = forms[salt % forms.length]!;
      const planned = make(raw, salt >>> 7);
      const mayBeHttp = planned.mayBeHttp || raw.query.length > LONG_QUERY;
      return { form, ...(await exchange(port, { ...planned, mayBeHttp })) };
    },
    close,
  };
};

function script(parts: readonly Buffer[], methods: readonly string[]): Script {
  return { parts, methods, mayBeHttp: false };
}

function bad(raw: RawRequest, headers: Readonly<Record<string, string>>): Script {
  const bytes = http(raw, { connection: 'close', ...headers });
  return { parts: [bytes], methods: [raw.method], mayBeHttp: true };
}

function http(raw: RawRequest, headers: Readonly<Record<string, string>>, path?: string): Buffer {
  const body = Buffer.from(raw.body);
  const target = path ?? `/client/api${raw.query === '' ? '' : `?${raw.query}`}`;
  const own = body.length === 0 ? {} : { 'content-length': body.length };
  const type = raw.contentType === '' ? {} : { 'content-type': raw.contentType };
  const lines = Object.entries({ host: 'x', ...own, ...type, ...headers });
  const head = [
    `${raw.method} ${target} HTTP/1.1`,
    ...lines.map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}

function chunked(raw: RawRequest, size: number, end: string): Script {
  const body = Buffer.from(raw.body);
  const parts = [
    http({ ...raw, body: '' }, { 'transfer-encoding': 'chunked', connection: 'close' }),
  ];
  for (let at = 0; at < body.length; at += Math.max(size, body.length / 50)) {
    const chunk = body.subarray(at, at + Math.max(size, body.length / 50));
    parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
  }
  parts.push(Buffer.from(end));
  const mayBeHttp = end !== '0\r\n\r\n';
  return { parts: [Buffer.concat(parts)], methods: [raw.method], mayBeHttp };
}

/** Bytes above 127 stand for themselves in the body, or in the URL of a request without one. */
function withBytes(raw: RawRequest, salt: number): Script {
  const wrong = Buffer.from([[0xff, 0xfe], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0x00]][salt % 4]!);
  const bytes =
    raw.body === ''
      ? http({ ...raw, query: `${raw.query}&x=\u00ff` }, { connection: 'close' })
      : Buffer.concat([
          http(
            { ...raw, body: '' },
            {
              'content-length': `${Buffer.byteLength(raw.body) + 3 + wrong.length}`,
              connection: 'close',
            },
          ),
          Buffer.from(`${raw.body}&x=`),
          wrong,
        ]);
  return { parts: [bytes], methods: [raw.method], mayBeHttp: true };
}

/** Whichever length a server believes, the request comes to its end. */
function withTwoLengths(raw: RawRequest, salt: number): Script {
  const headers = salt % 2 === 0 ? { 'transfer-encoding': 'chunked' } : { 'Content-Length': '5' };
  const { parts, ...rest } = bad(raw, headers);
  return { ...rest, parts: [...parts, Buffer.from('0\r\n\r\n')] };
}

function noHttp(raw: RawRequest, salt: number): Script {
  const texts = [
    'GET\r\n\r\n',
    'GET /client/api HTTP/9.9\r\n\r\n',
    'GET /client/api HTTP/1.1\r\n\r\n',
    '\u0016\u0003\u0001\u0002\u0000',
    `${raw.method} /client/api HTTP/1.1\r\nhost: x\r\nno colon\r\n\r\n`,
    'POST /client/api HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n',
    'GET /client/api HTTP/1.1\r\nhost: x\r\nx: a\u0000b\r\n\r\n',
  ];
  const parts = [Buffer.from(texts[salt % texts.length]!, 'latin1')];
  return { parts, methods: ['GET'], mayBeHttp: true };
}

function otherPath(raw: RawRequest, salt: number): Script {
  const paths = [
    '/upload/x',
    '/upload/%zz',
    '/upload/__proto__',
    '/client/api%00',
    '//client/api',
    '/x',
  ];
  const path = paths[salt % paths.length]!;
  const headers = {
    connection: 'close',
    'x-signature': ['', 'a', 'é'.repeat(10)][salt % 3]!,
    'x-metadata': ['', '{}', 'AAAA', '%%'][(salt >>> 3) % 4]!,
    'x-expires': ['', 'never', '9'.repeat(400)][(salt >>> 5) % 3]!,
  };
  return { parts: [http(raw, headers, path)], methods: [raw.method], mayBeHttp: true };
}

async function exchange(port: number, planned: Script): Promise<Omit<Exchanged, 'form'>> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const received: Buffer[] = [];
  const hung: string[] = [];
  socket.on('data', (chunk) => received.push(chunk));
  // A server may end a connection whose request it does not want to read on.
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.destroy());
  socket.setTimeout(HANG_MS, () => {
    hung.push(`no answer came in ${HANG_MS} ms`);
    socket.destroy();
  });
  const closed = once(socket, 'close');
  socket.once('connect', () => {
    for (const part of planned.parts) socket.write(part);
    if (planned.isBrokenOff === true) socket.destroySoon();
  });
  await closed;
  if (hung[0] !== undefined) return { answers: [], wrong: hung[0] };
  const answers = answersIn(Buffer.concat(received), planned);
  const wrong = missing(answers, planned);
  return wrong === undefined ? { answers } : { answers, wrong };
}

function missing(answers: readonly Answered[], { methods, mayBeHttp }: Script): string | undefined {
  if (answers.length === methods.length || (mayBeHttp && answers.length > 0)) return undefined;
  return `${answers.length} answers to ${methods.length} requests`;
}

/** The answers in what a connection brought, up to one that is not whole. */
function answersIn(bytes: Buffer, { methods, mayBeHttp }: Script): Answered[] {
  const answers: Answered[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf('\r\n\r\n', at);
    const head = bytes.toString('latin1', at, Math.max(at, end));
    // Node ends what it refuses itself with an empty chunk.
    if (!head.startsWith('HTTP/')) break;
    const method = methods[answers.length] ?? 'GET';
    const length = method === 'HEAD' ? 0 : Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    const body = bytes.toString('utf8', end + 4, end + 4 + length);
    answers.push({ status: Number(head.slice(9, 12)), body, method, mayBeHttp });
    at = end + 4 + length;
  }
  return answers;
}
