import { describeJson, type JsonObject, type JsonValue } from '../protocol/json-value.js';
import { nearestName } from './nearest-name.js';
import type { Property, ValuesOf } from './property.js';

export type PropertyTable = Readonly<Record<string, Property<unknown>>>;

export interface Checked<Table> {
  /** Complete and right only if there are no problems. */
  values: ValuesOf<Table>;
  /** One clause per problem, starting with the property's name. */
  problems: string[];
  /** Keys that the table does not know. */
  unknown: string[];
}

/** Holds given values against a table of properties and fills in defaults. */
export function checkProperties<Table extends object>(
  table: Table,
  given: JsonObject,
): Checked<Table> {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(table, name));
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(table as PropertyTable)) {
    const checked = checkValue(given[name], property);
    values[name] = checked.value;
    if (checked.problem === undefined) continue;
    const hint = given[name] === undefined ? hintOf(nearestName(name, unknown)) : '';
    problems.push(`${name} ${checked.problem}${hint}`);
  }
  return { values: values as ValuesOf<Table>, problems, unknown };
}

/** What to add where something is missing, and an unknown key may have been `meant` for it. */
export function hintOf(meant: string | undefined): string {
  return meant === undefined ? '' : `; ${meant}, which is unknown, may be meant for it`;
}

function checkValue(
  given: JsonValue | undefined,
  { absent, expected, example, includes, secret, wrongPart }: Property<unknown>,
): { value?: unknown; problem?: string } {
  const hint = secret ? '' : ` (for example ${JSON.stringify(example)})`;
  if (given === undefined || given === null || given === '') {
    if (absent.is === 'default') return { value: absent.value };
    return { problem: `is missing: set it to ${expected}${hint}` };
  }
  if (includes(given)) return { value: given };
  const part = wrongPart?.(given);
  const where = part === undefined ? '' : `: ${part}`;
  return { problem: `must be ${expected}${hint}, got ${describeGiven(given, secret)}${where}` };
}

/** Texts are shown only if quotes alone may be what is wrong with them: any other may be secret. */
function describeGiven(given: JsonValue, secret: boolean): string {
  // Digits that YAML takes for a number may be a password.
  if (secret) return typeof given === 'number' ? 'a number' : describeJson(given);
  const isQuoted = typeof given === 'string' && /^(-?\d{1,12}(\.\d+)?|true|false)$/.test(given);
  return isQuoted ? `the string ${JSON.stringify(given)}` : describeJson(given);
}
