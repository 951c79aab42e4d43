/** What JSON.parse can give. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The kind of a JSON value in the words an error message uses: `a string`, `null`, `an array`. */
export function describeJson(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (value === '') return 'an empty string';
  if (typeof value === 'string') return 'a string';
  if (typeof value === 'number') {
    return `the ${Number.isInteger(value) ? 'integer' : 'number'} ${value}`;
  }
  return value === true ? 'true' : 'false';
}

/** Ruby's JSON, by which Directors write, has no document that is nested deeper (max_nesting). */
export const deepestLevel = 100;

/**
 * Whether a value is nested deeper than any that a Director writes. In all others, functions that
 * call themselves for each level come to their ends.
 */
export function isTooDeep(value: unknown): boolean {
  let holders = [value].filter(isHolder);
  for (let level = 1; holders.length > 0; level += 1) {
    if (level > deepestLevel) return true;
    holders = holders.flatMap((holder) => Object.values(holder).filter(isHolder));
  }
  return false;
}

function isHolder(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
