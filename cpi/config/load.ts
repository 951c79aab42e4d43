import * as z from 'zod/mini';
import { BoshError } from '../protocol/bosh-error.js';
import {
  describeJson,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../protocol/json-value.js';
import { passwordsOfUrl, secretsIn } from '../protocol/redactor.js';
import { unknownKey } from './nearest-name.js';
import { sections, type Configuration, type SectionName } from './properties.js';
import type { Property } from './property.js';

/** The unchecked values: what the file says with the keys of the request's context laid over it. */
export type RawConfiguration = Record<string, JsonValue>;

export interface LoadedConfiguration {
  configuration: Configuration;
  /** Sentences about keys that have no effect. */
  warnings: string[];
}

const sectionNames = Object.keys(sections) as SectionName[];

/** Sections that other programs or later versions read: known here, but without effect. */
const otherSections = ['registry', 'stemcell_server'];

/**
 * Lays the context of a request over the text of cpi.json: objects named like a section over that
 * section, every other key over `cloudstack`.
 *
 * @throws BoshError of type CpiError if the text is not a JSON object.
 */
export function mergeConfiguration(text: string, context: JsonObject): RawConfiguration {
  const merged: RawConfiguration = { ...parse(text) };
  for (const [key, value] of Object.entries(context)) {
    const isSection = [...sectionNames, ...otherSections].includes(key) && key !== 'cloudstack';
    const section = isSection && isJsonObject(value) ? key : 'cloudstack';
    const own = isJsonObject(merged[section]) ? merged[section] : {};
    merged[section] =
      section === key && isJsonObject(value) ? { ...own, ...value } : { ...own, [key]: value };
  }
  return merged;
}

/** Every secret of the merged values, valid or not: nothing of them may leave the program. */
export function secretsOf(raw: RawConfiguration): string[] {
  const declared = eachProperty().flatMap(({ section, name, property }) => {
    const value = valueAt(raw, section, name);
    if (!property.secret || typeof value !== 'string') return [];
    return value.includes('://') ? passwordsOfUrl(value) : [value];
  });
  return [...declared, ...secretsIn(raw)];
}

/**
 * Checks the merged values as a whole.
 *
 * @throws BoshError of type CpiError that names every problem and what to do about each.
 */
export function validateConfiguration(raw: RawConfiguration): LoadedConfiguration {
  const problems = sectionProblems(raw);
  const values: Record<string, Record<string, unknown>> = {};
  for (const { section, name, property } of eachProperty()) {
    const checked = check(valueAt(raw, section, name), property);
    if (checked.problem !== undefined) problems.push(`${section}.${name} ${checked.problem}`);
    (values[section] ??= {})[name] = checked.value;
  }
  if (problems.length > 0) {
    throw new BoshError(
      'CpiError',
      'Invalid CPI configuration (cpi.json and the properties of the request context): ' +
        problems.map((problem, index) => `(${index + 1}) ${problem}`).join('; '),
    );
  }
  return { configuration: values as Configuration, warnings: warningsOf(raw) };
}

function parse(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken('it is not valid JSON');
  }
  if (!isJsonObject(value)) throw broken(`it must hold a JSON object, not ${describeJson(value)}`);
  return value;
}

function broken(problem: string): BoshError {
  return new BoshError(
    'CpiError',
    `The CPI configuration file cannot be used: ${problem}. ` +
      'Write an object with the sections cloudstack and agent',
  );
}

function check(
  given: JsonValue | undefined,
  property: Property<unknown>,
): { value?: unknown; problem?: string } {
  const { absent, expected, example, schema, secret } = property;
  const hint = secret ? '' : `, for example ${JSON.stringify(example)}`;
  if (given === undefined || given === null || given === '') {
    if (absent.is === 'default') return { value: absent.value };
    return { problem: `is missing: set it to ${expected}${hint}` };
  }
  const result = z.safeParse(schema, given);
  if (result.success) return { value: result.data };
  return { problem: `must be ${expected}, got ${describeJson(given)}${hint}` };
}

/** What is wrong with sections as such, and what cannot be honoured. */
function sectionProblems(raw: RawConfiguration): string[] {
  const problems = Object.entries(raw)
    .filter(([name, value]) => isSectionName(name) && value !== null && !isJsonObject(value))
    .map(([name, value]) => `${name} must be an object, got ${describeJson(value)}`);
  const { registry } = raw;
  if (isJsonObject(registry) && !isEmptySection(registry)) {
    problems.push(
      'registry is set, but this version of the CPI uses none: leave the section out or empty. ' +
        'Agents get all their settings as user data',
    );
  }
  return problems;
}

/** Templates of job configurations leave host names empty rather than out. */
function isEmptySection(section: JsonObject): boolean {
  return Object.keys(section).length === 0 || section.host === '' || section.endpoint === '';
}

function warningsOf(raw: RawConfiguration): string[] {
  const warnings: string[] = [];
  const known = [...sectionNames, ...otherSections];
  for (const [name, section] of Object.entries(raw)) {
    if (!known.includes(name)) warnings.push(`configuration: ${unknownKey(name, known)}`);
    if (!isSectionName(name) || !isJsonObject(section)) continue;
    const properties = Object.keys(sections[name]);
    for (const key of Object.keys(section).filter((key) => !properties.includes(key))) {
      warnings.push(`configuration: ${name}.${unknownKey(key, properties)}`);
    }
  }
  return warnings;
}

function isSectionName(name: string): name is SectionName {
  return Object.hasOwn(sections, name);
}

function valueAt(raw: RawConfiguration, section: string, name: string): JsonValue | undefined {
  const values = raw[section];
  return isJsonObject(values) ? values[name] : undefined;
}

function eachProperty(): { section: SectionName; name: string; property: Property<unknown> }[] {
  return sectionNames.flatMap((section) =>
    Object.entries(sections[section]).map(([name, property]) => ({
      section,
      name,
      property: property as Property<unknown>,
    })),
  );
}
