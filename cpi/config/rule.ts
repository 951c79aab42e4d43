import { isJsonObject, type JsonObject, type JsonValue } from '../protocol/json-value.js';

/** What may be asked of a property, whatever its kind is. */
export type State =
  /** Anything but an empty text, which is as good as nothing. */
  | 'set'
  | 'unset'
  | 'absent'
  /** An empty text: templates of job configurations leave such. */
  | 'left empty'
  | { readonly is: readonly (string | boolean)[] }
  /** A text with a pattern that Ruby reads as JavaScript does, but for its ends. */
  | { readonly like: string }
  | { readonly unlike: string };

/**
 * Properties that contradict each other, or of which one needs another. Rules are data, because
 * they hold twice: here, and in Ruby when the templates of the release are rendered.
 */
export interface Rule {
  /** By names with their sections; all of it at once is what is wrong. */
  readonly where: Readonly<Record<string, State>>;
  /** A clause that begins with the property that is to be changed. */
  readonly problem: string;
}

/** The clauses of the rules that values, by section and key, break. */
export function brokenRules(rules: readonly Rule[], given: JsonObject): string[] {
  return rules
    .filter(({ where }) =>
      Object.entries(where).every(([name, state]) => isIn(valueOf(given, name), state)),
    )
    .map(({ problem }) => problem);
}

export function together(one: string, other: string): Rule[] {
  const problem = `${one} and ${other} go together: set both, or neither`;
  return [
    { where: { [one]: 'set', [other]: 'unset' }, problem },
    { where: { [one]: 'unset', [other]: 'set' }, problem },
  ];
}

export function exclusive(one: string, other: string): Rule {
  return {
    where: { [one]: 'set', [other]: 'set' },
    problem: `${one} and ${other} exclude each other: set one of them`,
  };
}

/** What a value of one property needs of others. */
export function needs(name: string, value: string | boolean, needed: readonly string[]): Rule[] {
  const told = value === true ? name : `${name} ${value}`;
  return needed.map((other) => ({
    where: { [name]: { is: [value] }, [other]: 'unset' },
    problem: `${other} is missing: ${told} needs it`,
  }));
}

function isIn(value: JsonValue | undefined, state: State): boolean {
  const isUnset = value === undefined || value === null || value === '';
  if (state === 'set') return !isUnset;
  if (state === 'unset') return isUnset;
  if (state === 'absent') return value === undefined;
  if (state === 'left empty') return value === '';
  if ('is' in state) return state.is.some((one) => one === value);
  if (typeof value !== 'string' || isUnset) return false;
  return 'like' in state
    ? new RegExp(state.like).test(value)
    : !new RegExp(state.unlike).test(value);
}

function valueOf(given: JsonObject, name: string): JsonValue | undefined {
  const [section = '', key = ''] = name.split('.');
  const values = given[section];
  return isJsonObject(values) ? values[key] : undefined;
}
