import { isJsonObject, type JsonObject } from '../protocol/json-value.js';
import { nearestName } from './nearest-name.js';

/**
 * A set of values that a property may have, and how an error message names that set. A question of
 * our own, because to load a library of schemas takes half as long as to start Node, in every call.
 */
export interface Kind<T> {
  includes: (value: unknown) => value is T;
  /** Completes "must be …". */
  expected: string;
  /** Those that a value which is an object can have with effect, where others do no harm. */
  keys?: readonly string[];
  /** What part of a value outside of it is wrong, and how, without a word of the value. */
  wrongPart?: (value: unknown) => string | undefined;
  /** What of the set others can check by themselves: the templates of the release do, in Ruby. */
  form?: Form;
}

/** The outline of a set of values, as data; a value outside of it is never in the set. */
export type Form =
  /** The pattern is one of JavaScript, of the kind that Ruby reads alike but for its ends. */
  | { is: 'text'; pattern?: string }
  | { is: 'word'; words: readonly string[] }
  | { is: 'integer'; min: number; max: number }
  | { is: 'flag' }
  | { is: 'texts' }
  | { is: 'objects' }
  | { is: 'object' };

/** Everything there is to say about one configuration property. */
export interface Property<T> extends Kind<T> {
  description: string;
  /** A value for the documentation and for error messages; never a real secret. */
  example: unknown;
  /** What the property is when it is absent, null or an empty string. */
  absent: { is: 'an error' } | { is: 'default'; value: T };
  secret: boolean;
}

interface About {
  description: string;
  example: unknown;
  secret?: true;
}

export function required<T>(kind: Kind<T>, about: About): Property<T> {
  return { ...kind, secret: false, ...about, absent: { is: 'an error' } };
}

export function withDefault<T>(kind: Kind<T>, value: T, about: About): Property<T> {
  return { ...kind, secret: false, ...about, absent: { is: 'default', value } };
}

export function optional<T>(kind: Kind<T>, about: About): Property<T | undefined> {
  return { ...kind, secret: false, ...about, absent: { is: 'default', value: undefined } };
}

/** A property of another program that may be left out here. */
export function notRequired<T>(property: Property<T>): Property<T | undefined> {
  return { ...property, absent: { is: 'default', value: undefined } };
}

/** The values of a table of properties. */
export type ValuesOf<Table> = {
  [Name in keyof Table]: Table[Name] extends Property<infer Value> ? Value : never;
};

/** A pattern that a text should not have, and what to say of one that has it. */
type Flaw = readonly [pattern: RegExp, problem: string];

const hasWhiteSpace: Flaw = [/\s/, 'it has white space'];
const isNoHttp: Flaw = [/^(?!https?:\/\/)/i, 'it does not begin with http:// or https://'];
const wrongInUrl: readonly Flaw[] = [
  [/\?/, 'it has a query'],
  [/#/, 'it has a fragment'],
  hasWhiteSpace,
  [/^/, 'its host or port is none'],
];

function firstOf(...flaws: readonly Flaw[]): (value: unknown) => string | undefined {
  return (value) =>
    isText(value) ? flaws.find(([pattern]) => pattern.test(value))?.[1] : undefined;
}

export const text: Kind<string> = {
  includes: isText,
  expected: 'a string',
  form: { is: 'text' },
};

export const textOrNumber: Kind<string | number> = {
  includes: (value): value is string | number => isText(value) || isInteger(value),
  expected: 'a string or a whole number',
};

export const token: Kind<string> = {
  ...textLike(/^\S+$/),
  expected: 'a string without white space',
  wrongPart: firstOf(hasWhiteSpace),
};

export const userName: Kind<string> = {
  ...textLike(/^[^\s:]+$/),
  expected: 'a string without white space and colons',
  wrongPart: firstOf(hasWhiteSpace, [/:/, 'it has a colon']),
};

export const hostName: Kind<string> = {
  ...textLike(/^([^\s:/@]+|\[?[0-9a-fA-F]*(:[0-9a-fA-F.]*){2,}\]?)$/),
  expected: 'a host name or an address alone, without scheme, user and port',
  wrongPart: firstOf(
    [/:\/\//, 'it has a scheme'],
    [/@/, 'it has a user'],
    [/\//, 'it has a path'],
    hasWhiteSpace,
    [/:/, 'it has a port'],
  ),
};

export const flag: Kind<boolean> = {
  includes: (value) => typeof value === 'boolean',
  expected: 'true or false',
  form: { is: 'flag' },
};

export const httpUrl: Kind<string> = {
  includes: (value): value is string => isText(value) && isPlainHttpUrl(value),
  expected: 'an http:// or https:// URL without user name, query and fragment',
  wrongPart: firstOf(isNoHttp, [/^[^/]*\/\/[^/?#]*@/, 'it has a user name'], ...wrongInUrl),
  form: { is: 'text', pattern: '^[hH][tT][tT][pP][sS]?://[^\\s/?#@]+(/[^?#]*)?$' },
};

export const publicUrl: Kind<string> = {
  ...httpUrl,
  includes: (value): value is string => httpUrl.includes(value) && !isOfAnyAddress(value),
  expected: `${httpUrl.expected}, by which others reach the server (not 0.0.0.0)`,
  wrongPart: (value) =>
    httpUrl.includes(value) ? 'its host stands for any address' : httpUrl.wrongPart?.(value),
};

export const registryUrl: Kind<string> = {
  includes: (value): value is string => isText(value) && isUrlOfServer(value),
  expected: 'an http:// or https:// URL without path, query and fragment',
  wrongPart: firstOf(
    isNoHttp,
    [/^[^/]*\/\/[^/?#]*\/[^?#]/, 'it has a path'],
    [/%(?![0-9a-f]{2})/i, 'it has a % that encodes nothing'],
    ...wrongInUrl,
  ),
  form: { is: 'text', pattern: '^[hH][tT][tT][pP][sS]?://[^\\s/?#]+/?$' },
};

export const busUrl: Kind<string> = {
  ...textLike(/^(nats|https):\/\/\S+$/),
  expected: 'a nats:// or https:// URL',
  wrongPart: firstOf(
    [/^(?!(nats|https):\/\/)/, 'it does not begin with nats:// or https://'],
    hasWhiteSpace,
  ),
};

export const certificates: Kind<string> = {
  ...textLike(/-----BEGIN CERTIFICATE-----/),
  expected: 'one or more certificates in PEM form',
  wrongPart: firstOf([/^/, 'it has no -----BEGIN CERTIFICATE-----']),
};

export const textList: Kind<string[]> = {
  includes: (value): value is string[] => Array.isArray(value) && value.every(isText),
  expected: 'a list of strings',
  wrongPart: wrongItem(isText, 'string'),
  form: { is: 'texts' },
};

export const port: Kind<number> = {
  includes: (value): value is number => isInteger(value) && value >= 1 && value <= 65_535,
  expected: 'a port, a whole number from 1 to 65535',
  form: { is: 'integer', min: 1, max: 65_535 },
};

export const object: Kind<JsonObject> = {
  includes: isJsonObject,
  expected: 'an object',
  form: { is: 'object' },
};

export const objectList: Kind<JsonObject[]> = {
  includes: (value): value is JsonObject[] => Array.isArray(value) && value.every(isJsonObject),
  expected: 'a list of objects',
  wrongPart: wrongItem(isJsonObject, 'object'),
  form: { is: 'objects' },
};

export function integer(unit: string, { min, max }: { min: number; max: number }): Kind<number> {
  return {
    includes: (value): value is number => isInteger(value) && value >= min && value <= max,
    expected: `a whole number of ${unit} from ${min} to ${max}`,
    form: { is: 'integer', min, max },
  };
}

export function oneOf<const T extends string>(...values: T[]): Kind<T> {
  return {
    includes: (value): value is T => values.some((allowed) => allowed === value),
    expected: values.map((v) => JSON.stringify(v)).join(' or '),
    wrongPart: (value) => {
      const meant = isText(value) ? nearestName(value, values) : undefined;
      return meant && `${JSON.stringify(meant)} may be meant`;
    },
    form: { is: 'word', words: values },
  };
}

/** The words of `oneOf` in upper or lower case, as given: whoever compares them folds them. */
export function oneOfInAnyCase(...values: string[]): Kind<string> {
  return {
    includes: (value): value is string => isText(value) && values.includes(value.toLowerCase()),
    expected: `${oneOf(...values).expected}, in upper or lower case`,
  };
}

function wrongItem(
  isRight: (item: unknown) => boolean,
  noun: string,
): (value: unknown) => string | undefined {
  return (value) => {
    const index = Array.isArray(value) ? value.findIndex((item) => !isRight(item)) : -1;
    return index < 0 ? undefined : `number ${index + 1} of the list is no ${noun}`;
  };
}

/** A whole number that JavaScript counts exactly. */
export function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function textLike(pattern: RegExp): Pick<Kind<string>, 'includes' | 'form'> {
  return {
    includes: (value): value is string => isText(value) && pattern.test(value),
    form: { is: 'text', pattern: pattern.source },
  };
}

/** It may hold credentials. */
function isUrlOfServer(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, pathname, search, hash, username, password } = new URL(value);
  const isHttp = protocol === 'http:' || protocol === 'https:';
  return isHttp && pathname === '/' && search + hash === '' && isDecodable(username + password);
}

/** Whether what is percent-encoded in a text of a URL can be read. */
export function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** What a server listens on to be reached at all its addresses is none of them. */
export function isOfAnyAddress(url: string): boolean {
  return ['0.0.0.0', '[::]'].includes(new URL(url).hostname);
}

function isPlainHttpUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return plain && (url.protocol === 'http:' || url.protocol === 'https:');
}
