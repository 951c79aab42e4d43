import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { mapStrings, type JsonValue } from '../json.js';
import { UsageError } from '../usage-error.js';
import type { Target } from './target.js';

const sections = z.record(z.string(), z.record(z.string(), z.json()));

/** What stands in a template for what differs from one account to another. */
const blanks = ['{endpoint}', '{api_key}', '{secret}'] as const;

/**
 * Reads the cpi.json of another CPI, in which `{endpoint}`, `{api_key}` and `{secret}` stand for those
 * of the account. Throws UsageError.
 */
export function readCpiTemplate(
  file: string,
  text: string,
): NonNullable<Target['cpiConfiguration']> {
  const read = sections.safeParse(jsonIn(text));
  if (!read.success) {
    throw new UsageError(`${file} is no template of a cpi.json: it must be JSON, sections by name`);
  }
  const missing = blanks.filter((blank) => !text.includes(blank));
  if (missing.length > 0) {
    throw new UsageError(
      `${file} is no template of a cpi.json: ${missing.join(', ')} is to stand where the cases put ` +
        'what belongs there',
    );
  }
  const template = read.data as JsonValue;
  return ({ endpoint, apiKey, secretKey }) =>
    mapStrings(template, (value) =>
      value
        .replaceAll('{endpoint}', () => endpoint)
        .replaceAll('{api_key}', () => apiKey)
        .replaceAll('{secret}', () => secretKey),
    ) as ReturnType<NonNullable<Target['cpiConfiguration']>>;
}

/** Reads the file of a template. Throws UsageError. */
export function readCpiTemplateFile(file: string): NonNullable<Target['cpiConfiguration']> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (failure) {
    throw new UsageError(`${file} cannot be read: ${(failure as Error).message}`);
  }
  return readCpiTemplate(file, text);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
