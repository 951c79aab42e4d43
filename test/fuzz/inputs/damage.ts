// JSON documents as nobody should write them: values exchanged for others at every level, keys
// taken out, put in, doubled and renamed, and the text itself cut, bent and written in other bytes.

/** A whole number from 0 to below a limit. */
export type Draw = (limit: number) => number;

export interface Damaged {
  readonly bytes: Buffer;
  /** What was done to it, in words. */
  readonly how: string;
}

type Holder = Record<string | number, unknown>;

/** A place in a document. */
interface Place {
  readonly holder: Holder;
  readonly key: string | number;
}

/** Values in the place of another one. */
const strangers: Readonly<Record<string, (old: unknown, draw: Draw) => unknown>> = {
  null: () => null,
  'true or false': (_, draw) => draw(2) === 0,
  'a number': (_, draw) =>
    [0, -1, 1, 1.5, 1e21, 1e308, -1e308, 2 ** 31, 2 ** 53, 5e-324, 65_536, 1e9][draw(12)],
  'an empty text': () => '',
  'a strange text': (_, draw) => texts[draw(texts.length)],
  'a long text': (_, draw) =>
    'x'.repeat([256, 5_000, 70_000, 1_200_000][draw(20) < 19 ? draw(3) : 3]!),
  'an empty list': () => [],
  'an empty object': () => ({}),
  'a list of it': (old) => [old],
  'an object of it': (old) => ({ value: old }),
  'many of it': (old, draw) => {
    const length = textOf(old).length > MOST_REPEATED ? 2 : 2 + draw(200);
    // Copies: a change to one of them is not made to all.
    return Array.from({ length }, () => copyOf(old));
  },
  'deep lists': (_, draw) => deep([20, 200, 3_000, 60_000][draw(4)]!, (inner) => [inner]),
  'deep objects': (_, draw) => deep([20, 200, 3_000, 20_000][draw(4)]!, (a) => ({ a })),
  'something near it': near,
};

/** Longer texts would grow beyond measure with a few changes. */
const MOST_REPEATED = 2_000;

const texts = [
  ...[' ', '\u0000', '\n', '\ud800', '\ud83d\udca5', '\u202e', '\ufeff', 'e\u0301', '\u007f'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'NaN'],
  ...['../../etc/passwd', '%00', '%', '{{x}}', '${x}', '<x>', "' or 1=1 --", '&a=b', '-1', '1e3'],
  ...['http://', 'http://[', 'nats://u:p@', 'file:///etc/passwd', '999.999.999.999', '0.0.0.0/0'],
  ...['00000000-0000-4000-8000-000000000000', '2026-13-45', '٣', 'ﬀ', 'ß'.repeat(40)],
];

const names = ['__proto__', 'constructor', 'toString', 'x', '', ' ', 'name', 'id', '0', 'é'];

function deep(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = null;
  for (let level = 0; level < levels; level += 1) value = wrap(value);
  return value;
}

function near(old: unknown, draw: Draw): unknown {
  if (typeof old === 'number') return [old + 1, old - 1, -old, old / 2, String(old)][draw(5)];
  if (typeof old === 'boolean') return [!old, String(old), Number(old)][draw(3)];
  if (typeof old !== 'string') return textOf(old).slice(0, 1_000);
  const at = draw(old.length + 1);
  return [
    old.slice(0, at),
    `${old.slice(0, at)}x${old.slice(at)}`,
    ` ${old} `,
    old.toUpperCase(),
    `${old},${old}`,
    old.split(' '),
    Number(old) || 7,
  ][draw(7)];
}

/** Ways to change the value of a document in one place. */
const changes: Readonly<Record<string, (places: readonly Place[], draw: Draw) => string>> = {
  exchange: (places, draw) => {
    const { holder, key } = places[draw(places.length)]!;
    const kinds = Object.keys(strangers);
    const kind = kinds[draw(kinds.length)]!;
    put(holder, key, strangers[kind]!(holder[key], draw));
    return `${kind} for ${key}`;
  },
  leaveOut: (places, draw) => {
    const { holder, key } = places[draw(places.length)]!;
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else Reflect.deleteProperty(holder, key);
    return `without ${key}`;
  },
  rename: (places, draw) => {
    const { holder, key } = places[draw(places.length)]!;
    const name = [names[draw(names.length)]!, `${key}s`, String(key).toUpperCase()][draw(3)]!;
    const value = holder[key];
    if (!Array.isArray(holder)) Reflect.deleteProperty(holder, key);
    put(holder, Array.isArray(holder) ? key : name, value);
    return `${key} is called ${name}`;
  },
  add: (places, draw) => {
    const { holder, key } = places[draw(places.length)]!;
    const name = names[draw(names.length)]!;
    const other = places[draw(places.length)]!;
    // A copy: nothing may come to hold itself.
    const value = copyOf(other.holder[other.key]);
    if (holdsSecret(value)) return 'nothing';
    if (Array.isArray(holder)) holder.splice(Number(key), 0, value);
    else put(holder, name, value);
    return `${name} beside ${key}`;
  },
  swap: (places, draw) => {
    const [one, other] = [places[draw(places.length)]!, places[draw(places.length)]!];
    const [first, second] = [one, other].map(({ holder, key }) => copyOf(holder[key]));
    if (holdsSecret(first) || holdsSecret(second)) return 'nothing';
    put(one.holder, one.key, second);
    put(other.holder, other.key, first);
    return `${one.key} and ${other.key} are swapped`;
  },
};

/** Ways to change the text of a document. */
const bends: Readonly<Record<string, (text: string, draw: Draw) => Buffer>> = {
  'cut short': (text, draw) => Buffer.from(text).subarray(0, draw(Buffer.byteLength(text))),
  'one bit': (text, draw) => {
    const bytes = Buffer.from(text);
    const at = draw(bytes.length);
    bytes[at] = bytes[at]! ^ (1 << draw(8));
    return bytes;
  },
  'bytes that are no UTF-8': (text, draw) => {
    const bytes = Buffer.from(text);
    const at = draw(bytes.length);
    const wrong = [[0xff, 0xfe], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0x00], [0xf0, 0x9f]][draw(5)]!;
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(wrong), bytes.subarray(at)]);
  },
  'a mark of the byte order': (text) => Buffer.from(`\ufeff${text}`),
  'in UTF-16': (text) => Buffer.from(text, 'utf16le'),
  'a key twice': (text, draw) => {
    const keys = [...text.matchAll(/"(?:[^"\\]|\\.)*":/g)];
    const key = keys[draw(Math.max(1, keys.length))];
    const value = ['null', '{}', '[]', '"x"', '0', 'true'][draw(6)]!;
    const at = key?.index ?? 0;
    return Buffer.from(`${text.slice(0, at)}${key?.[0] ?? '"x":'}${value},${text.slice(at)}`);
  },
  'what is no JSON': (text, draw) => {
    const at = draw(text.length + 1);
    const wrong = [',', "'", 'NaN', '1e999999', '//', '{', ']', '"', '\\u', '\t', '01', '\u2028'];
    return Buffer.from(text.slice(0, at) + wrong[draw(wrong.length)]! + text.slice(at));
  },
  'twice in a row': (text) => Buffer.from(text + text),
  'more behind it': (text, draw) =>
    Buffer.from(text + [' x', '\n', '\u0000', '}', ' \n\t'][draw(5)]!),
  'something else': (_, draw) =>
    Buffer.from(['', ' ', 'null', '0', '"x"', '[]', '{}', '[[]]', 'true', '\u0000'][draw(10)]!),
};

/** One document made into another, mostly by one change. */
export function damaged(document: unknown, draw: Draw): Damaged {
  if (draw(20) === 0) return { bytes: Buffer.from(JSON.stringify(document)), how: 'as it was' };
  const whole = { document: copyOf(document) };
  const done: string[] = [];
  const number = draw(4) === 0 ? 0 : 1 + (draw(3) === 0 ? draw(4) : 0);
  for (let change = 0; change < number; change += 1) {
    const kinds = Object.keys(changes);
    done.push(changes[kinds[draw(kinds.length)]!]!(placesIn(whole, draw), draw));
  }
  const text = textOf(whole.document);
  if (number > 0 && draw(8) > 0) return { bytes: Buffer.from(text), how: done.join(', ') };
  const { bytes, how } = bent(text, draw);
  return { bytes, how: [...done, how].join(', ') };
}

/** A text in other bytes. */
export function bent(text: string, draw: Draw): Damaged {
  const kinds = Object.keys(bends);
  const how = kinds[draw(kinds.length)]!;
  return { bytes: bends[how]!(text, draw), how };
}

/** Written by hand, because what is very deep is too much for JSON.stringify. */
export function textOf(document: unknown): string {
  const parts: string[] = [];
  const open: (string | { readonly value: unknown })[] = [{ value: document }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'string') parts.push(next);
    else writeInto(parts, open, next.value);
  }
  return parts.join('');
}

function writeInto(
  parts: string[],
  open: (string | { readonly value: unknown })[],
  value: unknown,
): void {
  if (typeof value !== 'object' || value === null) {
    parts.push(value === undefined ? 'null' : JSON.stringify(value));
    return;
  }
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  parts.push(isList ? '[' : '{');
  open.push(isList ? ']' : '}');
  for (const [index, [key, item]] of entries.toReversed().entries()) {
    open.push({ value: item });
    const comma = index === entries.length - 1 ? '' : ',';
    open.push(isList ? comma : `${comma}${JSON.stringify(key)}:`);
  }
}

/** Up to so many places are drawn from, the document as a whole among them. */
const MOST_PLACES = 400;

function placesIn(whole: Holder, draw: Draw): Place[] {
  const places: Place[] = [{ holder: whole, key: 'document' }];
  const visit = (value: unknown, level: number): void => {
    if (typeof value !== 'object' || value === null || level > 30) return;
    for (const key of Object.keys(value)) {
      places.push({ holder: value as Holder, key: Array.isArray(value) ? Number(key) : key });
      visit((value as Holder)[key], level + 1);
    }
  };
  visit(whole['document'], 0);
  if (places.length <= MOST_PLACES) return places;
  return Array.from({ length: MOST_PLACES }, () => places[draw(places.length)]!);
}

/** Its place makes it one: as the name of a method, say, it would be told. */
function holdsSecret(value: unknown): boolean {
  return textOf(value).includes('canary-');
}

/** As an own property, whatever it is called. */
function put(holder: Holder, key: string | number, value: unknown): void {
  Object.defineProperty(holder, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function copyOf(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(textOf(value));
}
