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
  const { content, ...head } = JSON.parse(snapshot) as JsonObject;
  const redact = redactor(
    [...secrets, ...keysIn(content)],
    (index) => `left-out-${String(index + 1)}`,
  );
  const text = redact(JSON.stringify(content));
  const sha256 = createHash('sha256').update(text).digest('hex');
  return JSON.stringify({ ...head, sha256, content: JSON.parse(text) as JsonValue });
}

function keysIn(value: JsonValue | undefined, name = ''): string[] {
  if (typeof value === 'string') return keyColumns.test(name) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => keysIn(item, name));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => keysIn(item, key));
}
