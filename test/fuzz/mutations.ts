// In which ways a request that follows from a command's declaration is made wrong, or large, or
// strange. Each is a function of the request and a number, so that a run can be repeated.
import { hostile } from '../support/fuzz-values.js';
import { FORM, formOf, get, post, signed, type Call, type RawRequest } from './raw-request.js';

export type Mutation = (call: Call, salt: number) => RawRequest;

/** Parameters whose names no program expects; the value is always a text. */
const deepNames = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'details[0].__proto__',
  'details[0].constructor',
  'tags[0].__proto__',
  '__proto__[0].key',
  'constructor[0].prototype',
  'details[__proto__].key',
  'a.b.c.d',
  `${'a.'.repeat(500)}a`,
  `details[0].${'x.'.repeat(500)}x`,
];

/** Maps as CloudStack reads them, and as nobody should write them. */
const mapNames = [
  'details[0].a&details[7].b',
  'details[-1].a',
  'details[+3].a&details[3].b',
  'details[99999999999999999999].a',
  'details[1e3].a',
  'details[0][1].a',
  'details[].a',
  'details[0]a',
  'details[0].',
  'details[0',
  'details]0[.a',
  '[0].a',
  'details&details[0].a',
  'tags[0].key&tags[5].value',
  'tags[0].value',
  'iptonetworklist[3].ip&iptonetworklist[9].networkid',
];

const brokenEncodings = ['%', '%zz', '%e0%a4', '%u0041', 'a%', '%%%', '%2', '+%+'];
/** Sequences of bytes that are no UTF-8: overlong, alone, a surrogate, beyond the last character. */
const notUtf8 = ['%ff%fe', '%c0%af', '%80', '%ed%a0%80', '%f5%80%80%80', '%e2%82'];
const controls = ['%00', 'a%00b', '%01', '%7f', '%1b[31m', '%0d%0aSet-Cookie:%20a=b', '%09', '%0a'];
const contentTypes = [
  'application/json',
  'text/plain',
  'multipart/form-data; boundary=x',
  `${FORM}; charset=utf-16`,
  'x',
  '',
];
const commandNames = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'toString',
  'listvirtualmachines',
  'x%00',
];
const signatures = ['', 'AAAA', 'a'.repeat(100_000), '%ff', '%00', 'null', '===='];
const expiries = ['', 'never', '1970-01-01T00:00:00+0000', '9999-12-31T23:59:59Z', '-1', 'NaN'];
const formats = ['xml', 'XML', '', 'yaml', '__proto__', 'jsonp'];

/** Every kind of request, how often it comes among all the others, and how it is made. */
export const mutations: Readonly<Record<string, { weight: number; make: Mutation }>> = {
  valid: { weight: 40, make: (call) => post(signed(formOf(call), call.keys, 'first')) },
  'valid by GET': { weight: 10, make: (call) => get(signed(formOf(call), call.keys, 'last')) },
  'hostile value': { weight: 8, make: (call, salt) => withValue(call, salt, pick(hostile, salt)) },
  'huge value': { weight: 0.2, make: (call, salt) => withValue(call, salt, hugeText(salt)) },
  'not UTF-8': { weight: 4, make: (call, salt) => withRaw(call, salt, pick(notUtf8, salt)) },
  'control characters': {
    weight: 4,
    make: (call, salt) => withRaw(call, salt, pick(controls, salt)),
  },
  'broken encoding': {
    weight: 4,
    make: (call, salt) => withRaw(call, salt, pick(brokenEncodings, salt)),
  },
  'duplicate parameter': { weight: 5, make: twice },
  'thousands of parameters': { weight: 0.1, make: withThousands },
  'maps with holes': {
    weight: 5,
    make: (call, salt) => withNames(call, salt, pick(mapNames, salt)),
  },
  'deep names': { weight: 5, make: (call, salt) => withNames(call, salt, pick(deepNames, salt)) },
  'unknown parameter': { weight: 2, make: (call, salt) => withNames(call, salt, `x${salt}`) },
  'names in other case': { weight: 2, make: inOtherCase },
  'wrong signature': { weight: 4, make: wrongSignature },
  'expiry of the signature': { weight: 2, make: withExpiry },
  'wrong method': { weight: 2, make: wrongMethod },
  'wrong content type': {
    weight: 2,
    make: (call, salt) => post(signed(formOf(call), call.keys, 'first'), pick(contentTypes, salt)),
  },
  'wrong command': {
    weight: 2,
    make: (call, salt) =>
      get(signed(formOf({ ...call, command: pick(commandNames, salt) }), call.keys, 'last')),
  },
  'other format': {
    weight: 4,
    make: (call, salt) => withValueOf(call, 'response', pick(formats, salt)),
  },
  'query and form': { weight: 2, make: inQueryAndForm },
  'cut off': { weight: 2, make: cutOff },
};

function pick<T>(from: readonly T[], salt: number): T {
  return from[salt % from.length]!;
}

/** By GET or by POST, signed as the server reads it. */
function sent(form: string, { keys }: Call, salt: number): RawRequest {
  return salt % 3 === 0 ? get(signed(form, keys, 'last')) : post(signed(form, keys, 'first'));
}

function withValueOf(call: Call, name: string, value: string): RawRequest {
  return post(
    signed(formOf({ ...call, values: { ...call.values, [name]: value } }), call.keys, 'first'),
  );
}

/** One of the request's own values is another; a request without any gets a keyword. */
function withValue(call: Call, salt: number, value: string): RawRequest {
  return withValueOf(call, pick([...Object.keys(call.values), 'keyword'], salt >>> 5), value);
}

function withRaw(call: Call, salt: number, encoded: string): RawRequest {
  const names = Object.keys(call.values);
  const name = names[(salt >>> 5) % Math.max(1, names.length)] ?? 'keyword';
  const rest = Object.entries(call.values).filter(([other]) => other !== name);
  const form = formOf({ ...call, values: Object.fromEntries(rest) });
  const isName = salt % 7 === 0;
  return sent(`${form}&${isName ? encoded : encodeURIComponent(name)}=${encoded}`, call, salt);
}

function hugeText(salt: number): string {
  return pick(['a', 'é', ',', '%', '[0].', '\u{1f600}'], salt).repeat(
    pick([2_000, 30_000, 300_000], salt >>> 4),
  );
}

function twice(call: Call, salt: number): RawRequest {
  const [name, value] = pick(
    [...Object.entries(call.values), ['command', call.command]],
    salt >>> 3,
  );
  const other = pick([value, '', ...hostile], salt);
  const again = `${encodeURIComponent(name)}=${encodeURIComponent(other)}`;
  return sent(formOf(call, ...Array<string>(1 + (salt % 4)).fill(again)), call, salt);
}

function withThousands(call: Call, salt: number): RawRequest {
  const name = pick(['x', 'details', 'tags'], salt);
  const more = Array.from({ length: 2_000 + (salt % 3_000) }, (_, index) =>
    name === 'x' ? `x${index}=1` : `${name}[${index}].key=k${index}&${name}[${index}].value=1`,
  );
  return sent(formOf(call, ...more), call, salt >>> 2);
}

function withNames(call: Call, salt: number, names: string): RawRequest {
  const value = encodeURIComponent(pick(hostile, salt >>> 4));
  return sent(formOf(call, ...names.split('&').map((name) => `${name}=${value}`)), call, salt);
}

function inOtherCase(call: Call, salt: number): RawRequest {
  const values = Object.entries(call.values).map(([name, value]) => [name.toUpperCase(), value]);
  return sent(formOf({ ...call, values: Object.fromEntries(values) }), call, salt);
}

function wrongSignature(call: Call, salt: number): RawRequest {
  const form = formOf(call);
  const kind = salt % 3;
  if (kind === 0) return get(form);
  const wrong = pick(signatures, salt >>> 2);
  if (kind === 1) return post(`${form}&signature=${wrong}`);
  const keys = { apiKey: wrong, secretKey: 'wrong' };
  return post(signed(formOf({ ...call, keys }), keys, 'first'));
}

function withExpiry(call: Call, salt: number): RawRequest {
  const expires = encodeURIComponent(pick(expiries, salt));
  const version = pick(['3', '2', 'x'], salt >>> 3);
  return sent(formOf(call, `signatureVersion=${version}`, `expires=${expires}`), call, salt >>> 2);
}

function wrongMethod(call: Call, salt: number): RawRequest {
  const method = pick(['PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'], salt);
  return get(signed(formOf(call), call.keys, 'last'), method);
}

function inQueryAndForm(call: Call, salt: number): RawRequest {
  const other = pick([call.command, ...commandNames], salt);
  const query = `command=${encodeURIComponent(other)}&keyword=x`;
  return { ...post(signed(formOf(call), call.keys, 'first')), query };
}

function cutOff(call: Call, salt: number): RawRequest {
  const whole = signed(formOf(call), call.keys, 'last');
  return get(whole.slice(0, salt % whole.length));
}
