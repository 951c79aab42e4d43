import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isObject, type JsonObject, type JsonValue } from '../json.js';
import { redactor, secretsIn } from '../secrets.js';
import type { Target } from '../target/target.js';
import type { SuiteSettings } from './suite-settings.js';

/**
 * What is secret about a target, whoever tells it: the keys of its accounts, and the secrets of what
 * the CPI is configured with.
 */
export function secretsOf({ account, operator, ...target }: Target): string[] {
  const accounts = operator === undefined ? [account] : [account, operator];
  return [
    ...accounts.flatMap(({ apiKey, secretKey }) => [apiKey, secretKey]),
    ...secretsIn(target.cpiSettings),
    ...secretsIn(target.cpiConfiguration?.(account)),
  ];
}

/** What is secret in the files that a run is given. */
export function secretsOfFiles({
  config,
  cpiTemplate,
}: Partial<Pick<SuiteSettings, 'config' | 'cpiTemplate'>>): string[] {
  return [config, cpiTemplate].flatMap((file) =>
    file === undefined ? [] : secretsIn(JSON.parse(readFileSync(file, 'utf8')) as JsonValue),
  );
}

/** Columns of a world's rows that let somebody in. */
const keyColumns = /^(apiKey|secretKey|password|passwordDigest|uploadKey|privateKey)$/;

/**
 * A saved world of a simulator in which other keys and passwords stand for those of its accounts and
 * for these secrets. It can be loaded as it could before.
 */
export function worldWithoutSecrets(snapshot: string, secrets: readonly string[]): string {
  const { content = null, ...head } = JSON.parse(snapshot) as JsonObject;
  const all = [...new Set([...secrets, ...keysIn(content)])];
  const told = (index: number): string => `left-out-${String(index + 1)}`;
  const redact = redactor(
    all.filter(({ length }) => length >= unmistakable),
    told,
  );
  const open = mapNamed(content, (text, name) => {
    const redacted = redact(text);
    if (redacted !== text || text === '' || !keyColumns.test(name)) return redacted;
    return `left-out-${name}-${String(all.indexOf(text) + 1)}`;
  });
  const sha256 = createHash('sha256').update(JSON.stringify(open)).digest('hex');
  return JSON.stringify({ ...head, sha256, content: open });
}

/** What is shorter may be a word of the world's own, such as a state or a part of one. */
const unmistakable = 12;

function keysIn(content: JsonValue): string[] {
  const found: string[] = [];
  mapNamed(content, (text, name) => {
    if (keyColumns.test(name)) found.push(text);
    return text;
  });
  return found;
}

/** The value with every string replaced that stands in it, by the name of its column. */
function mapNamed(
  value: JsonValue,
  change: (text: string, name: string) => string,
  name = '',
): JsonValue {
  if (typeof value === 'string') return change(value, name);
  if (Array.isArray(value)) return value.map((item) => mapNamed(item, change, name));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapNamed(item ?? null, change, key)]),
  );
}
