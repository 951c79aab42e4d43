import { z } from 'zod';

/** The schema inside of what only says whether a value may be left out, or be null. */
export function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable
  ) {
    return unwrapped(schema.unwrap());
  }
  return schema;
}

/** What a schema asks of the part of `value` at a path; undefined where it says nothing of it. */
export function schemaAt(
  schema: z.core.$ZodType,
  value: unknown,
  path: readonly PropertyKey[],
): z.core.$ZodType | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return schema;
  const part = partOf(alternativeFor(unwrapped(schema), value), key);
  return part && schemaAt(part, valueAt(value, [key]), rest);
}

/** The part of a value at a path; undefined if there is none. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (part, key) =>
      typeof part === 'object' && part !== null && Object.hasOwn(part, key)
        ? (part as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}

/** The keys that an object may have. */
export function keysOf(schema: z.core.$ZodType | undefined, value: unknown): readonly string[] {
  const inner = schema && alternativeFor(unwrapped(schema), value);
  if (inner instanceof z.ZodObject) return Object.keys(inner.shape);
  if (!(inner instanceof z.ZodRecord) || !(inner.keyType instanceof z.ZodEnum)) return [];
  return inner.keyType.options.map(String);
}

/** Of a union, the alternative that a value tries to be: by its discriminator, or by its kind. */
export function alternativeFor(schema: z.core.$ZodType, value: unknown): z.core.$ZodType {
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const key = schema.def.discriminator;
    const tag = valueAt(value, [key]);
    return schema.options.find((option) => isReadBy(partOf(option, key), tag)) ?? schema;
  }
  if (!(schema instanceof z.ZodUnion)) return schema;
  return schema.options.map(unwrapped).find((option) => isOfKind(option, value)) ?? schema;
}

/** Whether a value is an object in JSON's sense. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function partOf(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  if (!(schema instanceof z.ZodObject)) return undefined;
  const shape: Readonly<Record<PropertyKey, z.core.$ZodType>> = schema.shape;
  return Object.hasOwn(shape, key) ? shape[key] : undefined;
}

function isReadBy(schema: z.core.$ZodType | undefined, value: unknown): boolean {
  return schema !== undefined && z.safeParse(schema, value).success;
}

function isOfKind(schema: z.core.$ZodType, value: unknown): boolean {
  if (Array.isArray(value)) return schema instanceof z.ZodArray;
  return isObject(value) && (schema instanceof z.ZodObject || schema instanceof z.ZodRecord);
}
