import { z } from 'zod';
import { nameHint } from './nearest-name.js';
import { isObject, keysOf, schemaAt, valueAt } from './schema-parts.js';

/** What is wrong with an input, and the place in it that is: names and list positions with dots between. */
export type Problem = readonly [path: string, message: string];

/** Everything that is wrong with the form of a value, in words for who wrote it. */
export function schemaProblems(schema: z.ZodType, value: unknown): readonly Problem[] {
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  return parsed.error.issues.flatMap((issue) => issueProblems(issue, schema, value));
}

/** A problem as a line: of the input as a whole it has no place. */
export function problemText([path, message]: Problem): string {
  return path === '' ? message : `${path}: ${message}`;
}

type Issue = z.core.$ZodIssue;

function issueProblems(issue: Issue, schema: z.ZodType, value: unknown): Problem[] {
  const path = issue.path.join('.');
  const given = valueAt(value, issue.path);
  const part = schemaAt(schema, value, issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(part, given);
    return issue.keys.map((key): Problem => [joined(path, key), unknownText(key, known)]);
  }
  if (issue.code === 'invalid_union' && issue.discriminator === undefined) {
    const inner = issue.errors.find((issues) => issues.some((one) => one.path.length > 0));
    const deeper = inner?.map((one) => ({ ...one, path: [...issue.path, ...one.path] }));
    if (deeper !== undefined) return deeper.flatMap((one) => issueProblems(one, schema, value));
  }
  const expected = expectedText(issue);
  if (given === undefined && issue.path.length > 0) {
    return [[path, `is missing: set it to ${expected}${purposeOf(part)}`]];
  }
  return [
    [path, `must be ${expected}, got ${givenText(given, issue.path)}${hintFor(issue, given)}`],
  ];
}

const MOST_KNOWN = 12;

function unknownText(key: string, known: readonly string[]): string {
  const hint = nameHint(key, known);
  if (hint !== '' || known.length === 0 || known.length > MOST_KNOWN) return `is unknown${hint}`;
  return `is unknown; there are ${known.join(', ')}`;
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const FORMATS: Readonly<Record<string, string>> = {
  ipv4: 'an IPv4 address such as 10.0.0.10',
  cidrv4: 'a subnet such as 10.0.0.0/24',
  datetime: 'a time such as 2026-01-01T00:00:00Z',
};

/** What zod says of itself, where a schema has no words of its own. */
const ZODS_WORDS = /^(?:Invalid|Too|Unrecognized)\b/;

/** What a value should be: in the schema's own words, which follow `must be`, or in ours. */
function expectedText(issue: Issue): string {
  if (issue.code === 'invalid_union' && issue.discriminator === issue.path.at(-1)) {
    return choiceText(optionsOf(issue));
  }
  return ZODS_WORDS.test(issue.message) ? formText(issue) : issue.message.replace(/^must be /, '');
}

function formText(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected;
    case 'too_small':
      return sizeText(issue, issue.inclusive === false ? 'above' : 'at least', issue.minimum);
    case 'too_big':
      return sizeText(issue, issue.inclusive === false ? 'below' : 'at most', issue.maximum);
    case 'invalid_value':
      return choiceText(issue.values);
    case 'invalid_format':
      return FORMATS[issue.format] ?? `a ${issue.format}`;
    case 'invalid_union':
      return alternativesText(issue.errors);
    case 'custom':
    case 'invalid_element':
    case 'invalid_key':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return issue.message;
  }
}

/** The names that a discriminator can have. */
function optionsOf(issue: Issue): readonly unknown[] {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
}

function sizeText({ origin }: { origin: string }, bound: string, size: number | bigint): string {
  if (origin !== 'string' && origin !== 'array') return `${bound} ${size}`;
  if (bound === 'at least' && size === 1) {
    return origin === 'array' ? 'a list of at least one' : 'a text that is not empty';
  }
  const [what, unit] = origin === 'array' ? ['a list', 'entries'] : ['a text', 'characters'];
  return `${what} of ${bound} ${size} ${unit}`;
}

function choiceText(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(', ')}`;
}

function alternativesText(errors: readonly (readonly Issue[])[]): string {
  return [...new Set(errors.flatMap(([issue]) => (issue ? expectedText(issue) : [])))].join(' or ');
}

/** What a part is for, as its documentation says. */
function purposeOf(part: z.core.$ZodType | undefined): string {
  const description = part instanceof z.ZodType ? part.description : undefined;
  return description === undefined ? '' : ` (${description.replace(/\.$/, '')})`;
}

const LONGEST_GIVEN = 60;

/** Keys are secrets, whatever type they were written as. */
function givenText(given: unknown, path: readonly PropertyKey[]): string {
  if (given === undefined) return 'nothing';
  if (Array.isArray(given)) return given.length === 0 ? 'an empty list' : 'a list';
  if (isObject(given)) return Object.keys(given).length === 0 ? 'an empty object' : 'an object';
  if (/key$/i.test(String(path.at(-1))) && given !== '') return `a ${typeof given}`;
  const text = JSON.stringify(given);
  return text.length > LONGEST_GIVEN ? `${text.slice(0, LONGEST_GIVEN)}…` : text;
}

function hintFor(issue: Issue, given: unknown): string {
  if (typeof given !== 'string') return '';
  if (issue.code === 'invalid_value') return nameHint(given, issue.values.map(String));
  return issue.code === 'invalid_union' ? nameHint(given, optionsOf(issue).map(String)) : '';
}

function joined(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
