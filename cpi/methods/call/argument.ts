import type { JsonObject, JsonValue } from '../../protocol/json-value.js';
import { isJsonObject } from '../../protocol/json-value.js';

/** One argument of a CPI method: what it may be, in words and as a check. */
export interface Argument<T> {
  name: string;
  /** Completes "must be …". */
  expected: string;
  presence: 'required' | 'optional';
  /** The value for the method; undefined if the given one will not do. */
  read: (given: JsonValue) => { value: T } | undefined;
}

/** The values of a list of arguments, by position. */
export type ValuesOfArguments<Arguments extends readonly Argument<unknown>[]> = {
  [Position in keyof Arguments]: Arguments[Position] extends Argument<infer Value> ? Value : never;
};

export function text(name: string): Argument<string> {
  return argument(name, 'a non-empty string', (given) =>
    isNonEmptyText(given) ? { value: given } : undefined,
  );
}

/** The largest size that is passed on: 1 PiB. */
export const maxMib = 1_073_741_824;

export function sizeInMib(name: string): Argument<number> {
  return argument(name, `a whole number from 1 to ${maxMib}`, (given) =>
    typeof given === 'number' && Number.isSafeInteger(given) && given > 0 && given <= maxMib
      ? { value: given }
      : undefined,
  );
}

/** An object; null stands for an empty one. */
export function object(name: string): Argument<JsonObject> {
  return argument(name, 'an object', (given) => {
    if (given === null) return { value: {} };
    return isJsonObject(given) ? { value: given } : undefined;
  });
}

/** A list of non-empty strings; null stands for an empty one. */
export function textList(name: string): Argument<string[]> {
  return argument(name, 'an array of non-empty strings', (given) => {
    if (given === null) return { value: [] };
    const strings = Array.isArray(given) && given.every(isNonEmptyText);
    return strings ? { value: given } : undefined;
  });
}

/** An argument that callers may leave out or send as null; only after all required ones. */
export function optional<T>(inner: Argument<T>): Argument<T | undefined> {
  return {
    ...inner,
    presence: 'optional',
    read: (given) => (given === null ? { value: undefined } : inner.read(given)),
  };
}

function argument<T>(
  name: string,
  expected: string,
  read: (given: JsonValue) => { value: T } | undefined,
): Argument<T> {
  return { name, expected, presence: 'required', read };
}

function isNonEmptyText(given: JsonValue): given is string {
  return typeof given === 'string' && given !== '';
}
