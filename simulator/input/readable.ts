import { z } from 'zod';
import { schemaProblems, type Problem } from './problems.js';
import { alternativeFor, isObject, unwrapped, valueAt } from './schema-parts.js';

/**
 * Stands for a text that could not be read. No name, address or choice that can be read is empty; a
 * number that could not be read is NaN, which is neither below nor above anything.
 */
export const UNREADABLE = '';

/** Reads a value by a schema: what is wrong with its form, and the rest of it, to be checked further. */
export function readInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): { readonly read: z.output<Schema>; readonly problems: readonly Problem[] } {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { read: parsed.data, problems: [] };
  return { read: readable(schema, value), problems: schemaProblems(schema, value) };
}

/**
 * A value as far as it can be read by a schema, with defaults filled in, so that what can be checked
 * further is: unknown keys are left out, and each part that is wrong becomes `UNREADABLE`, NaN, or an
 * object or a list of such. Nothing but checks should see it.
 */
function readable<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  return readPart(schema, value) as z.output<Schema>;
}

function readPart(schema: z.core.$ZodType, value: unknown): unknown {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  const inner = alternativeFor(unwrapped(schema), value);
  if (inner instanceof z.ZodObject && isObject(value)) {
    return mapShape(inner, (part, key) => readPart(part, valueAt(value, [key])));
  }
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((entry) => readPart(inner.element, entry));
  }
  if (inner instanceof z.ZodRecord && isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).filter(([key, part]) => z.safeParse(inner, { [key]: part }).success),
    );
  }
  return unreadable(inner);
}

function unreadable(schema: z.core.$ZodType): unknown {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) return mapShape(inner, (part) => readPart(part, undefined));
  if (inner instanceof z.ZodArray) return [unreadable(inner.element)];
  if (inner instanceof z.ZodRecord) return {};
  if (inner instanceof z.ZodNumber) return Number.NaN;
  // Of a union the last alternative is the one that code sees: the others are shorter ways to write it.
  const last = inner instanceof z.ZodUnion ? inner.options.at(-1) : undefined;
  return last === undefined ? UNREADABLE : unreadable(last);
}

function mapShape(
  object: z.ZodObject,
  read: (part: z.core.$ZodType, key: string) => unknown,
): object {
  const shape: Readonly<Record<string, z.core.$ZodType>> = object.shape;
  return Object.fromEntries(
    Object.entries(shape).map(([key, part]) => [key, read(part, key)] as const),
  );
}
