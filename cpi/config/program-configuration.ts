import {
  deepestLevel,
  describeJson,
  isJsonObject,
  isTooDeep,
  type JsonObject,
} from '../protocol/json-value.js';
import { passwordsOfUrl, secretsIn } from '../protocol/redactor.js';
import { checkProperties, type PropertyTable } from './check.js';
import { placeOfProblem } from './json-place.js';
import { unknownKey } from './nearest-name.js';
import type { ValuesOf } from './property.js';
import { brokenRules, type Rule } from './rule.js';

/** A configuration file that cannot be used; the message names every problem. */
export class InvalidConfiguration extends Error {
  override readonly name = 'InvalidConfiguration';
}

export interface ProgramConfiguration<Tables> {
  readonly values: { readonly [Section in keyof Tables]: ValuesOf<Tables[Section]> };
  /** Sentences about keys that have no effect. */
  readonly warnings: readonly string[];
  /** What must not leave the program. */
  readonly secrets: readonly string[];
}

/**
 * Reads the file of a program that serves: an object of sections, each with a table of properties.
 *
 * @param file its path, for messages
 * @param rules what is to be right of several properties at once
 * @throws InvalidConfiguration
 */
export function readProgramConfiguration<Tables extends Record<string, object>>(
  text: string,
  file: string,
  tables: Tables,
  rules: readonly Rule[] = [],
): ProgramConfiguration<Tables> {
  const names = Object.keys(tables);
  const given = parse(text, file, names[0] ?? '');
  const problems: string[] = [];
  const warnings = Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => unknownKey(name, names));
  const values: Record<string, unknown> = {};
  for (const [name, table] of Object.entries(tables)) {
    const section = given[name] ?? {};
    if (!isJsonObject(section)) {
      problems.push(`${name} must be an object, got ${describeJson(section)}`);
      continue;
    }
    const checked = checkProperties(table, section);
    values[name] = checked.values;
    problems.push(...checked.problems.map((problem) => `${name}.${problem}`));
    warnings.push(
      ...checked.unknown.map((key) => `${name}.${unknownKey(key, Object.keys(table))}`),
    );
  }
  problems.push(...brokenRules(rules, given));
  if (problems.length > 0) throw invalid(file, problems, warnings);
  return {
    values: values as ProgramConfiguration<Tables>['values'],
    warnings,
    secrets: secretsOf(given, tables),
  };
}

function parse(text: string, file: string, section: string): JsonObject {
  const remedy = `write a JSON object with the section ${section}; --help shows a smallest one`;
  if (text.trim() === '') throw invalid(file, [`it is empty: ${remedy}`]);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const place = placeOfProblem(text);
    throw invalid(file, [`it is not valid JSON (${place}): mend it there, or ${remedy}`]);
  }
  if (!isJsonObject(value)) {
    throw invalid(file, [`it must hold a JSON object, not ${describeJson(value)}: ${remedy}`]);
  }
  if (isTooDeep(value)) {
    throw invalid(file, [`it is nested more than ${deepestLevel} levels deep`]);
  }
  return value;
}

export function invalid(
  file: string,
  problems: readonly string[],
  warnings: readonly string[] = [],
): InvalidConfiguration {
  return new InvalidConfiguration(
    `Invalid configuration (${file}): ` +
      problems.map((problem, index) => `(${index + 1}) ${problem}`).join('; ') +
      warnings.map((warning) => `. Note: ${warning}`).join(''),
  );
}

function secretsOf(given: JsonObject, tables: Record<string, object>): string[] {
  const declared = Object.entries(tables).flatMap(([name, table]) => {
    const section = given[name];
    if (!isJsonObject(section)) return [];
    return Object.entries(table as PropertyTable).flatMap(([key, { secret }]) => {
      const value = section[key];
      if (!secret || typeof value !== 'string') return [];
      return value.includes('://') ? passwordsOfUrl(value) : [value];
    });
  });
  return [...declared, ...secretsIn(given)];
}
