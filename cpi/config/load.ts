import { BoshError } from '../protocol/bosh-error.js';
import {
  deepestLevel,
  describeJson,
  isJsonObject,
  isTooDeep,
  type JsonObject,
  type JsonValue,
} from '../protocol/json-value.js';
import { passwordsOfUrl, secretsIn } from '../protocol/redactor.js';
import { checkProperties, type PropertyTable } from './check.js';
import { cpiRules } from './cpi-rules.js';
import { placeOfProblem } from './json-place.js';
import { unknownKey } from './nearest-name.js';
import { olderGroups, withoutRetiredNames, withPresentNames } from './older-names.js';
import { sections, type Configuration, type SectionName } from './properties.js';
import { brokenRules } from './rule.js';

/** The unchecked values: what the file says with the keys of the request's context laid over it. */
export type RawConfiguration = Record<string, JsonValue>;

export interface LoadedConfiguration {
  configuration: Configuration;
  /** Sentences about keys that have no effect. */
  warnings: string[];
}

const sectionNames = Object.keys(sections) as SectionName[];

/**
 * Lays the context of a request over the text of cpi.json: objects named like a section over that
 * section, every other key over `cloudstack`. The properties of a cpi-config come flat in the
 * context (external_cpi.rb), but operators also write them under `cloudstack`, as a job's
 * properties are. Names that properties had in earlier CPIs are read as the present ones.
 *
 * @throws BoshError of type CpiError if the text is not a JSON object.
 */
export function mergeConfiguration(text: string, context: JsonObject): RawConfiguration {
  const file = withGroupsInSection(parse(text));
  const given: RawConfiguration = {};
  for (const [key, value] of Object.entries(context)) {
    if (isSectionName(key) && isJsonObject(value))
      given[key] = { ...sectionOf(given, key), ...value };
    else given.cloudstack = { ...sectionOf(given, 'cloudstack'), [key]: value };
  }
  // Each by itself: an older name in the context counts for more than the present one in the file.
  const endpoint =
    sectionOf(given, 'cloudstack').endpoint ?? sectionOf(file, 'cloudstack').endpoint;
  const merged: RawConfiguration = withPresentNames(file, endpoint);
  for (const [section, values] of Object.entries(withPresentNames(given, endpoint))) {
    merged[section] = { ...sectionOf(merged, section), ...(values as JsonObject) };
  }
  return withoutEmptyBlobstore(merged);
}

/** The Go release names no provider where agents have a blobstore of their own. */
function withoutEmptyBlobstore(merged: RawConfiguration): RawConfiguration {
  const { blobstore, ...agent } = sectionOf(merged, 'agent');
  if (!isJsonObject(blobstore) || blobstore.provider !== '') return merged;
  return { ...merged, agent };
}

/** What the releases of earlier CPIs had beside their sections, where a cpi-config has it, too. */
function withGroupsInSection(file: JsonObject): RawConfiguration {
  const merged: RawConfiguration = { ...file };
  for (const name of olderGroups) {
    const { [name]: group } = merged;
    if (group === undefined) continue;
    merged.cloudstack = { [name]: group, ...sectionOf(merged, 'cloudstack') };
    Reflect.deleteProperty(merged, name);
  }
  return merged;
}

/** Every secret of the merged values, valid or not: nothing of them may leave the program. */
export function secretsOf(raw: RawConfiguration): string[] {
  const declared = sectionNames.flatMap((name) =>
    Object.entries(sections[name] as PropertyTable).flatMap(([key, { secret }]) => {
      const value = sectionOf(raw, name)[key];
      if (secret && typeof value === 'number') return [String(value)];
      if (!secret || typeof value !== 'string') return [];
      return value.includes('://') ? passwordsOfUrl(value) : [value];
    }),
  );
  return [...declared, ...secretsIn(raw)];
}

/**
 * Checks the merged values as a whole.
 *
 * @throws BoshError of type CpiError that names every problem and what to do about each, and
 *   unknown keys, which may be the cause; what just has no effect is no part of it.
 */
export function validateConfiguration(given: RawConfiguration): LoadedConfiguration {
  const { kept: raw, notices } = withoutRetiredNames(given);
  const problems = [...structureProblems(raw), ...brokenRules(cpiRules, raw)];
  const warnings = Object.keys(raw)
    .filter((name) => !isSectionName(name))
    .map((name) => unknownKey(name, sectionNames));
  warnings.push(...notices);
  const values: Record<string, unknown> = {};
  for (const name of sectionNames) {
    const checked = checkProperties(sections[name], sectionOf(raw, name));
    values[name] = checked.values;
    problems.push(...checked.problems.map((problem) => `${name}.${problem}`));
    for (const key of checked.unknown) {
      warnings.push(`${name}.${unknownKey(key, Object.keys(sections[name]))}`);
    }
    warnings.push(...strangersInside(name, sectionOf(raw, name)));
  }
  if (problems.length === 0) return { configuration: values as Configuration, warnings };
  throw new BoshError(
    'CpiError',
    'Invalid CPI configuration (cpi.json and the properties of the request context): ' +
      problems.map((problem, index) => `(${index + 1}) ${problem}`).join('; ') +
      warnings
        .filter((warning) => !notices.includes(warning))
        .map((warning) => `. Note: ${warning}`)
        .join(''),
  );
}

/** Keys without effect inside of values that are objects. */
function strangersInside(name: SectionName, section: JsonObject): string[] {
  return Object.entries(sections[name] as PropertyTable).flatMap(([property, { keys }]) => {
    const value = section[property];
    if (keys === undefined || !isJsonObject(value)) return [];
    const strangers = Object.keys(value).filter((key) => !keys.includes(key));
    return strangers.map((key) => `${name}.${property}.${unknownKey(key, keys)}`);
  });
}

function parse(text: string): JsonObject {
  if (text.trim() === '') throw broken('it is empty');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken(`it is not valid JSON (${placeOfProblem(text)})`);
  }
  if (!isJsonObject(value)) throw broken(`it must hold a JSON object, not ${describeJson(value)}`);
  if (isTooDeep(value)) throw broken(`it is nested more than ${deepestLevel} levels deep`);
  return value;
}

function broken(problem: string): BoshError {
  return new BoshError(
    'CpiError',
    `The CPI configuration file cannot be used: ${problem}. ` +
      'Write an object with the sections cloudstack and agent',
  );
}

/** What is wrong with sections as such. */
function structureProblems(raw: RawConfiguration): string[] {
  return Object.entries(raw)
    .filter(([name, value]) => isSectionName(name) && value !== null && !isJsonObject(value))
    .map(([name, value]) => `${name} must be an object, got ${describeJson(value)}`);
}

function sectionOf(raw: RawConfiguration, name: string): JsonObject {
  const section = raw[name];
  return isJsonObject(section) ? section : {};
}

function isSectionName(name: string): name is SectionName {
  return Object.hasOwn(sections, name);
}
